import {describe, expect, test} from 'vitest';
import type {Alarm} from '../../../../src/domain/reading/alarm.ts';
import type {DiskCauses} from '../../../../src/domain/filling/disk-causes.ts';
import type {Reading} from '../../../../src/domain/reading/reading.ts';
import {NEW_RUN, type RunState} from '../../../../src/domain/run/run-state.ts';
import {stateNamed} from '../../../support/states.ts';
import {at, due, GB, idsOf, noRunwayOf, slots, standing} from '../observed.ts';

const ID = 'disk.runway:source';

/** A forecast of the primary's disk: so many minutes at the soonest, twice as many usually. */
const runway = (minute: number, soonest: number, causes: DiskCauses | null = null): Reading => ({
  at: at(minute),
  probe: 'runway',
  server: 'source',
  why: '',
  runway: {minutes: 2 * soonest, soonest, latest: null, bytesPerSecond: 1e6, freeBytes: GB},
  causes,
});
/** The same forecast in each of these minutes. */
const lasting = (minutes: number, soonest: number, causes: DiskCauses | null = null): Reading[] =>
  Array.from({length: minutes + 1}, (_, minute) => runway(minute, soonest, causes));
const disk = (minute: number, freeBytes: number | null, totalBytes: number | null = null): Reading => ({
  at: at(minute),
  probe: 'disk',
  server: 'source',
  disk: {freeBytes, totalBytes, from: 'command'},
});
/** Its growth was watched from minute 0 to this one. */
const watched = (minute: number): Reading[] => [disk(0, 10 * GB), disk(minute, 10 * GB)];
const ours = (bytes: number, perSecond: number): DiskCauses['ours'] => ({kind: 'slots', bytes, perSecond});
const withSlots: RunState = {...NEW_RUN, claimed: ['slot dms_slot_01']};

describe('the alarm for a WAL disk', () => {
  test('goes by the soonest end of the forecast, and is worse the sooner that is', () => {
    expect(due(30, lasting(30, 121))).toEqual([]);
    expect(due(30, lasting(30, 100), withSlots)).toMatchObject([
      {
        id: ID,
        severity: 'warning',
        seen: 'full in 1.7 h at the soonest (about 3.3 h), 1.0 GB free, 977 kB/s (warn 2.0 h)',
        remedy: expect.stringContaining('longhaul release'),
      },
    ]);
    expect(due(30, lasting(30, 100))[0]?.remedy).toBe('make room on the WAL volume now');
    expect(idsOf(due(30, lasting(30, 29)))).toEqual([`${ID} critical`]);
  });

  test('is raised once that has lasted for a fifth of what it leaves: a burst that is over is none', () => {
    const burst = [...lasting(30, 500), runway(31, 100)];
    expect(due(31, burst)).toEqual([]);
    const goesOn = [...burst, ...Array.from({length: 20}, (_, n) => runway(32 + n, 100))];
    expect(idsOf(due(51, goesOn))).toEqual([`${ID} warning`]);
    expect(due(45, goesOn.slice(0, -6))).toEqual([]);
    // A disk that is soon full is not waited for as long.
    expect(idsOf(due(33, [...lasting(30, 500), runway(31, 8), runway(32, 8), runway(33, 8)]))).toEqual([
      `${ID} critical`,
    ]);
  });

  test('is not over because writers pause: only room that is made, or a long watch, ends it', () => {
    const raised = standing(ID);
    const pause = [...watched(100), runway(100, 600)];
    const kept = {id: ID, severity: 'warning', seen: expect.stringContaining('kept until room is made')};
    expect(due(100, pause, raised)).toMatchObject([kept]);
    expect(due(100, [...watched(100), noRunwayOf('it does not grow')], raised)).toMatchObject([kept]);
    // Twice the two hours of `alarms.runway`.
    expect(due(241, [...watched(241), runway(241, 600)], raised)).toEqual([]);
    const freed = [...watched(100), disk(101, 20 * GB), runway(101, 600)];
    expect(due(101, freed, raised)).toEqual([]);
    // What was made of it before it was raised is no room made since.
    expect(due(101, freed, {...raised, alarms: raised.alarms.map((one) => ({...one, since: at(101)}))})).toMatchObject([
      kept,
    ]);
    // Nearly, but not by a tenth better than what raised it.
    expect(due(241, [...watched(241), runway(241, 125)], raised)).toMatchObject([{id: ID}]);
  });

  test('is due on a disk that is full, which grows no more', () => {
    const still = noRunwayOf('it does not grow');
    expect(idsOf(due(1, [disk(1, 0, 100 * GB), still]))).toEqual([`${ID} critical`]);
    expect(due(1, [disk(1, 6 * GB, 100 * GB), still])).toEqual([]);
    expect(due(1, [disk(1, 60 * GB), still])).toEqual([]);
    expect(idsOf(due(1, [disk(1, 1024), still]))).toEqual([`${ID} critical`]);
  });

  test('is due before the load is over, however far that is', () => {
    const eta: Reading = {
      at: at(30),
      probe: 'eta',
      eta: {
        bytesLeft: 1,
        bytesTotal: 2,
        bytesPerSecond: 1,
        loadMinutes: 500,
        why: '',
        soonest: 400,
        latest: 550,
        indexMinutes: 100,
      },
    };
    expect(due(30, [...lasting(30, 600), eta]).map(({seen}) => seen)).toEqual([
      expect.stringMatching(/full in 10 h at the soonest.*the load ends in 11 h/),
    ]);
  });
});

/** What is to be done about our slot that holds 250 GB, beside one of somebody else's. */
function held(foreignBytes: number): string | undefined {
  const both = slots(1, {retainedBytes: 250 * GB}, {name: 'warehouse', ours: false, retainedBytes: foreignBytes});
  return due(1, [both]).find(({id}) => id === 'slot.retained:dms_slot_01')?.remedy;
}

/** What is to be done about a disk of 100 GB that is full, of which our slots hold so much. */
function onFull(bytes: number): string | undefined {
  const causes = {ours: ours(bytes, 0), foreign: null, othersPerSecond: 0};
  const still = {...noRunwayOf('it does not grow'), causes} as Reading;
  return due(1, [disk(1, 0, 100 * GB), still], stateNamed('loading')).find(({id}) => id === ID)?.remedy;
}

describe('what helps against a full WAL disk is said by whose it is', () => {
  const loading = stateNamed('loading');
  const dueTo = (causes: DiskCauses, ...more: Reading[]): Alarm | undefined =>
    due(30, [...more, ...lasting(30, 100, causes)], loading).find(({id}) => id === ID);

  test('our slots: release', () => {
    const alarm = dueTo({ours: ours(212 * GB, 3e6), foreign: null, othersPerSecond: 1e6});
    expect(alarm?.seen).toMatch(/; our slots hold 212 GB, \+2\.9 MB\/s; others write 977 kB\/s$/);
    expect(alarm?.remedy).toBe(
      'make room on the WAL volume now; if there is none to make: longhaul release drops our slots and frees the 212 GB that they hold',
    );
  });

  test('a slot of ours that holds too much is given up only where that frees something', () => {
    expect(held(GB)).toMatch(/longhaul release frees the \d+ GB that our slots hold$/);
    expect(held(251 * GB)).toContain('a release would free nothing, for slot warehouse holds the same WAL');
    expect(held(251 * GB)).not.toContain('longhaul release');
  });

  test('our slots, in change capture: release, with what it costs; our slots that hold little as yet: what lets them go on', () => {
    const capturing = stateNamed('change capture begun');
    const inCapture = (bytes: number): string | undefined =>
      due(30, lasting(30, 100, {ours: ours(bytes, 3e6), foreign: null, othersPerSecond: 0}), capturing).find(
        ({id}) => id === ID,
      )?.remedy;
    expect(inCapture(2 * GB)).toMatch(
      /longhaul release drops our slots and frees the 2\.0 GB that they hold, and ends change capture: everything is loaded again, at a new P$/,
    );
    expect(inCapture(3e6)).toBe(
      'make room on the WAL volume now; our slots make it grow, and dropping them frees only 2.9 MB as yet: see why change capture does not take what it keeps: longhaul status has the alarms of each slot',
    );
  });

  test('a disk that is all but full: no release that frees little of what it lacks', () => {
    expect(onFull(2 * GB)).toContain('dropping them frees only 2.0 GB');
    expect(onFull(3 * GB)).toContain('longhaul release drops our slots and frees the 3.0 GB');
  });

  test('a source that does not answer: no slot can be dropped there, and no release is advised for any alarm', () => {
    const silent: Reading = {at: at(2), probe: 'failed', of: 'slots', message: 'connection refused'};
    const causes = {ours: ours(250 * GB, 3e6), foreign: null, othersPerSecond: 0};
    const seen = [slots(1, {retainedBytes: 250 * GB}), silent, ...lasting(30, 100, causes)];
    const alarms = due(30, seen, loading).filter(({id}) => id === ID || id.startsWith('slot.retained'));
    expect(alarms.map(({id}) => id)).toEqual(['slot.retained:dms_slot_01', ID]);
    for (const {remedy} of alarms) expect(remedy).not.toContain('longhaul release');
    expect(alarms[1]?.remedy).toBe(
      'make room on the WAL volume now, and see that the source is up: it does not answer, and before it does no slot can be dropped there',
    );
  });

  test('others write, and our slots hold little: no release', () => {
    const alarm = dueTo({ours: ours(GB / 2, 1e5), foreign: null, othersPerSecond: 3e6});
    expect(alarm?.remedy).toBe(
      'make room on the WAL volume now; what fills it is not kept by our slots, and dropping them frees only 512 MB',
    );
  });

  test('others write, and our slots hold more than is free: release all the same', () => {
    const alarm = dueTo({ours: ours(2 * GB, 1e5), foreign: null, othersPerSecond: 3e6});
    expect(alarm?.remedy).toContain('longhaul release');
  });

  test('a slot of somebody else holds all of it as well: its owner', () => {
    const slot = {name: 'warehouse', ours: false, retainedBytes: 300 * GB};
    const foreign = {slot: 'warehouse', bytes: 300 * GB};
    const alarm = dueTo(
      {ours: ours(212 * GB, 3e6), foreign, othersPerSecond: 0},
      slots(1, {...slot, retainedBytes: GB, active: true}),
    );
    expect(alarm?.seen).toContain('slot warehouse of others holds 300 GB');
    expect(alarm?.remedy).toBe(
      "make room on the WAL volume now; what fills it is not kept by our slots, and dropping them frees nothing; of slot warehouse: it is not Longhaul's: ask who reads it; only if nobody will, on the primary, as superuser: SELECT pg_drop_replication_slot('warehouse')",
    );
  });
});
