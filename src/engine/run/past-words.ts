import type {StepId} from '../../domain/run/step-id.ts';
import type {StepContext} from '../step.ts';

/** A list of words in what a step came to when it was last done; empty where it has none. */
export function pastWords(ctx: Pick<StepContext, 'state'>, step: StepId, key: string): string[] {
  const words = ctx.state().evidence[step]?.[key];
  return Array.isArray(words) ? words.filter((word) => typeof word === 'string') : [];
}
