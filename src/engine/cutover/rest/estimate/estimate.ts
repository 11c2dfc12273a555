import {LANES} from '../../final/lanes.ts';
import {isMendable, isSmall} from '../choose-way.ts';
import type {RestTable} from '../read-rest.ts';
import {type Figure, type Sureness, usualRate, usualTime} from './figures.ts';

/** How quickly copy-the-rest works: rows in bytes a millisecond, everything else in milliseconds. */
export interface RestRates {
  /** Until the sessions of all lanes are there. */
  readonly openMs: number;
  /** Until both programs are there between which rows travel. */
  readonly programsMs: number;
  /** Rows of a table on both sides by a lane while every lane reads, and while it alone does. */
  readonly lanes: number;
  readonly lane: number;
  /** Rows by one session of the target, when nobody else reads. */
  readonly target: number;
  /** Rows from the source into a table of the target with its indexes. */
  readonly copied: number;
  /** Until all large objects are compared, and until those that differ are made again. */
  readonly objectsMs: number;
  readonly changedMs: number;
}

/** The same with how sure it is. */
export type RestFigures = Readonly<Record<keyof RestRates, Figure>>;

/** Where nothing was measured: a table too small to tell, a role that may not try, a way back, on which nothing is tried where production was. */
export const USUAL: RestFigures = {
  openMs: usualTime(40),
  programsMs: usualTime(150),
  lanes: usualRate(40_000),
  lane: usualRate(60_000),
  target: usualRate(60_000),
  copied: usualRate(30_000),
  objectsMs: usualTime(0),
  changedMs: usualTime(0),
};

/** One column of the figures. Pure. */
export function ratesOf(figures: RestFigures, how: Sureness): RestRates {
  const {openMs, programsMs, lanes, lane, target, copied, objectsMs, changedMs} = figures;
  return {
    openMs: openMs[how],
    programsMs: programsMs[how],
    lanes: lanes[how],
    lane: lane[how],
    target: target[how],
    copied: copied[how],
    objectsMs: objectsMs[how],
    changedMs: changedMs[how],
  };
}

type Sized = Pick<RestTable, 'source' | 'kind'>;

/** How a table will be made the same, as far as the counters tell. Pure. */
export function foreseenWay({source, kind}: Sized): 'equal' | 'difference' | 'whole' {
  if (kind !== 'inserts-only') return 'whole';
  const {changed} = source;
  if (changed === 0) return 'equal';
  return changed !== null && !isSmall(source) && isMendable(source, changed) ? 'difference' : 'whole';
}

/** What even an empty table takes: statements and their answers, and a commit where it is copied. */
const EACH_MS = 3;
const COPIED_MS = 12;
/** To look for the rows of some buckets takes so much of what it takes to sum all of them. */
const SEEKING = 0.5;

/** How long it takes to make a table the same, once it was compared. */
function afterMs(table: Sized, {lane, target, copied}: RestRates): number {
  const {bytes} = table.source;
  const way = foreseenWay(table);
  if (way === 'equal') return 0;
  // Rows are found by reading the table once more on both sides; and what was written is read again.
  return (way === 'difference' ? (SEEKING * bytes) / lane : bytes / copied) + bytes / target + COPIED_MS;
}

/** How long a table takes, alone. Pure. */
export function tableMs(table: Sized, rates: RestRates): number {
  return EACH_MS + table.source.bytes / rates.lane + afterMs(table, rates);
}

/** Each lane takes the largest that is left: they read beside each other until the last of them has the largest one alone. */
function compareMs(sizes: readonly number[], {lanes, lane}: RestRates): number {
  const all = sumOf(sizes);
  const largest = Math.max(...sizes, 0);
  const beside = Math.min(all / LANES, (all - largest) / (LANES - 1));
  return (EACH_MS * sizes.length) / LANES + beside / lanes + Math.max(0, largest - beside) / lane;
}

/** How long copy-the-rest takes altogether. Pure. */
export function restMs(tables: readonly Sized[], hasObjects: boolean, rates: RestRates): number {
  if (tables.length === 0 && !hasObjects) return 0;
  const {openMs, programsMs, objectsMs, changedMs} = rates;
  // Compared beside each other, and copied one after the other.
  const copyMs = sumOf(tables.map((one) => afterMs(one, rates)));
  const tablesMs = compareMs(
    tables.map(({source}) => source.bytes),
    rates,
  );
  return openMs + tablesMs + copyMs + (copyMs > 0 ? programsMs : 0) + objectsMs + changedMs;
}

/** In milliseconds: what is likely, the least and the most that is to be expected. */
export interface RestEstimate {
  readonly ms: number;
  readonly lowMs: number;
  readonly highMs: number;
}

/** What is tried is a part, and another one may go otherwise. */
const LESS = 0.8;
const MORE = 1.25;

/** How long it takes by all that is known, and how sure that is. Pure. */
export function estimateRest(tables: readonly Sized[], hasObjects: boolean, figures: RestFigures): RestEstimate {
  const by = (how: Sureness): number => restMs(tables, hasObjects, ratesOf(figures, how));
  return {ms: by('likely'), lowMs: LESS * by('best'), highMs: MORE * by('worst')};
}

function sumOf(figures: readonly number[]): number {
  return figures.reduce((sum, one) => sum + one, 0);
}
