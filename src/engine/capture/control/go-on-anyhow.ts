import type {RunState} from '../../../domain/run/run-state.ts';
import type {Action} from '../../action.ts';
import {executeAll} from '../../make-action.ts';
import type {StepContext} from '../../step.ts';
import type {LiveCapture} from '../capture.ts';

/** A slot whose changes may be stopped on the way of something else. */
export interface Going {
  readonly slot: string;
  readonly state: () => Pick<RunState, 'capture' | 'fence'>;
  /** What lets its changes be applied again, read anew. */
  readonly planResume: () => Promise<readonly Action[]>;
}

/** How a slot's changes go on. */
export function goingOf(ctx: StepContext, live: Pick<LiveCapture, 'planResume'>, slot: string): Going {
  return {slot, state: ctx.state, planResume: async () => live.planResume(ctx, slot)};
}

/**
 * Executes what may stop applying a slot's changes on its way. Where it fails, the slot is not left so: as far as the servers let it, it goes on, before the error does.
 */
export async function orGoOn(going: Going, actions: readonly Action[]): Promise<void> {
  try {
    await executeAll(actions);
  } catch (error) {
    await goOnAnyhow(going);
    throw error;
  }
}

/** Lets it go on, where nobody has paused it and no fence holds it; why it cannot is what has failed before. */
export async function goOnAnyhow({slot, state, planResume}: Going): Promise<void> {
  const {capture, fence} = state();
  if (fence?.slots.includes(slot) === true || capture.paused.some((one) => one.slot === slot)) return;
  try {
    await executeAll(await planResume());
  } catch {
    // It is stopped still, which is an alarm by itself.
  }
}
