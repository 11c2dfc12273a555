import type {PastAttempt} from '../../domain/reading/estimate-load.ts';
import type {JournalEntry} from '../../domain/run/event.ts';

/**
 * How long building indexes took in the journal's last attempt that came through load and indexes, and comparing in the last that came
 * through that, stops and failures taken out; null when none did. What was already done when the step checked has no time. Pure.
 */
export function pastAttempt(journal: Iterable<JournalEntry>): PastAttempt | null {
  const startedMs = new Map<string, number>();
  const tookMs = new Map<string, number>();
  let heardMs = 0;
  const last: {indexMs: number | null; compareMs: number | null} = {indexMs: null, compareMs: null};
  const end = (step: string, endMs: number): void => {
    const start = startedMs.get(step);
    if (start !== undefined) tookMs.set(step, (tookMs.get(step) ?? 0) + endMs - start);
    startedMs.delete(step);
  };
  for (const entry of journal) {
    const atMs = Date.parse(entry.at);
    // A supervisor that died has ended its step with its last word.
    if (entry.type === 'supervisor.started') for (const step of startedMs.keys()) end(step, heardMs);
    if (entry.type === 'boundary.captured') tookMs.clear();
    if (entry.type === 'step.started') startedMs.set(entry.step, atMs);
    if (entry.type === 'step.failed' || entry.type === 'step.unfinished') end(entry.step, atMs);
    if (entry.type === 'step.done') {
      if (entry.already) startedMs.delete(entry.step);
      end(entry.step, atMs);
      if (entry.step === 'build-indexes') {
        const [loadMs = 0, indexMs = 0] = [tookMs.get('full-load'), tookMs.get('build-indexes')];
        if (!entry.already && loadMs > 0) last.indexMs = indexMs;
        tookMs.clear();
      }
      const compareMs = tookMs.get('compare-rows');
      if (entry.step === 'compare-rows' && !entry.already && compareMs !== undefined) last.compareMs = compareMs;
    }
    heardMs = atMs;
  }
  return last.indexMs === null && last.compareMs === null ? null : last;
}
