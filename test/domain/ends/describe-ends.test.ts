import {expect, test} from 'vitest';
import {describeEnds} from '../../../src/domain/ends/describe-ends.ts';
import type {Eta} from '../../../src/domain/reading/eta.ts';
import type {Work} from '../../../src/domain/ends/work.ts';

const GB = 1024 ** 3;
const nowMs = Date.parse('2026-11-24T04:31:00.000Z');
const eta: Eta = {
  bytesLeft: 300 * GB,
  bytesTotal: 900 * GB,
  bytesPerSecond: 70 * 1024 ** 2,
  loadMinutes: 72,
  why: '',
  soonest: 60,
  latest: 80,
  indexMinutes: null,
};
const work: Work = {
  step: 'build-indexes',
  startedAt: '',
  elapsedMs: 600_000,
  done: 38,
  total: 612,
  bytesDone: 10 * GB,
  bytesTotal: 40 * GB,
  pieces: [],
};
const loaded = {...eta, bytesLeft: 0, loadMinutes: 0};

test('the load’s end has its clock time, and what comes after it what was measured of it', () => {
  expect(describeEnds({eta, work: null}, nowMs)).toEqual([
    'load: 300 GB of 900 GB left at 70 MB/s, ends in 72 min, at 2026-11-24 05:43 UTC',
    'after it: indexes not measured yet, comparison not measured yet',
  ]);
  expect(describeEnds({eta: {...eta, indexMinutes: 200, compareMinutes: 40}, work: null}, nowMs)[1]).toBe(
    'after it: indexes 3.3 h, comparison 40 min; all of it at 2026-11-24 09:43 UTC',
  );
});

test('indexes that are built are not told of any more, before the comparison is measured as well', () => {
  const eta5 = {...loaded, indexMinutes: 1, compareMinutes: 5};
  expect(describeEnds({eta: eta5, work: null, areBuilt: true}, nowMs)[0]).toMatch(
    /^still to come: comparison 5 min; all of it at/,
  );
});

test('a load whose end is not foretold says why', () => {
  const failed = {...eta, loadMinutes: null, why: 'failed, waits for R'} as const;
  expect(describeEnds({eta: failed, work: null}, nowMs)[0]).toBe(
    'load: 300 GB of 900 GB left, its end is not foretold: failed, waits for R',
  );
});

test('indexes and comparison have their own end while they are at work', () => {
  expect(describeEnds({eta: {...loaded, indexMinutes: 30, compareMinutes: 5}, work}, nowMs)).toEqual([
    'build-indexes: 38 of 612 done, 30 GB left at 17 MB/s, ends in 30 min, at 2026-11-24 05:01 UTC',
    'after it: comparison 5 min; all of it at 2026-11-24 05:06 UTC',
  ]);
  const comparing = {...work, step: 'compare-rows', bytesDone: 0} as const;
  expect(describeEnds({eta: loaded, work: comparing}, nowMs)).toEqual([
    'compare-rows: 38 of 612 done, its end is being measured',
  ]);
  const again = {...work, step: 'compare-again'} as const;
  expect(
    describeEnds({eta: {...loaded, indexMinutes: 0, compareMinutes: 0}, work: again, areBuilt: true}, nowMs),
  ).toEqual(['compare-again: 38 of 612 done, 30 GB left at 17 MB/s, ends in 30 min, at 2026-11-24 05:01 UTC']);
  expect(describeEnds({eta: null, work: null}, nowMs)).toEqual([]);
});
