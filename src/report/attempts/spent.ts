import type {JournalEntry} from '../../domain/run/event.ts';
import type {StepId} from '../../domain/run/step-id.ts';
import {stepTimes} from '../step-times.ts';

/** Where the time of an attempt went, from the plan of its load to the end of the comparison, or as far as it came. Milliseconds. */
export interface Spent {
  readonly wholeMs: number;
  /** The steps that worked, the longest first. */
  readonly steps: readonly {readonly step: string; readonly ms: number}[];
  /** A step waited for somebody's word. */
  readonly waitedMs: number;
  /** No step was at work, and none waited: the run was stopped, or had failed. */
  readonly idleMs: number;
}

/** The steps that an attempt is for; what comes behind them is change capture. */
const STEPS: ReadonlySet<StepId> = new Set<StepId>(['full-load', 'build-indexes', 'compare-rows', 'compare-objects']);

/** Where the time went, from the entries of one attempt: the first is the plan of its load. Pure. */
export function spentOf(load: readonly JournalEntry[]): Spent {
  const [planned] = load;
  const lastOf = load.findLastIndex((entry) => 'step' in entry && STEPS.has(entry.step));
  const part = load.slice(0, lastOf + 1);
  const last = part.at(-1);
  if (planned === undefined || last === undefined) return {wholeMs: 0, steps: [], waitedMs: 0, idleMs: 0};
  // The load is planned within its step, which has begun before.
  const begun: JournalEntry = {type: 'step.started', step: 'full-load', seq: planned.seq, at: planned.at};
  const times = stepTimes([begun, ...part]);
  const steps = [...times]
    .map(([step, {spentMs: ms}]) => ({step, ms}))
    .filter(({ms}) => ms > 0)
    .toSorted((a, b) => b.ms - a.ms);
  const wholeMs = Date.parse(last.at) - Date.parse(planned.at);
  const waitedMs = waited(part);
  const workMs = steps.reduce((sum, {ms}) => sum + ms, 0);
  return {wholeMs, steps, waitedMs, idleMs: Math.max(0, wholeMs - workMs - waitedMs)};
}

/** How long steps waited for a word that came. */
function waited(entries: readonly JournalEntry[]): number {
  const since = new Map<string, number>();
  let sum = 0;
  for (const entry of entries) {
    if (entry.type === 'step.waiting') since.set(entry.step, Date.parse(entry.at));
    if (entry.type !== 'step.confirmed') continue;
    sum += Date.parse(entry.at) - (since.get(entry.step) ?? Date.parse(entry.at));
    since.delete(entry.step);
  }
  return sum;
}
