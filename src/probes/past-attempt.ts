import type {PastAttempt} from '../domain/eta.ts';
import type {RunState} from '../domain/run-state.ts';

/** The times of full-load and build-indexes where both are done, from the run's own steps: an earlier attempt of the same run. */
export function pastAttempt(state: RunState): PastAttempt | null {
  const took = (id: 'full-load' | 'build-indexes'): number | null => {
    const step = state.steps.find((one) => one.id === id)?.state;
    return step?.status === 'done' && !step.already ? Date.parse(step.endedAt) - Date.parse(step.startedAt) : null;
  };
  const loadMs = took('full-load');
  const indexMs = took('build-indexes');
  return loadMs === null || indexMs === null || loadMs <= 0 ? null : {loadMs, indexMs};
}
