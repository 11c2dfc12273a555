import {expect, test} from 'vitest';
import {connect} from '../../../src/pg/session/connect.ts';
import {barePostgres, listen} from '../../support/strangers.ts';

test('a session of a server that is silent is closed all the same, in a moment', async () => {
  const {port} = await listen(barePostgres());
  const params = {host: '127.0.0.1', port: String(port), dbname: 'app', user: 'ana', sslmode: 'disable'};
  const session = await connect(
    'replica',
    {params, password: null},
    {applicationName: 'longhaul/acme/run', statementTimeoutMs: 1000, lockTimeoutMs: 1000, readOnly: false},
  );
  const began = Date.now();
  await session.close();
  expect(Date.now() - began).toBeLessThan(4_000);
  expect(session.lost).toBe(true);
});
