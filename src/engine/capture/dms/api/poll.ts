import type {StepContext} from '../../../step.ts';

/** Soon at first, and then as often as AWS wants to be asked. */
const FIRST_MS = 250;
const MOST_MS = 5000;

/** Asks DMS again and again, ever less often, until the answer is not null, at most for `limitMs`; null when the time is over. Rejects when the run is stopped. */
export async function poll<T>(
  {steady, sleep}: Pick<StepContext, 'steady' | 'sleep'>,
  limitMs: number,
  ask: () => Promise<T | null>,
): Promise<T | null> {
  const end = steady() + limitMs;
  for (let waitMs = FIRST_MS; ; waitMs = Math.min(MOST_MS, waitMs * 2)) {
    const answer = await ask();
    if (answer !== null || steady() >= end) return answer;
    await sleep(waitMs);
  }
}
