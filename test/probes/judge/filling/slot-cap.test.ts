import {describe, expect, test} from 'vitest';
import type {Reading} from '../../../../src/domain/reading/reading.ts';
import {parseLsn} from '../../../../src/domain/pg/lsn.ts';
import {at, due, slot, standing} from '../observed.ts';

const MB = 1024 ** 2;
const ID = 'slot.cap:dms_slot_01';

/** Readings of a slot that max_slot_wal_keep_size lets hold so many more MB, every six seconds: what was written by each minute. */
function readings(minutes: number, left: number, writtenAt: (minute: number) => number): Reading[] {
  return Array.from({length: minutes * 10 + 1}, (_, n): Reading => {
    const written = writtenAt(n / 10) * MB;
    const currentLsn = parseLsn(`17/${Math.round(written).toString(16)}`);
    return {at: at(n / 10), probe: 'slots', currentLsn, slots: [{...slot, safeWalBytes: left * MB - written}]};
  });
}
const capAt = (minute: number, seen: readonly Reading[], isRaised = false): string[] =>
  due(minute, seen, isRaised ? standing(ID) : undefined).flatMap(({id, seen: words}) => (id === ID ? [words] : []));

// Ten MB in one minute of every four, which the middle of no short window shows.
const bursts = (minute: number): number => 10 * Math.floor(minute / 4) + 10 * Math.min(1, minute % 4);

describe('the alarm for max_slot_wal_keep_size', () => {
  test('goes by what writers who pause may write at the soonest', () => {
    expect(capAt(60, readings(60, 1000, bursts))).toEqual([]);
    expect(capAt(60, readings(60, 400, bursts))).toEqual([
      expect.stringMatching(/in 9\d min at the soonest|in 1\.\d h at/),
    ]);
  });

  test('is not over because writers pause, but because the slot may hold more', () => {
    const paused = readings(60, 400, (minute) => bursts(Math.min(20, minute)));
    const raised = capAt(60, paused, true);
    expect(raised).toHaveLength(1);
    const still = readings(30, 100, () => 0);
    expect(capAt(30, still, true)).toEqual([expect.stringContaining('once writers go on')]);
    const more = still.map((one, n) =>
      one.probe === 'slots' && n > 200 ? {...one, slots: [{...slot, safeWalBytes: 5000 * MB}]} : one,
    );
    expect(capAt(30, more, true)).toEqual([]);
  });
});
