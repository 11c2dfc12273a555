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
const NOT_YET: Readonly<Partial<Record<NamedEngine, readonly StepId[]>>> = {};

/** Steps that are somebody else's where he starts change capture by hand, and says so: `longhaul cdc-started`. */
const BY_HAND: Readonly<Partial<Record<NamedEngine, readonly StepId[]>>> = {
  dms: ['create-sentinels', 'prepare-cdc', 'start-cdc', 'wait-for-catch-up', 'restore-unique', 'compare-again'],
};

/** Whether the tasks of DMS are the run's (`cdc.dms`), or somebody starts them by hand. */
interface Tasks {
  readonly ownTasks: boolean;
}

const NONE_OWN: Tasks = {ownTasks: false};

/** The steps of a run with this engine, in order, as this version has them; those of the cutover are walked on their own. Pure. */
export function runbookIds(engine: NamedEngine, tasks: Tasks = NONE_OWN): StepId[] {
  return idsOf(engine, tasks).filter((id) => !isWalkedAlone(id));
}

/** The steps of the cutover with this engine, in order. Pure. */
export function cutoverIds(engine: NamedEngine): StepId[] {
  return idsOf(engine, NONE_OWN).filter((id) => phaseOf(id) === 'cutover');
}

function idsOf(engine: NamedEngine, {ownTasks}: Tasks): StepId[] {
  const notYet = [...(NOT_YET[engine] ?? []), ...(ownTasks ? [] : (BY_HAND[engine] ?? []))];
  return finalRunbookIds(engine)
    .filter((id) => isStepId(id))
    .filter((id) => !notYet.includes(id));
}

/** Whether the text names a step that this version has. */
export function isStepId(text: string): text is StepId {
  return Object.hasOwn(EVIDENCE, text);
}
