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

  test.skipIf(OLD === null)('on 9.6 with the casts of 8.2', async () => {
    expect((await tryEveryStatement(OLD ?? '', {casts: true})).failed).toEqual([]);
  });

  test.each([
    ['10', false],
    ['11', true],
    ['12', false],
    ['13', true],
    ['15', false],
    ['18', true],
  ])('on %s, with the casts of 8.2: %s', async (release, casts) => {
    const {ran, failed} = await tryEveryStatement(await serverBin(release), {casts});
    expect(failed).toEqual([]);
    expect(ran).toBeGreaterThan(200);
  });
});
