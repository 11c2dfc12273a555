import type {CaptureTopic, Told} from '../../preflight/database/told.ts';

/** What subscriptions do not carry as it is of the data. */
export const NATIVE_DATA: Readonly<Partial<Record<CaptureTopic, Told>>> = {
  'no replica key': {
    severity: 'warning',
    check: 'no-key',
    words:
      'the WAL names no key of their rows: their inserts are captured, and without REPLICA IDENTITY FULL their updates and deletes are not, so that the cutover compares these tables and copies them again while writes are stopped',
    remedy:
      'give them a primary key and REPLICA IDENTITY DEFAULT (a unique index made CONCURRENTLY, then ADD PRIMARY KEY USING INDEX, keeps the lock short); or REPLICA IDENTITY FULL where they are small; or let nobody update or delete in them until cutover',
  },
  'replica identity': {
    severity: 'note',
    check: 'replica-identity',
    words:
      'a replica identity that is not the default: with FULL each changed row is searched for in the whole table on the target, with NOTHING updates and deletes are not captured',
  },
};
