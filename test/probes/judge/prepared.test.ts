import {expect, test} from 'vitest';
import {at, due} from './observed.ts';

test('for a prepared transaction, which has no session, its commit or rollback is asked for', () => {
  const old = {at: at(1), probe: 'transactions', server: 'source', oldestSeconds: 1801, prepared: 1} as const;
  const remedyOf = (oldest: string, isPrepared: boolean) => due(1, [{...old, oldest, isPrepared}])[0]?.remedy;
  expect(remedyOf('transaction x of app', true)).toContain('ROLLBACK PREPARED');
  const told = (isPrepared: boolean, ends: string) => due(1, [{...old, oldest: '', isPrepared, ends}])[0]?.remedy;
  expect(told(true, "in database app: COMMIT PREPARED 'x'")).toMatch(
    /on the primary, in database app: COMMIT PREPARED 'x'$/,
  );
  expect(told(false, 'SELECT pg_terminate_backend(7)')).toMatch(
    /where nobody answers, on the primary, as superuser: SELECT pg_terminate_backend\(7\)$/,
  );
  expect(remedyOf('prepared_statements, pid 7 of app', false)).toContain('ask its owner to end it');
});
