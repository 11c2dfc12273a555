import type {RunState} from '../../domain/run/run-state.ts';
import {readTold} from '../../engine/told/told-file.ts';
import {readUntold, type Untold} from '../../engine/told/untold.ts';
import type {OpenRun} from './open-run.ts';

/** What longhaul.yaml and plan.yaml say that the supervisor which lives does not go by; nothing where it has not said what it was told. */
export async function untoldOf({config, folder}: OpenRun, state: RunState): Promise<readonly Untold[]> {
  const told = await readTold(folder, state.supervisor?.pid ?? null);
  return told === null ? [] : readUntold({config, folder, state, told});
}

/** It as a line: what was changed, and what to do. Pure. */
export function describeUntold({seen, remedy}: Untold): string {
  return `  CHANGED: ${seen}; ${remedy}`;
}
