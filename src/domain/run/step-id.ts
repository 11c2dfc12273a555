/** The phases of a move, in order. */
export type Phase = 'prepare' | 'anchor' | 'load';

/** The steps of the runbook, in order, each with its phase. */
export const STEP_IDS = [
  'preflight',
  'inventory',
  'plan-slots',
  'copy-globals',
  'copy-schema',
  'create-slots',
  'create-node',
  'create-replication-sets',
  'add-tables',
  'pause-replay',
  'capture-boundary',
  'prove-boundary',
  'strip-target',
  'full-load',
  'build-indexes',
  'compare-rows',
  'resume-replay',
] as const;

/** The name of a step: `create-slots`. */
export type StepId = (typeof STEP_IDS)[number];

/** Whether the text names a step. */
export function isStepId(text: string): text is StepId {
  return STEP_IDS.some((id) => id === text);
}
