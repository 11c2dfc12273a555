import type {PastAttempt} from '../domain/estimate-load.ts';
import type {JournalEntry} from '../domain/event.ts';

/**
 * How long loading and building indexes took in the journal's last attempt that came through both; null when none did. What was already
 * done when the step looked has no time of its own. Pure.
 */
export function pastAttempt(journal: Iterable<JournalEntry>): PastAttempt | null {
  const startedMs = new Map<string, number>();
  const tookMs = new Map<string, number>();
  let last: PastAttempt | null = null;
  for (const entry of journal) {
    if (entry.type === 'step.started') startedMs.set(entry.step, Date.parse(entry.at));
    if (entry.type !== 'step.done' || entry.already) continue;
    tookMs.set(entry.step, Date.parse(entry.at) - (startedMs.get(entry.step) ?? Date.parse(entry.at)));
    const loadMs = tookMs.get('full-load') ?? 0;
    if (entry.step === 'build-indexes' && loadMs > 0) last = {loadMs, indexMs: tookMs.get('build-indexes') ?? 0};
  }
  return last;
}
