const MB = 1024 ** 2;

/** A table that change capture does not carry whole, as one side tells of it. */
export const FACTS = {
  schema: 'public',
  name: 'log',
  oid: '16400',
  file: '16400',
  bytes: 10 * MB,
  heapBytes: 10 * MB,
  rows: 1_000_000,
  changed: 5 as number | null,
  countedSince: null,
  mayTruncate: true,
  mayWrite: true,
  maySwitch: true,
  hasTriggers: false,
  hasRules: false,
};
