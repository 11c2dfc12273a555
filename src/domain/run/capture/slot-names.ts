import type {RunState} from '../run-state.ts';
import type {StepId} from '../step-id.ts';

/**
 * What a slot of the plan is called on the source: its own name, or with an engine that makes its slots by itself the one that it has made up. `dms_slot_01` →
 * `pgl_app_longhaul_dms_slot_01`. Pure.
 */
export function slotOnSource({evidence}: Pick<RunState, 'evidence'>, planned: string): string {
  return madeUp({evidence}).find((one) => one.planned === planned)?.name ?? planned;
}

/** The other way: what a slot of the source is called in the plan. Pure. */
export function slotAsPlanned({evidence}: Pick<RunState, 'evidence'>, onSource: string): string {
  return madeUp({evidence}).find((one) => one.name === onSource)?.planned ?? onSource;
}

/** Of both directions: those of the way back have names of their own. */
function madeUp({evidence}: Pick<RunState, 'evidence'>): readonly {readonly name: string; readonly planned?: string}[] {
  return [...(evidence['prepare-cdc']?.slots ?? []), ...(evidence['prepare-reverse']?.slots ?? [])];
}

/** The step of this run that makes its slots. Pure. */
export function stepOfSlots({steps}: Pick<RunState, 'steps'>): StepId {
  return steps.some(({id}) => id === 'create-slots') ? 'create-slots' : 'prepare-cdc';
}
