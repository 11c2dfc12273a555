import {msOf} from '../../../domain/base/iso-time.ts';
import type {JournalEntry} from '../../../domain/run/event.ts';
import type {StepId} from '../../../domain/run/step-id.ts';
import type {StepContext} from '../../step.ts';

/** What each part of one write stop took, in milliseconds: from the end of the part before it to its own. Their sum is the write stop. */
export type MeasuredParts = ReadonlyMap<StepId, number>;

/**
 * The write stops of the cutovers that a journal has, the earliest first, each divided into its parts; of one that was taken back, the parts that it came to the end of. `back` gives those of the
 * ways back. Pure.
 */
export function measuredParts(
  entries: readonly JournalEntry[],
  direction: 'cutover' | 'back' = 'cutover',
): MeasuredParts[] {
  const stops: MeasuredParts[] = [];
  let parts: Map<StepId, number> | null = null;
  let sinceMs = 0;
  const end = (part: StepId, at: string): void => {
    const nowMs = msOf(at);
    parts?.set(part, (parts.get(part) ?? 0) + Math.max(0, nowMs - sinceMs));
    sinceMs = nowMs;
  };
  for (const entry of entries) {
    if (entry.type === `${direction}.stopping`) {
      // An earlier start of the same cutover has begun it already.
      parts = new Map();
      stops.push(parts);
      sinceMs = msOf(entry.at);
    } else if (entry.type === `${direction}.handed-over`) {
      end(direction === 'cutover' ? 'hand-over' : 'back-hand-over', entry.at);
      parts = null;
    } else if (entry.type === `${direction}.gone-back`) parts = null;
    else if (entry.type === 'step.done' && parts !== null) end(entry.step, entry.at);
  }
  return stops.filter((one) => one.size > 0);
}

/** The middle of some figures; 0 of none. Pure. */
export function medianOf(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}

/** How long something takes, by the quicker of two times: the first reads what the second finds in memory, as the cutover will. */
export async function quickest({steady}: Pick<StepContext, 'steady'>, work: () => Promise<unknown>): Promise<number> {
  const took: number[] = [];
  for (let time = 0; time < 2; time += 1) {
    const began = steady();
    await work();
    took.push(steady() - began);
  }
  return Math.min(...took);
}
