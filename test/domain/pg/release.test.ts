import {describe, expect, test} from 'vitest';
import {parseLsn} from '../../../src/domain/pg/lsn.ts';
import {planRelease, type HoldingSlot} from '../../../src/domain/pg/release.ts';

const slot = (name: string, restart: string | null): HoldingSlot => ({
  name,
  restartLsn: restart === null ? null : parseLsn(restart),
  retainedBytes: restart === null ? null : Number(0x1000n - BigInt(`0x${restart.slice(2)}`)),
});
const current = parseLsn('0/1000');

describe('what dropping our slots frees', () => {
  test.each<[string, HoldingSlot[], HoldingSlot[], number, string | null]>([
    ['everything, when nobody else holds WAL', [slot('a', '0/200'), slot('b', '0/400')], [], 0xe00, null],
    [
      'only up to where another slot stands',
      [slot('a', '0/200')],
      [slot('theirs', '0/300'), slot('maintenance', '0/F00')],
      0x100,
      'theirs',
    ],
    ['nothing, when another slot stands further back', [slot('a', '0/200')], [slot('theirs', '0/100')], 0, 'theirs'],
    ['nothing, when our slots are lost', [slot('a', null)], [], 0, null],
    ['everything, beside a lost slot of others', [slot('a', '0/200')], [slot('theirs', null)], 0xe00, null],
    ['nothing, without slots', [], [slot('theirs', '0/100')], 0, 'theirs'],
  ])('%s', (_, ours, others, freed, still) => {
    const release = planRelease(ours, others, current);
    expect(release.freedBytes).toBe(freed);
    expect(release.stillHeld?.name ?? null).toBe(still);
  });
});
