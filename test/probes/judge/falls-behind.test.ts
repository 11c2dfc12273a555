import {describe, expect, test} from 'vitest';
import type {Figure} from '../../../src/domain/reading/figure.ts';
import type {Sample} from '../../../src/domain/reading/growth.ts';
import type {Reading} from '../../../src/domain/reading/reading.ts';
import {fallsBehind} from '../../../src/probes/judge/capture/falls-behind.ts';
import {withLags} from '../../../src/probes/judge/capture/lags.ts';
import {at, due, historyOf, idsOf, standing} from './observed.ts';

const MB = 1024 ** 2;

/** Behind by what it is at each minute, in megabytes. */
const series = (minutes: number, behind: (minute: number) => number): Sample[] =>
  Array.from({length: minutes + 1}, (_, n) => ({atMs: n * 60_000, value: behind(n) * MB}));

describe('a slot falls behind for hours', () => {
  test('where it is further behind at its best each half hour', () => {
    expect(fallsBehind(series(180, (minute) => 100 + 3 * minute))).toEqual({fromBytes: 103 * MB, toBytes: 553 * MB});
  });

  test.each<[string, Sample[]]>([
    ['was not watched for so long', series(170, (minute) => 100 + 3 * minute)],
    ['is behind by bursts that it makes up for', series(180, (minute) => (minute % 20 === 0 ? 1 : minute * 50))],
    ['is as far behind as it was', series(180, () => 5000)],
    ['comes nearer since the last half hour', series(180, (n) => (n <= 150 ? 100 + 10 * n : 1600 - 20 * (n - 150)))],
    ['is further behind by little', series(180, (minute) => minute)],
    ['was behind by a batch once, and stays so', series(180, (minute) => (minute < 60 ? 10 : 5000))],
  ])('but not where it %s', (_, lags) => {
    expect(fallsBehind(lags)).toBeNull();
  });
});

const figure = (name: string, value: number, of = 'slot lh_01'): Figure => ({
  name,
  label: name,
  value,
  unit: 'bytes',
  of,
});
const reading = (minute: number, ...figures: readonly Figure[]): Reading => ({
  at: at(minute),
  probe: 'figures',
  of: 'cdc',
  server: 'target',
  figures,
});
/** Readings of a slot, a minute apart, that is so many megabytes behind. */
const readings = (
  minutes: number,
  behind: (minute: number) => number,
  {seconds = 90, more = []}: {readonly seconds?: number; readonly more?: readonly Figure[]} = {},
): Reading[] =>
  Array.from({length: minutes + 1}, (_, n) =>
    reading(n, figure('lag_bytes', behind(n) * MB), figure('lag_seconds', seconds), ...more),
  );
const growing = (minute: number): number => 100 + 3 * minute;
/** It grows for three hours, and is at so much in the last half of the fourth. */
const plateau = (low: number): Reading[] => readings(240, (n) => (n <= 180 ? growing(n) : n <= 210 ? 640 : low));

describe('the alarm of a slot that falls behind for hours', () => {
  test('says from where to where, and which tables would need slots of their own', () => {
    const busy = [
      figure('rows_per_second', 20, 'slot lh_01, table public.small'),
      figure('rows_per_second', 1200, 'slot lh_01, table public.events'),
      figure('rows_per_second', 9999, 'slot lh_02, table public.other'),
    ];
    const [alarm, ...others] = due(180, readings(180, growing, {more: busy}));
    expect(others).toEqual([]);
    expect(alarm).toMatchObject({id: 'cdc.behind:lh_01', severity: 'warning'});
    expect(alarm?.seen).toContain('103 MB behind at its best three hours ago, 553 MB in the last half hour');
    expect(alarm?.remedy).toMatch(
      /slots\.count.*slots\.assign.*: public\.events \(1200 rows a second\), public\.small/,
    );
    expect(alarm?.remedy).not.toContain('public.other');
  });

  test('is none while its sentinels arrive: a slot that is confirmed seldom keeps what was applied long ago', () => {
    expect(due(180, readings(180, growing, {seconds: 0}))).toEqual([]);
    const once = [...readings(179, growing), ...readings(180, growing, {seconds: 0}).slice(-1)];
    expect(due(180, once)).toEqual([]);
    expect(due(180, once, standing('cdc.behind:lh_01'))).toEqual([]);
  });

  test('stays until the slot has come nearer by a tenth, and does not flap meanwhile', () => {
    const raised = standing('cdc.behind:lh_01');
    expect(idsOf(due(240, plateau(640), raised))).toEqual(['cdc.behind:lh_01 warning']);
    expect(idsOf(due(240, plateau(600), raised))).toEqual(['cdc.behind:lh_01 warning']);
    expect(due(240, plateau(500), raised)).toEqual([]);
    // Not raised, the same is none: it does not fall behind any more.
    expect(due(240, plateau(600))).toEqual([]);
  });

  test('is over once next to nothing is left, and is neither raised nor over while nothing is applied', () => {
    const raised = standing('cdc.behind:lh_01');
    expect(
      due(
        180,
        readings(180, () => 100),
        raised,
      ),
    ).toEqual([]);
    const paused = [...readings(180, growing), reading(181, figure('disabled', 1), figure('lag_bytes', 700 * MB))];
    expect(idsOf(due(181, paused, raised))).toEqual(['cdc.behind:lh_01 warning']);
    expect(due(181, paused)).toEqual([]);
  });
});

const lagsAt = (minute: number, all: readonly Reading[]) =>
  historyOf(all.filter((one) => Date.parse(one.at) <= Date.parse(at(minute)))).lags.get('lag_bytes slot lh_01') ?? [];

describe('how far behind a slot was is kept', () => {
  test('for four hours', () => {
    expect(lagsAt(300, readings(300, growing)).length).toBe(241);
  });

  test('from the moment on from which it is applied again: that it fell behind while it was paused says nothing of its pace', () => {
    const stopped = Array.from({length: 10}, (_, n) =>
      reading(11 + n, figure('disabled', 1), figure('disabled_seconds', n * 60), figure('lag_bytes', n * 100 * MB)),
    );
    const all = [...readings(10, growing), ...stopped, reading(21, figure('lag_bytes', 900 * MB))];
    expect(lagsAt(10, all)).toHaveLength(11);
    expect(lagsAt(11, all)).toHaveLength(12);
    expect(lagsAt(21, all)).toHaveLength(2);
  });

  test('and no more of a slot that is not captured any more', () => {
    const lags = withLags(new Map([['lag_bytes slot lh_01', [{atMs: 0, value: 1}]]]), [], 1);
    expect([...lags]).toEqual([]);
  });
});
