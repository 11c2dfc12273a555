import type {JournalEntry} from '../../domain/run/event.ts';

/** How what a bar shows has ended; `goes on` has no end yet. */
export type BarEnd = 'done' | 'failed' | 'waited' | 'goes on';

/** A stretch of time in the timeline: a step that worked or waited, an attempt of a unit. Times are milliseconds of the jump box's clock. */
export interface Bar {
  /** The line that it is drawn in: `full-load`, `lane 2`. */
  readonly row: string;
  /** Empty where there is none to be shown. */
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly end: BarEnd;
}

interface Open {
  readonly row: string;
  readonly name: string;
  readonly fromMs: number;
}

/** The run's timeline: its steps in the order in which they began, then its lanes. What goes on reaches to `nowMs`. Pure. */
export function barsOf(journal: readonly JournalEntry[], nowMs: number): Bar[] {
  const steps = stepBars(journal, nowMs);
  const lanes = unitBars(journal, nowMs);
  return [...steps, ...lanes.toSorted((a, b) => a.row.localeCompare(b.row, 'en', {numeric: true}))];
}

function stepBars(journal: readonly JournalEntry[], nowMs: number): Bar[] {
  const open = new Map<string, Open & {waits: boolean}>();
  const bars: Bar[] = [];
  const close = (step: string, toMs: number, end: BarEnd): void => {
    const one = open.get(step);
    open.delete(step);
    if (one !== undefined)
      bars.push({row: step, name: step, fromMs: one.fromMs, toMs, end: one.waits ? 'waited' : end});
  };
  for (const entry of journal) {
    if (!('step' in entry)) continue;
    const atMs = Date.parse(entry.at);
    const begin = (waits: boolean): void => {
      close(entry.step, atMs, 'done');
      open.set(entry.step, {row: entry.step, name: entry.step, fromMs: atMs, waits});
    };
    // One that begins anew without an end had a supervisor that died; its lanes went on.
    if (entry.type === 'step.started' && open.get(entry.step)?.waits !== false) begin(false);
    else if (entry.type === 'step.confirmed') begin(false);
    else if (entry.type === 'step.waiting') begin(true);
    else if (entry.type === 'step.done') close(entry.step, atMs, 'done');
    else if (entry.type === 'step.failed' || entry.type === 'step.unfinished') close(entry.step, atMs, 'failed');
  }
  for (const step of open.keys()) close(step, nowMs, 'goes on');
  const order = new Map<string, number>();
  for (const {row, fromMs} of bars) order.set(row, Math.min(order.get(row) ?? Infinity, fromMs));
  return bars.toSorted((a, b) => (order.get(a.row) ?? 0) - (order.get(b.row) ?? 0) || a.fromMs - b.fromMs);
}

function unitBars(journal: readonly JournalEntry[], nowMs: number): Bar[] {
  const open = new Map<string, Open>();
  const bars: Bar[] = [];
  const close = (unit: string, toMs: number, end: BarEnd): void => {
    const one = open.get(unit);
    open.delete(unit);
    if (one !== undefined) bars.push({...one, toMs, end});
  };
  for (const entry of journal) {
    const atMs = Date.parse(entry.at);
    if (entry.type === 'unit.started') {
      close(entry.unit, atMs, 'failed');
      open.set(entry.unit, {row: `lane ${entry.lane}`, name: entry.unit, fromMs: atMs});
    }
    if (entry.type === 'unit.committed') close(entry.unit, atMs, 'done');
    if (entry.type === 'unit.failed' || entry.type === 'unit.cancelled') close(entry.unit, atMs, 'failed');
  }
  for (const unit of open.keys()) close(unit, nowMs, 'goes on');
  return bars;
}

/** Points of the drawing's width; what is shorter than one of so many is not told apart from its neighbour. */
const WIDTH = 900;

/** Bars that are too short and too close to be told apart are one, where they have ended alike. Pure. */
export function joinBars(bars: readonly Bar[]): Bar[] {
  const fromMs = bars.reduce((least, bar) => Math.min(least, bar.fromMs), Infinity);
  const toMs = bars.reduce((most, bar) => Math.max(most, bar.toMs), -Infinity);
  const pointMs = (toMs - fromMs) / WIDTH;
  const joined: Bar[] = [];
  const last = new Map<string, number>();
  for (const bar of bars) {
    const key = `${bar.row} ${bar.end}`;
    const index = last.get(key);
    const before = index === undefined ? undefined : joined[index];
    const isShort = bar.toMs - bar.fromMs < 2 * pointMs;
    if (index !== undefined && before?.name === '' && isShort && bar.fromMs - before.toMs < pointMs)
      joined[index] = {...before, toMs: Math.max(before.toMs, bar.toMs)};
    // Only what is without a name is lengthened: a bar that can be seen by itself stays so.
    else last.set(key, joined.push(isShort ? {...bar, name: ''} : bar) - 1);
  }
  return joined;
}
