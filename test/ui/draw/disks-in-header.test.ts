import {expect, test} from 'vitest';
import type {Reading} from '../../../src/domain/reading/reading.ts';
import {drawStatus} from '../../../src/ui/draw/status.ts';
import {symbolsFor} from '../../../src/ui/screen/symbols.ts';
import {hear, NOTHING_HEARD} from '../../../src/ui/store/live.ts';
import {statusView} from '../../../src/ui/view-model/status.ts';
import {readingsAt} from '../fixtures/acme-readings.ts';
import {NOW} from '../fixtures/acme-run.ts';

const runway = {minutes: 90, soonest: 60, latest: null, bytesPerSecond: 1, freeBytes: 1024 ** 3};
const ours = {kind: 'replay', bytes: 1024 ** 3, perSecond: 3 * 1024 ** 2} as const;
const replica: Reading = {
  at: new Date(NOW).toISOString(),
  probe: 'runway',
  server: 'replica',
  runway,
  why: '',
  causes: {ours, foreign: null, othersPerSecond: 0},
};

test.each([
  [200, 'replica disk full in 60 min to never, WAL to replay +3.0 MB/s'],
  [80, 'replica full in 60 min'],
])('the header says at %i columns which disk is full first, and whose growth it is', (width, words) => {
  // The primary's is full in 17 h.
  const heard = [...readingsAt(NOW), replica].reduce(
    (live, reading) => hear(live, {type: 'reading', reading}),
    NOTHING_HEARD,
  );
  const lines = drawStatus(statusView(heard, NOW), {width, symbols: symbolsFor(false), readOnly: false});
  expect(lines[1]?.map(({text}) => text).join('')).toContain(words);
});
