import type {CaptureTopic, Told} from '../../preflight/database/told.ts';

/** What DMS, reading slots of the plugin pglogical, does not carry as it is. */
export const DMS_DATA: Readonly<Record<CaptureTopic, Told>> = {
  'no replica key': {
    severity: 'warning',
    check: 'no-key',
    words: 'the WAL names no key of their rows: their inserts are captured, their updates and deletes are not',
    remedy:
      'give them a primary key and REPLICA IDENTITY DEFAULT (a unique index made CONCURRENTLY, then ADD PRIMARY KEY USING INDEX, keeps the lock short); or let nobody update or delete in them until cutover',
  },
  'numeric or char': {
    severity: 'note',
    check: 'dms-types',
    words: 'columns of numeric without precision or char(n): DMS rounds or trims them unless told otherwise',
  },
  'deferrable or exclusion': {
    severity: 'note',
    check: 'constraints',
    words: 'deferrable or exclusion constraints: an apply in another order may trip over them',
  },
  'replica identity': {
    severity: 'note',
    check: 'replica-identity',
    words:
      'a replica identity that is not the default: FULL and NOTHING carry no updates and deletes through pglogical',
  },
  'unique beside the key': {
    severity: 'note',
    check: 'unique',
    words: "unique indexes beside the primary key: DMS's batch apply fails on them (load.unique: after-catch-up)",
  },
  'lob column': {
    severity: 'note',
    check: 'lobs',
    words: 'columns that are LOBs to DMS; the inventory (longhaul plan) measures the largest value of each in kB',
  },
};
