import type {JournalEntry} from '../domain/run/event.ts';

/**
 * When a step began first, ISO 8601 or null before, and how long it has worked in all of its attempts: waiting for a word does not count.
 * Each cutover and each way back begins its steps anew.
 */
export interface StepTime {
  readonly began: string | null;
  readonly spentMs: number;
}

/** After these a step does not work. */
const RESTS: ReadonlySet<JournalEntry['type']> = new Set([
  'step.waiting',
  'step.done',
  'step.failed',
  'step.unfinished',
]);

/** The times of every step that has begun. Pure. */
export function stepTimes(journal: readonly JournalEntry[]): ReadonlyMap<string, StepTime> {
  const times = new Map<string, StepTime>();
  const open = new Map<string, string>();
  for (const entry of journal) {
    if (entry.type === 'cutover.begun' || entry.type === 'back.begun')
      for (const step of entry.steps) times.delete(step);
    if (!('step' in entry)) continue;
    const before = times.get(entry.step) ?? {began: entry.at, spentMs: 0};
    // One that begins anew without an end had a supervisor that died; its lanes went on.
    if (entry.type === 'step.confirmed' || (entry.type === 'step.started' && !open.has(entry.step)))
      open.set(entry.step, entry.at);
    const since = open.get(entry.step);
    const ended = since !== undefined && RESTS.has(entry.type);
    const spentMs = before.spentMs + (ended ? Date.parse(entry.at) - Date.parse(since) : 0);
    if (ended) open.delete(entry.step);
    times.set(entry.step, {...before, spentMs});
  }
  return times;
}
