import {describe, expect, test} from 'vitest';
import {serverBin} from '../pairs/npm-servers.ts';
import {findOldServer} from '../pairs/old-server.ts';
import {tryEveryStatement} from './statements/try-every.ts';

const OLD = findOldServer();

// 14, 16 and 17 are tried by `npm run pairs`.
describe('every statement of src/pg runs, with no more rights than the grants of the README', () => {
  test.skipIf(OLD === null)('on 9.6 with pglogical (skipped where there is none: LONGHAUL_PG96)', async () => {
    expect((await tryEveryStatement(OLD ?? '')).failed).toEqual([]);
  });

  test.each(['10', '11', '12', '13', '15', '18'])('on %s', async (release) => {
    const {ran, failed} = await tryEveryStatement(await serverBin(release));
    expect(failed).toEqual([]);
    expect(ran).toBeGreaterThan(200);
  });
});
