import {describe, expect, test} from 'vitest';
import {due, idsOf, lanes, loadingUnit, noRunwayOf, slots, standing} from './observed.ts';

describe('an alarm that stands is not over', () => {
  test.each([
    'slot.retained:dms_slot_01',
    'slot.inactive:dms_slot_01',
    'disk.runway:source',
    'transaction.long:source',
  ])('because a new supervisor has not looked yet: %s', (id) => {
    expect(idsOf(due(1, [], standing(id)))).toEqual([`${id} warning`]);
  });

  test('because the disk cannot be looked at, or its growth is measured anew', () => {
    const id = 'disk.runway:source';
    for (const why of ['free space is not known', 'growth is being measured'] as const)
      expect(idsOf(due(1, [noRunwayOf(why)], standing(id)))).toEqual([`${id} warning`]);
    expect(due(1, [noRunwayOf('it does not grow')], standing(id))).toEqual([]);
  });

  test('because a new supervisor has seen a still lane, or an idle slot, for a minute only', () => {
    const units = [loadingUnit('a')];
    const stalled = {...standing('lane.stalled:a'), units};
    expect(idsOf(due(2, [lanes(0, 'a', 5), lanes(2, 'a', 5)], stalled))).toEqual(['lane.stalled:a warning']);
    expect(due(2, [lanes(0, 'a', 5), lanes(2, 'a', 6)], stalled)).toEqual([]);
    // The first that is heard of its rows is no row.
    expect(idsOf(due(2, [lanes(0, 'a', 5), lanes(2, 'a', 5, 9)], stalled))).toEqual(['lane.stalled:a warning']);
    const idle = standing('slot.inactive:dms_slot_01');
    expect(idsOf(due(1, [slots(1, {})], idle))).toEqual(['slot.inactive:dms_slot_01 warning']);
    expect(due(1, [slots(1, {active: true})], idle)).toEqual([]);
  });
});
