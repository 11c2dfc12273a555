/** A subscription reads a slot of the plugin that PostgreSQL brings itself. */
export const NATIVE_NEEDS = {
  slots: {plugin: 'pgoutput', members: {what: 'publications', step: 'create-publications'}},
} as const;
