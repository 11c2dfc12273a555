import type {StepContext} from '../step.ts';

const EVERY_MS = 250;

/** Asks again and again until the answer is not null, at most for `limitMs`; null when the time is over. Rejects when the run is stopped. */
export async function waitUntil<T>(
  {steady, sleep}: Pick<StepContext, 'steady' | 'sleep'>,
  limitMs: number,
  ask: () => Promise<T | null>,
  everyMs = EVERY_MS,
): Promise<T | null> {
  const end = steady() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer !== null || steady() >= end) return answer;
    await sleep(everyMs);
  }
}
