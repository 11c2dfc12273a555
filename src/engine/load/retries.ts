import type {UnitState} from '../../domain/run/run-state.ts';
import type {StepContext} from '../step.ts';

/** Whether the time of a failed unit has come to be tried again. */
export type IsDue = (unit: UnitState) => boolean;

/**
 * Says it by the steady clock: what is left of a wait is reckoned once, when the unit is first seen with it, so that nobody who sets the jump box's
 * clock lengthens or shortens it. A supervisor that was started meanwhile goes by the journal's time.
 */
export function createRetries({now, steady}: Pick<StepContext, 'now' | 'steady'>): IsDue {
  const dueAt = new Map<string, {readonly retryAt: string; readonly steadyMs: number}>();
  return ({id, state}) => {
    if (state.status !== 'failed' || state.retryAt === null) return false;
    const known = dueAt.get(id);
    const due =
      known?.retryAt === state.retryAt
        ? known
        : {retryAt: state.retryAt, steadyMs: steady() + Date.parse(state.retryAt) - now()};
    dueAt.set(id, due);
    return steady() >= due.steadyMs;
  };
}
