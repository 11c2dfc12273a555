import {formatBytes} from '../../../domain/base/units.ts';
import type {Alarm} from '../../../domain/reading/alarm.ts';
import type {Figure} from '../../../domain/reading/figure.ts';
import type {Sample} from '../../../domain/reading/growth.ts';
import {ofSlot, seenOf} from '../../../domain/run/capture/seen-of.ts';
import {isRaised, raisedSoFar, upperLimit, type Observed} from '../observed.ts';
import {isApplied, lagKey} from './lags.ts';

/** The last three hours, half an hour each: a batch of the night is over by then, and what it has left behind is not made up for. */
const PARTS = 6;
const PART_MS = 30 * 60_000;
/** A reading comes every few seconds, and is kept once a minute when it is old. */
const SLACK_MS = 2 * 60_000;
/** One part may bring a bit of it back. */
const RISES = PARTS - 2;
/** What nobody would wait for at a cutover, and no disk is full of. */
const LEAST_BYTES = 256 * 1024 ** 2;

/** How far behind a slot was at its best, at the beginning and at the end of the hours that were judged. */
export interface FallenBehind {
  readonly fromBytes: number;
  readonly toBytes: number;
}

/**
 * Whether a slot falls behind for hours, though each minute of them looks tolerable: what it was behind at its best, half an hour after half an hour, has grown, and the last one is the worst. What is at its best is not turned by a burst, or
 * by a comparison that holds the slot for a while. Null where it does not, or was not seen for so long. Pure.
 */
export function fallsBehind(lags: readonly Sample[]): FallenBehind | null {
  const [first, last] = [lags[0], lags.at(-1)];
  if (first === undefined || last === undefined) return null;
  const fromMs = last.atMs - PARTS * PART_MS;
  if (first.atMs > fromMs + SLACK_MS) return null;
  const marks = lowMarks(lags, fromMs);
  const [fromBytes, toBytes] = [marks[0] ?? Infinity, marks.at(-1) ?? 0];
  const rises = marks.filter((mark, n) => n > 0 && mark > (marks[n - 1] ?? 0)).length;
  const isWorst = toBytes >= Math.max(...marks);
  return isWorst && rises >= RISES && toBytes - fromBytes >= LEAST_BYTES ? {fromBytes, toBytes} : null;
}

/** The least of each half hour from there on; nothing of one in which nothing was seen. */
function lowMarks(lags: readonly Sample[], fromMs: number): number[] {
  return Array.from({length: PARTS}, (_, n) => {
    const beginMs = fromMs + n * PART_MS;
    return lags.filter(({atMs}) => atMs > beginMs && atMs <= beginMs + PART_MS).map(({value}) => value);
  }).flatMap((values) => (values.length === 0 ? [] : [Math.min(...values)]));
}

/** Whether one that had fallen behind has not come nearer by a tenth since: raised once, it stays until it does. */
function isStillBehind(observed: Observed, id: string, lags: readonly Sample[]): boolean {
  const last = lags.at(-1);
  if (!isRaised(observed, id) || last === undefined) return false;
  const marks = lowMarks(lags, last.atMs - PARTS * PART_MS);
  const now = marks.at(-1) ?? 0;
  return now >= LEAST_BYTES && now >= upperLimit(observed, id, Math.max(...marks));
}

/** The alarm of a slot that falls behind for hours; its sentinels say that it is late indeed, for bytes alone are kept by a slot that is confirmed seldom. */
export function judgeBehind(observed: Observed, slot: string, figures: readonly Figure[]): readonly Alarm[] {
  const id = `cdc.behind:${slot}`;
  const of = ofSlot(slot);
  if (!isApplied(figures, of)) return raisedSoFar(observed, id);
  const lags = observed.history.lags.get(lagKey('lag_bytes', of)) ?? [];
  if (!isLateAllTheTime(observed.history.lags.get(lagKey('lag_seconds', of)) ?? [])) return [];
  const fallen = fallsBehind(lags);
  if (fallen === null) return isStillBehind(observed, id, lags) ? raisedSoFar(observed, id) : [];
  const {fromBytes, toBytes} = fallen;
  return [
    {
      id,
      severity: 'warning',
      subject: `change capture of ${slot}`,
      seen: `it falls behind for hours: ${formatBytes(fromBytes)} behind at its best three hours ago, ${formatBytes(toBytes)} in the last half hour`,
      remedy: howToSplit(figures, slot),
    },
  ];
}

/** Whether a sentinel was missing at every moment of the last half hour; they come once a minute. */
function isLateAllTheTime(seconds: readonly Sample[]): boolean {
  const lastMs = seconds.at(-1)?.atMs ?? 0;
  const recent = seconds.filter(({atMs}) => atMs > lastMs - PART_MS);
  return recent.length > 0 && recent.every(({value}) => value > 0);
}

/** What changes most in the slot is what a slot of its own would take from it. */
function howToSplit(figures: readonly Figure[], slot: string): string {
  const tables = figures
    .filter(({name, of}) => name === 'rows_per_second' && seenOf(of)?.slot === slot)
    .toSorted((a, b) => (b.value ?? 0) - (a.value ?? 0))
    .flatMap(({of, value}) => {
      const table = seenOf(of)?.table ?? null;
      return table === null ? [] : [`${table} (${Math.round(value ?? 0)} rows a second)`];
    });
  const most = tables.length === 0 ? 'the tables that change most' : tables.join(', ');
  return `${FASTER}; ${SPLIT}: ${most}`;
}

const FASTER =
  'see on the target what its worker waits for (pg_stat_activity: disk, locks, a table without an index for its key), and give it that: it then catches up by itself';
const SPLIT =
  'else one worker is too few for what this slot has: in a new run, whose P is another, give it more slots (slots.count), and slots of their own (slots.assign) to what changes most in it';
