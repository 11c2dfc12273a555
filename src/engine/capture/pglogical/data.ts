import type {CaptureTopic, Told} from '../../preflight/database/told.ts';

/** What pglogical's subscriptions do not carry as it is of the data. */
export const PGLOGICAL_DATA: Readonly<Partial<Record<CaptureTopic, Told>>> = {
  'no replica key': {
    severity: 'warning',
    check: 'no-key',
    words:
      'the WAL names no key of their rows: their inserts are captured, their updates and deletes are not, so that the cutover compares these tables and copies them again while writes are stopped',
    remedy:
      'give them a primary key and REPLICA IDENTITY DEFAULT (a unique index made CONCURRENTLY, then ADD PRIMARY KEY USING INDEX, keeps the lock short); or let nobody update or delete in them until cutover',
  },
  'deferrable or exclusion': {
    severity: 'note',
    check: 'constraints',
    words:
      'deferrable or exclusion constraints: pglogical cannot apply to a table with a deferrable key, which the target gets once all is applied',
  },
  'replica identity': {
    severity: 'note',
    check: 'replica-identity',
    words:
      'a replica identity that is not the default: FULL and NOTHING carry no updates and deletes through pglogical',
  },
};
