import {describe, expect, test} from 'vitest';
import {SITUATIONS} from '../engine/remedies/table.ts';
import {OLD_SITUATIONS} from '../engine/remedies/old-table.ts';
import {remediesWithSql} from './remedies-in-source.ts';

/** Every place of the sources whose remedy has SQL, with the situations that carry it out literally, or why none does. */
const TRIED: Readonly<Record<string, readonly string[] | string>> = {
  'alter-system.ts setList': ['source.wal-level', 'source.preload', 'source.plugins', 'replica.feedback'],
  'alter-system.ts setNumber': ['source.max_wal_senders', 'source.keep-size'],
  'capture-alarms.ts remedy': 'whose the lock is on the target has to be asked first',
  'control.ts planSkip': 'as check-target.ts subscribe, whose remedy is the same statement',
  'cut-off.ts loopOf': 'test/e2e/native/during-large.test.ts carries it out, nightly',
  'guard-alarms.ts target.open': 'test/e2e/native/during-large.test.ts carries it out, nightly',
  'check-read-only.ts read-only': 'whose the database is to be, its owner says',
  'check-source-settings.ts idle-slots': 'the same statement as source.keep-size, for a setting of 18',
  'check-connections.ts connection-limit': 'test/engine/preflight/preflight.pg.test.ts carries it out on the target',
  'check-connections.ts connection-limit-copied': 'the same statement, for the target before the run',
  'check-connections.ts max-connections': 'one number and a restart, as source.max_worker_processes carries it out',
  'check-data.ts changeType': ['data.type-gone'],
  'check-data.ts invalid-index': ['data.invalid-index'],
  'check-data.ts unlogged': ['data.unlogged'],
  'check-data.ts with-oids': ['data.with-oids'],
  'check-replica.ts feedback': ['replica.feedback'],
  'check-replica.ts may-not-pause': ['replica.may-not-pause'],
  'check-replica.ts paused': ['replica.paused'],
  'check-rights.ts large-objects': ['source.large-objects'],
  'check-rights.ts row-security': ['source.row-security'],
  'check-rights.ts select': ['source.select'],
  'check-source-rights.ts checkpoint': ['source.checkpoint'],
  'check-source-rights.ts remedy': ['source.replication'],
  'check-sentinels.ts create-schema': 'test/e2e/dms/faults.test.ts carries it out',
  'check-source.ts create-in-database': 'test/e2e/native/faults.test.ts carries it out',
  'check-source.ts publish-superusers': 'whose the tables are to be, their owner says',
  'check-source-settings.ts keep-size': ['source.keep-size'],
  'check-source-settings.ts onReplica': ['source.max_wal_senders', 'source.max_worker_processes'],
  'check-source-settings.ts onSource': ['source.max_replication_slots', 'source.max_wal_senders'],
  'check-source-settings.ts plugins': ['source.plugins'],
  'check-source-settings.ts preload': ['source.preload'],
  'check-source-settings.ts wal-level': ['source.wal-level'],
  'check-source-node.ts node': ['source.node'],
  'check-source-slots.ts source.slot-name': ['create-slots.taken'],
  'check-target.ts apply-': 'whose setting it is on the target, its owner says',
  'check-target.ts name': 'one number and a restart, as source.max_worker_processes carries it out',
  'check-target.ts origin': 'test/e2e/native/faults.test.ts carries it out',
  'check-target.ts subscribe': 'test/e2e/native/faults.test.ts carries it out',
  'check-pglogical-target.ts conflict-resolution': 'test/e2e/pglogical/rights.test.ts carries it out',
  'check-pglogical-target.ts how': 'test/e2e/pglogical/rights.test.ts carries it out',
  'check-pglogical-target.ts origin': 'test/e2e/pglogical/rights.test.ts carries it out',
  'check-pglogical-target.ts pglogical': 'test/e2e/pglogical/rights.test.ts carries it out',
  'check-pglogical-target.ts pglogical-open': 'test/e2e/pglogical/rights.test.ts carries it out',
  'check-pglogical-target.ts pglogical-usage': 'the same words as source.pglogical-usage',
  'check-pglogical-target.ts preload': 'test/e2e/pglogical/rights.test.ts carries it out',
  'check-pglogical-target.ts remedy': 'test/e2e/pglogical/rights.test.ts carries it out',
  'check-pglogical-target.ts setting': 'one number and a restart, as source.max_worker_processes carries it out',
  'check-pglogical-target.ts apply-': 'whose setting it is on the target, its owner says',
  'check-pglogical-target.ts workers-seen': 'names a right only; grants/target.sql grants it, in every lab',
  'judge-prepared.ts prepare-cdc.node': 'for the target, where its operator knows who uses it',
  'judge-prepared.ts prepare-cdc.slot': ['create-slots.taken'],
  'judge-prepared.ts prepare-cdc.taken': 'for the target, where its operator knows who uses it',
  'check-reverse.ts keep-size': 'one number and a reload, as source.max_worker_processes carries one out',
  'check-reverse.ts name': 'one number and a restart, as source.max_worker_processes carries it out',
  'check-reverse.ts replication': 'grants/way-back-target.sql has it, and test/e2e/back rests on it',
  'check-reverse.ts wal-level': 'one setting and a restart; the labs of test/e2e/back have it',
  'check-target.ts create': ['target.create'],
  'check-target.ts create-role': ['target.create-role'],
  'check-target.ts extension-rights': ['target.extension-rights'],
  'check-target.ts replication-role': ['target.replication-role'],
  'check-timeline.ts level': ['source.wal-senders'],
  'check-timeline.ts may-not-identify': ['source.may-not-identify'],
  'check-timeline.ts raiseSenders': ['source.wal-senders'],
  'check-lock-tables.ts judgeLockTable':
    'one number and a restart, the standbys first, as source.max_worker_processes carries it out',
  'check-target-schema.ts check-of-its-own': 'for the target, where its operator knows whether the check is wanted',
  'check-tablespaces.ts tablespaces': 'for the target, after the move, where somebody wants it',
  'create-replication-sets.ts create-replication-sets.taken': ['create-replication-sets.taken'],
  'create-slots.ts create-slots.taken': ['create-slots.taken'],
  'disk.ts mayNotMeasure': 'names a right only; grants/source.sql grants it, in every lab',
  'how-to-end.ts ends': ['create-slots.howToEnd'],
  'how-to-end.ts kept': ['source.open-transaction'],
  'judge-boundary.ts endReader': ['prove-boundary.endReader'],
  'judge-pglogical.ts members': 'what applications do, not what we say that they do',
  'judge-pglogical.ts pglogical': ['source.pglogical'],
  'judge-pglogical.ts pglogical-open': ['source.pglogical-open'],
  'judge-pglogical.ts pglogical-public': ['source.pglogical-public'],
  'judge-pglogical.ts pglogical-usage': ['source.pglogical-usage'],
  'lane-log.ts ECHO': 'no advice: what psql echoes of a unit',
  'pause-clear-of-locks.ts stillLocked': 'test/cases/stories/exclusive-lock.pg.test.ts carries it out',
  'pglogical-rights.ts callingBy': ['source.pglogical', 'source.pglogical-usage'],
  'pglogical-rights.ts createPglogical': ['source.pglogical'],
  'pglogical-rights.ts openPglogicalTo': ['source.pglogical-usage'],
  'pglogical-rights.ts pglogicalClosed': ['source.pglogical-open'],
  'pglogical-rights.ts pglogicalForApplications': ['source.pglogical-public'],
  'reverse.ts dropping': 'no advice: what is done, and shown before',
  'rehearse.ts cutover.roles': 'why a role writes all the same, its owner knows',
  'rehearse.ts cutover.superusers': 'whose session it is, and whether it may be ended, its owner knows',
  'release-words.ts NOT_FREED': ['release.NOT_FREED'],
  'run-alarms.ts judgeTransactions':
    'which of both is right is for the owner to say; source.open-transaction carries both out',
  'wraparound-alarms.ts judgeAge': ['wraparound.xid'],
  'slot-cap.ts judgeCap': ['slot.cap'],
  'slot-alarms.ts remedyForForeign': ['slot.retained'],
  'slot-alarms.ts slot.unreserved': ['slot.unreserved'],
  'transactions.ts grant': 'names a right only; grants/source.sql grants it, in every lab',
  'wal.ts remedyFor': 'names a right only; grants/source.sql grants it, in every lab',
};

describe('remedies with SQL for production', () => {
  test('are all in the table of those that are carried out, or it says why not', () => {
    expect(remediesWithSql()).toEqual(Object.keys(TRIED).toSorted());
  });

  // That each situation is of one: test/remedies/register.test.ts.
  test('are carried out by a situation that there is', () => {
    const ids = new Set([...SITUATIONS, ...OLD_SITUATIONS].map(({id}) => id));
    const named = Object.values(TRIED).flatMap((one) => (typeof one === 'string' ? [] : one));
    expect(named.filter((id) => !ids.has(id))).toEqual([]);
  });
});
