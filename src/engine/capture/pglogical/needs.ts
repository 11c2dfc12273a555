/** A subscription of pglogical's makes its own slot, of another plugin than DMS reads; what a table is in is the same. */
export const PGLOGICAL_NEEDS = {
  slots: {plugin: 'pglogical_output', members: {what: 'replication sets', step: 'add-tables'}},
  deferrableWaits: true,
} as const;
