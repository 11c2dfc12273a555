/** The phases of a move, in order. */
export type Phase = 'prepare' | 'anchor' | 'load' | 'cdc' | 'cutover' | 'clean-up';

/**
 * Every step that a move can have, by its phase. They are final: journals hold them, and a reader of any version has to know them, also
 * those that no step of this version has yet.
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
  'clean-up': ['clean-up'],
} as const satisfies Record<Phase, readonly string[]>;

/** The ids of all steps, phase by phase. No run has all of them: see runbookIds. */
export const STEP_IDS = [
  ...STEPS_OF.prepare,
  ...STEPS_OF.anchor,
  ...STEPS_OF.load,
  ...STEPS_OF.cdc,
  ...STEPS_OF.cutover,
  ...STEPS_OF['clean-up'],
] as const;

/** The name of a step: `create-slots`. */
export type StepId = (typeof STEP_IDS)[number];

/** What each engine of change capture does before the pause, in its own order. Why: docs/decisions/0030. */
const ANCHOR_OF = {
  dms: ['create-slots', 'create-node', 'create-replication-sets', 'add-tables', 'prepare-cdc'],
  // The other way round rows arrive before the load.
  pglogical: ['create-node', 'create-replication-sets', 'prepare-cdc', 'add-tables'],
  native: ['create-publications', 'create-slots'],
  none: [],
} as const satisfies Record<string, readonly StepId[]>;

/** What is of no use to a plain copy: nobody writes to the target before the application does. */
const OF_CHANGE_CAPTURE: readonly StepId[] = [
  'create-sentinels',
  ...STEPS_OF.cdc,
  ...STEPS_OF.cutover,
  ...STEPS_OF['clean-up'],
];

/** The ids of steps that this version has not. A step that is written is taken out of here. */
const TO_COME: readonly StepId[] = [
  'create-sentinels',
  'create-publications',
  'prepare-cdc',
  'compare-objects',
  ...STEPS_OF.cdc,
  ...STEPS_OF.cutover,
  ...STEPS_OF['clean-up'],
];

/** An engine of change capture, whether this version runs it or not. */
export type NamedEngine = keyof typeof ANCHOR_OF;

/** Every step that a move with this engine has once all are written, in order. Pure. */
export function finalRunbookIds(engine: NamedEngine): StepId[] {
  const own: readonly StepId[] = ANCHOR_OF[engine];
  const engines: readonly StepId[] = Object.values(ANCHOR_OF).flat();
  const all = STEP_IDS.flatMap((id): readonly StepId[] => {
    if (id === 'pause-replay') return [...own, id];
    return engines.includes(id) ? [] : [id];
  });
  return own.length > 0 ? all : all.filter((id) => !OF_CHANGE_CAPTURE.includes(id));
}

/** The steps of a run with this engine, in order, as this version has them. Pure. */
export function runbookIds(engine: NamedEngine): StepId[] {
  return finalRunbookIds(engine).filter((id) => WRITTEN_STEP_IDS.includes(id));
}

/** The phase that a step belongs to. Pure. */
export function phaseOf(id: StepId): Phase {
  const [found] = PHASES.filter((phase) => isOf(phase, id));
  if (found === undefined) throw new Error(`bug: ${id} is in no phase`);
  return found;
}

const PHASES: readonly Phase[] = ['prepare', 'anchor', 'load', 'cdc', 'cutover', 'clean-up'];

function isOf(phase: Phase, id: StepId): boolean {
  const ids: readonly StepId[] = STEPS_OF[phase];
  return ids.includes(id);
}

/** The ids of the steps that this version has, with one engine or another. */
export const WRITTEN_STEP_IDS: readonly StepId[] = STEP_IDS.filter((id) => !TO_COME.includes(id));

/** Whether the text names a step that this version has. */
export function isStepId(text: string): text is StepId {
  return WRITTEN_STEP_IDS.some((id) => id === text);
}
