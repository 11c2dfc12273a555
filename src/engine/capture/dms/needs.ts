/** DMS reads a slot of the plugin pglogical for each of its tasks; pglogical's own subscriptions use another. */
export const DMS_NEEDS = {
  slots: {plugin: 'pglogical', members: {what: 'replication sets', step: 'add-tables'}},
  lobLimits: true,
} as const;
