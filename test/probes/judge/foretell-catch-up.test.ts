import {describe, expect, test} from 'vitest';
import type {Figure} from '../../../src/domain/reading/figure.ts';
import type {Reading} from '../../../src/domain/reading/reading.ts';
import {serverOfProbe} from '../../../src/domain/reading/server-of-probe.ts';
import {catchUpReadings, foretellingSeldom} from '../../../src/probes/judge/capture/foretell-catch-up.ts';
import {historyOf, START} from './observed.ts';

const MB = 1024 ** 2;
const EVERY_MS = 6000;

const figure = (name: string, value: number, of = 'slot lh_01'): Figure => ({
  name,
  label: name,
  value,
  unit: 'bytes',
  of,
});
/** A minute of readings of a slot that was 600 MB behind at first, with others beside. */
const readings = (byMegabytes: number, ...more: readonly Figure[]): Reading[] =>
  Array.from({length: 11}, (_, n) => ({
    at: new Date(START + n * EVERY_MS).toISOString(),
    probe: 'figures',
    of: 'cdc',
    server: 'target',
    figures: [figure('lag_bytes', (600 - n * byMegabytes) * MB), ...more],
  }));

function foretold(all: readonly Reading[], {afterMs = 0, caughtUpWalBytes = 100 * MB} = {}): Figure[] {
  const given = catchUpReadings({
    history: historyOf(all),
    steadyMs: START + 10 * EVERY_MS + afterMs,
    staleAfterMs: new Map([['cdc:target', 60_000]]),
    caughtUpWalBytes,
  });
  expect(given.length).toBeLessThan(2);
  return given.flatMap((one) => (one.probe === 'figures' ? [...one.figures] : []));
}
const inShort = (figures: readonly Figure[]): string[] =>
  figures.map(({name, value, of}) => `${name} ${Math.round(value ?? -1)} ${of}`);

describe('when change capture will have caught up', () => {
  test('is told of each slot that is applied, in seconds and as a range', () => {
    expect(inShort(foretold(readings(10)))).toEqual([
      'soonest_seconds 240 slot lh_01',
      'latest_seconds 240 slot lh_01',
    ]);
  });

  test('is told as never where the slot falls behind, and as now where it is near enough', () => {
    expect(inShort(foretold(readings(-10)))).toEqual(['never 1 slot lh_01']);
    const near = foretold(readings(10), {caughtUpWalBytes: 500 * MB});
    expect(inShort(near)).toEqual(['soonest_seconds 0 slot lh_01', 'latest_seconds 0 slot lh_01']);
  });

  test.each(['disabled', 'down_seconds', 'blocked_by'])('is not told of one that is not applied now: %s', (name) => {
    expect(foretold(readings(10, figure(name, 1)))).toEqual([]);
  });

  test('is told of no table, and of nothing that was not seen for too long', () => {
    const busy = figure('rows_per_second', 7, 'slot lh_01, table public.events');
    expect(foretold(readings(10, busy)).every(({of}) => of === 'slot lh_01')).toBe(true);
    expect(foretold(readings(10), {afterMs: 60_001})).toEqual([]);
    expect(foretold([])).toEqual([]);
    // A forecast is no answer: a target that is silent stays silent.
    expect(serverOfProbe('catch_up:target')).toBeNull();
  });
});

test('it is made anew twice a minute, and at once where the slot has caught up or has not any more', () => {
  const foretell = foretellingSeldom();
  /** After so many seconds, a megabyte nearer with each but for `left` at the end. */
  const after = (seconds: number, left: number) =>
    foretell(
      'slot lh_01',
      [
        ...Array.from({length: seconds}, (_, n) => ({atMs: n * 1000, value: (600 - n) * MB})),
        {atMs: seconds * 1000, value: left * MB},
      ],
      100 * MB,
    );
  const first = after(60, 540);
  expect(first?.soonest).toBeCloseTo(440 / 60);
  expect(after(62, 538)).toBe(first);
  expect(after(64, 90)).toEqual({soonest: 0, latest: 0});
  const again = after(66, 534);
  expect(again?.soonest).toBeGreaterThan(0);
  expect(after(95, 505)).toBe(again);
  expect(after(97, 503)).not.toBe(again);
});
