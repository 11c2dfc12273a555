/** The engines of change capture that this version runs, as longhaul.yaml names them. */
export const ENGINE_NAMES = ['dms', 'none'] as const;

/** The name of an engine of change capture that this version runs: `dms`. */
export type EngineName = (typeof ENGINE_NAMES)[number];

/** What the configuration takes for granted with an engine, where longhaul.yaml does not say otherwise. */
export const ENGINE_DEFAULTS: Readonly<Record<EngineName, {readonly triggers: 'after-load' | 'at-cutover'}>> = {
  dms: {triggers: 'at-cutover'},
  // The target is written to as soon as the load is in.
  none: {triggers: 'after-load'},
};

/** Engines that are planned, and that no version runs yet. */
export const ENGINES_TO_COME = ['pglogical', 'native'] as const;
