import {withSample, type Sample} from './growth.ts';
import type {Reading} from './reading.ts';

/** The figures of the last half hour that trends are drawn from, by what they are of. */
export interface Trends {
  /** Retained bytes of every slot. */
  readonly slots: Readonly<Record<string, readonly Sample[]>>;
  /** Bytes per second of every unit that loads. */
  readonly units: Readonly<Record<string, readonly Sample[]>>;
}

/** Before the first reading. */
export const NO_TRENDS: Trends = {slots: {}, units: {}};

const HALF_AN_HOUR_MS = 1_800_000;

/** How far apart the samples are: a hundred and eighty of a slot. */
const GAP_MS = 10_000;

/** The trends with one more reading, which was made at `atMs`. What is no longer reported is dropped. Pure. */
export function withTrend(trends: Trends, reading: Reading, atMs: number, gapMs = GAP_MS): Trends {
  if (reading.probe === 'slots') {
    const values = reading.slots.map((slot) => ({name: slot.name, value: slot.retainedBytes}));
    return {...trends, slots: appended(trends.slots, values, {atMs, gapMs})};
  }
  if (reading.probe === 'lanes') {
    const values = reading.units.map((unit) => ({name: unit.unit, value: unit.bytesPerSecond}));
    return {...trends, units: appended(trends.units, values, {atMs, gapMs})};
  }
  return trends;
}

function appended(
  before: Trends['slots'],
  values: readonly {readonly name: string; readonly value: number | null}[],
  {atMs, gapMs}: {atMs: number; gapMs: number},
): Trends['slots'] {
  return Object.fromEntries(
    values.map(({name, value}) => {
      const known = Object.hasOwn(before, name) ? (before[name] ?? []) : [];
      return [name, value === null ? known : withSample(known, {atMs, value}, {gapMs, keepMs: HALF_AN_HOUR_MS})];
    }),
  );
}
