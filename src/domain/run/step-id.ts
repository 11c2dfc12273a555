import {EVIDENCE} from './evidence/step-evidence.ts';
import {
  finalRunbookIds,
  FINAL_STEP_IDS,
  isWalkedAlone,
  phaseOf,
  type FinalStepId,
  type NamedEngine,
} from './final-steps.ts';

/** The name of a step that this version has: `create-slots`. One is there as soon as its evidence is (evidence/). */
export type StepId = Extract<FinalStepId, keyof typeof EVIDENCE>;

/** The steps that this version has, with one engine of change capture or another: see runbookIds. */
export const STEP_IDS: readonly StepId[] = FINAL_STEP_IDS.filter(isStepId);

/** Steps that this version has with another engine only. */
const NOT_YET: Readonly<Partial<Record<NamedEngine, readonly StepId[]>>> = {
  // Its tasks are started by hand, and somebody says so: `longhaul cdc-started`.
  dms: ['create-sentinels', 'start-cdc', 'wait-for-catch-up', 'restore-unique', 'compare-again'],
};

/** The steps of a run with this engine, in order, as this version has them; those of the cutover are walked on their own. Pure. */
export function runbookIds(engine: NamedEngine): StepId[] {
  return idsOf(engine).filter((id) => !isWalkedAlone(id));
}

/** The steps of the cutover with this engine, in order. Pure. */
export function cutoverIds(engine: NamedEngine): StepId[] {
  return idsOf(engine).filter((id) => phaseOf(id) === 'cutover');
}

function idsOf(engine: NamedEngine): StepId[] {
  const notYet = NOT_YET[engine] ?? [];
  return finalRunbookIds(engine)
    .filter((id) => isStepId(id))
    .filter((id) => !notYet.includes(id));
}

/** Whether the text names a step that this version has. */
export function isStepId(text: string): text is StepId {
  return Object.hasOwn(EVIDENCE, text);
}
