import {describe, expect, test} from 'vitest';
import {findServerBin} from '../../../src/lab/cluster/server-programs.ts';
import {serverBin} from '../../pairs/npm-servers.ts';
import {findOldServer} from '../../pairs/old-server.ts';
import {rehearse} from '../../pairs/rehearse.ts';

const OLD = findOldServer();
const targetBin = await findServerBin();

// More pairs: npm run pairs.
describe('Phase I from an old source under a write load, every table equal by rows and checksum', () => {
  test.skipIf(OLD === null)('from 9.6, with slots and sets (skipped where there is none: LONGHAUL_PG96)', async () => {
    expect(await rehearse({sourceBin: OLD ?? '', targetBin, hostile: false})).toEqual([]);
  });

  test.each([
    ['10', 'auto'],
    ['13', 'pg_dump'],
  ])('from %s by %s, without change capture: npm has no pglogical', async (release, method) => {
    expect(
      await rehearse({
        sourceBin: await serverBin(release),
        targetBin,
        hostile: false,
        method,
        everyType: method === 'auto',
      }),
    ).toEqual([]);
  });
});
