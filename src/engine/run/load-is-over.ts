import {allCommitted, whatNeedsBoundary, type RunState} from '../../domain/run/run-state.ts';
import type {Served} from '../../domain/run/evidence/step-evidence.ts';

/**
 * Once replay was resumed, or began to be, the steps that lead to P have served: looking at the servers would find the replica not
 * paused and the target not stripped, and do it all again. Gives their check then, null before.
 */
export function checkAfterLoad(state: RunState): {readonly done: Served; readonly findings: readonly []} | null {
  const resume = state.steps.find((step) => step.id === 'resume-replay')?.state.status;
  // A resume-replay that was refused before there was a load ends nothing; one that an operator gave by hand ends as much.
  const resumed = !state.replayPaused && (resume === 'failed' || whatNeedsBoundary(state) === null);
  const over = resume === 'done' || (allCommitted(state) && (resume === 'running' || resumed));
  return over ? {done: {served: 'the load at P is over'}, findings: []} : null;
}
