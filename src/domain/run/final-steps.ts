/** The phases of a move, in order. */
export type Phase = 'prepare' | 'anchor' | 'load' | 'cdc' | 'cutover' | 'back' | 'clean-up';

/**
 * Every step that a move will have, by its phase, those to come among them. Journals hold these names, so they are final: a step is written
 * under the name that it has here. Why: docs/decisions/0030.
 */
const STEPS_OF = {
  prepare: ['preflight', 'create-sentinels', 'inventory', 'plan-slots', 'copy-globals', 'copy-schema'],
  anchor: [
    'create-slots',
    'create-node',
    'create-replication-sets',
    'create-publications',
    'add-tables',
    'prepare-cdc',
    'pause-replay',
    'capture-boundary',
    'prove-boundary',
  ],
  load: ['strip-target', 'full-load', 'build-indexes', 'compare-rows', 'compare-objects', 'resume-replay'],
  cdc: ['start-cdc', 'wait-for-catch-up', 'restore-unique', 'compare-again'],
  cutover: [
    'prepare-reverse',
    'stop-writes',
    'drain',
    'copy-the-rest',
    'copy-sequences',
    'restore-triggers-and-keys',
    'compare-final',
    'start-reverse',
    'hand-over',
    'validate-constraints',
  ],
  // The cutover the other way round.
  back: [
    'back-stop-writes',
    'back-drain',
    'back-copy-the-rest',
    'back-copy-sequences',
    'back-start-forward',
    'back-hand-over',
  ],
  'clean-up': ['clean-up'],
} as const satisfies Readonly<Record<Phase, readonly string[]>>;

/** The name of a step, whether this version has it or not. */
export type FinalStepId = (typeof STEPS_OF)[Phase][number];

/** Every step that a move will have, phase by phase. */
export const FINAL_STEP_IDS: readonly FinalStepId[] = Object.values(STEPS_OF).flat();

const PHASES: readonly Phase[] = ['prepare', 'anchor', 'load', 'cdc', 'cutover', 'back', 'clean-up'];

/** What each engine of change capture does before the pause, in its own order. */
const ANCHOR_OF = {
  dms: ['create-slots', 'create-node', 'create-replication-sets', 'add-tables', 'prepare-cdc'],
  // The other way round rows arrive before the load.
  pglogical: ['create-node', 'create-replication-sets', 'prepare-cdc', 'add-tables'],
  native: ['create-publications', 'create-slots'],
  none: [],
} as const satisfies Readonly<Record<string, readonly FinalStepId[]>>;

/** An engine of change capture, whether this version runs it or not. */
export type NamedEngine = keyof typeof ANCHOR_OF;

/** What is of no use to a plain copy, behind the load: nobody writes to the target before the application does. */
const OF_CHANGE_CAPTURE: readonly Phase[] = ['cdc', 'cutover', 'back', 'clean-up'];

/** Every step that a move with this engine has once all are written, in order. Pure. */
export function finalRunbookIds(engine: NamedEngine): FinalStepId[] {
  const own: readonly FinalStepId[] = ANCHOR_OF[engine];
  const engines: readonly FinalStepId[] = Object.values(ANCHOR_OF).flat();
  const all = PHASES.flatMap((phase): readonly FinalStepId[] => STEPS_OF[phase]).flatMap((id) => {
    if (id === 'pause-replay') return [...own, id];
    return engines.includes(id) ? [] : [id];
  });
  if (own.length > 0) return all;
  return all.filter((id) => id !== 'create-sentinels' && !OF_CHANGE_CAPTURE.includes(phaseOf(id)));
}

/** The phase that a step belongs to. Pure. */
export function phaseOf(id: FinalStepId): Phase {
  const found = PHASES.find((phase) => STEPS_OF[phase].some((one) => one === id));
  if (found === undefined) throw new Error(`bug: ${id} is in no phase`);
  return found;
}

/** Whether a step is walked on its own, behind the run: of the cutover, the way back and the clean-up. Pure. */
export function isWalkedAlone(id: FinalStepId): boolean {
  return ALONE.includes(phaseOf(id));
}

const ALONE: readonly Phase[] = ['cutover', 'back', 'clean-up'];
