import {carriedOut, forPeople, of, type Remedy} from '../remedy.ts';

const RIGHTS = 'test/e2e/pglogical/rights.test.ts';
const FAULTS = 'test/e2e/pglogical/faults.test.ts';
const EACH = 'what is missing on the target is named with what gives it, and that is carried out as it is written';
const WAY = 'a target that does not reach the source is told the way that it has tried, without the password';
const CONTINUED =
  'a supervisor that ends after any statement of prepare-cdc and start-cdc is gone on from there, from exactly P';
const STUCK = 'a row that is in the way stops its slot alone; the transaction is shown, and skipped by its command';

/** What change capture by pglogical's subscriptions says. */
export const OF_PGLOGICAL: readonly Remedy[] = [
  ...of('engine/capture/pglogical/check-not-sent.ts', [
    [
      'end these subscriptions before the run, leave their tables out (tables.exclude in longhaul.yaml), or take cdc.engine: native, which sends it',
      'the source subscribes to another server',
      forPeople('who replicates there, its operator says'),
    ],
    [
      'have them DELETE until the cutover; or on the source, as superuser: …',
      'sessions of a role begin as a replica’s, in which pglogical’s trigger does not fire',
      forPeople('whose setting it is, its owner says'),
    ],
  ]),
  ...of('engine/capture/pglogical/adoption.ts', [
    [
      "on the target, as superuser: …; …; then give the command again; where it fails at another table, mend that first (the target's log says which)",
      'a slot is down at a table that is to be adopted, and the role may not have it pass over that',
      carriedOut(
        'test/e2e/capture/taken-out.test.ts',
        'a slot that fails at a table, for somebody else has had it captured, goes on with the adoption of that; without the right to pass over it what gives that is said',
      ),
    ],
  ]),
  ...of('engine/capture/pglogical/anchor/judge-prepared.ts', [
    [
      'when nobody replicates to or from there, on the target: SELECT pglogical.drop_node(…); then longhaul run',
      'the target is a node already',
      forPeople('who replicates there, its operator says'),
    ],
    [
      'when nobody needs it, on the target: SELECT pglogical.drop_subscription(…); else set another slots.prefix in longhaul.yaml',
      'a subscription of our name is there',
      forPeople('whether anybody needs it, its owner says'),
    ],
    [
      'set another slots.prefix in longhaul.yaml; or, when nobody needs it, on the source, as superuser: SELECT pg_drop_replication_slot(…)',
      'a slot is called as pglogical would call one of ours',
      forPeople('whose slot that is, and whether anybody needs it'),
    ],
  ]),
  ...of('engine/capture/pglogical/anchor/prepare-cdc.ts', [
    [
      "the target's server must reach the source as …, and itself as …: cdc.source_for_target and cdc.target_for_itself in longhaul.yaml name other ways; see pg_hba.conf on both; then longhaul run",
      'the target does not reach the source, or itself',
      carriedOut(RIGHTS, WAY),
    ],
  ]),
  ...of('engine/capture/pglogical/anchor/wait-for-slot.ts', [
    [
      "see the target's log (sets, slots, senders and logins of the source; workers of the target); then the same command again",
      'a subscription does not make its slot',
      forPeople('only the log of the target says why'),
    ],
    ['…; then run again', 'a transaction holds up the slot', forPeople('as create-slots.howToEnd carries it out')],
    [
      'see pg_stat_replication on the source for who reads it; then longhaul run',
      'somebody else reads the slot',
      forPeople('who reads it has to be found first'),
    ],
  ]),
  ...of('engine/capture/pglogical/check-pglogical-target.ts', [
    [
      'install it there first, or the server will not start again (RDS: rds.logical_replication and shared_preload_libraries of its parameter group); on the target, as superuser: …; restart the target',
      'pglogical is not loaded on the target',
      carriedOut(RIGHTS, EACH),
    ],
    [
      'read the list with SHOW shared_preload_libraries, and set it with ALTER SYSTEM to every name of it and pglogical, each name quoted by itself',
      'the role may not see the list of libraries',
      forPeople('the list is theirs to read'),
    ],
    [
      'on the target, as superuser, in the database that is loaded and in one transaction: BEGIN; CREATE EXTENSION pglogical; …; GRANT SELECT ON ALL TABLES IN SCHEMA pglogical TO …; …; COMMIT',
      'the extension is not there',
      carriedOut(RIGHTS, EACH),
    ],
    [
      'on the target, as superuser, in the database that is loaded: …',
      'the role may not use pglogical',
      forPeople('the same words as source.pglogical-usage'),
    ],
    [
      'on the target, as superuser, in the database that is loaded: BEGIN; …; COMMIT',
      'everybody may call its functions',
      carriedOut(RIGHTS, EACH),
    ],
    [
      'before 14 only a superuser may; on the target, as superuser: ALTER ROLE … SUPERUSER',
      'the role may not set an origin, before 14',
      forPeople('whether it may be one'),
    ],
    [
      'on the target, as superuser: GRANT EXECUTE ON FUNCTION pg_replication_origin_advance(text, pg_lsn), pg_replication_origin_progress(text, boolean) TO …',
      'the role may not set an origin',
      carriedOut(RIGHTS, EACH),
    ],
    [
      'on the target, as superuser: GRANT pg_monitor TO …',
      'the role sees no workers',
      forPeople('grants/target.sql grants it'),
    ],
    [
      "on the target, as superuser: ALTER SYSTEM SET pglogical.conflict_resolution = 'apply_remote'; SELECT pg_reload_conf()",
      'updates may be lost',
      carriedOut(RIGHTS, EACH),
    ],
    [
      'on the target, as superuser: ALTER SYSTEM SET track_commit_timestamp = off; restart the target; or compare every row before cutover',
      'strict mode cannot be had beside track_commit_timestamp',
      carriedOut(RIGHTS, EACH),
    ],
    [
      'on the target, as superuser: GRANT SET ON PARAMETER pglogical.conflict_log_level TO …',
      'the role may not set strict mode',
      carriedOut(RIGHTS, EACH),
    ],
    [
      "before 15 only a superuser sets it (on RDS: the parameter group); on the target, as superuser: ALTER SYSTEM SET pglogical.conflict_log_level = 'error'; SELECT pg_reload_conf()",
      'the role may not set strict mode, before 15',
      forPeople('a target before 15 with pglogical is in no lab'),
    ],
    [
      'on the target, as superuser: …; restart the target; or lower slots.count',
      'workers or origins are too few',
      forPeople('one number and a restart, as source.max_worker_processes carries it out'),
    ],
    [
      'see ALTER DATABASE and ALTER ROLE … SET there, and take it away for as long as changes are applied',
      'workers inherit a time-out',
      forPeople('whose setting it is, its owner says'),
    ],
  ]),
  ...of('engine/capture/pglogical/control.ts', [
    [
      'longhaul run says what is to be done: start-cdc checks it',
      'a subscription is gone',
      forPeople('the run goes on with it'),
    ],
    ['longhaul run sets it to P and enables it', 'a subscription is not at P', carriedOut(FAULTS, CONTINUED)],
    [
      "see the target's log; longhaul cdc skip … shows which transaction it is stuck on now",
      'a transaction was skipped, and another is in the way',
      carriedOut(FAULTS, STUCK),
    ],
  ]),
  ...of('engine/capture/pglogical/data.ts', [
    [
      'give them a primary key and REPLICA IDENTITY DEFAULT (a unique index made CONCURRENTLY, then ADD PRIMARY KEY USING INDEX, keeps the lock short); or let nobody update or delete in them until cutover',
      'tables have no key',
      forPeople('what a key is, their owner says'),
    ],
  ]),
  ...of('engine/capture/pglogical/plan-removal.ts', [
    [
      "end what it waits for on the target, never one of pglogical's own processes; then the same command again",
      'a worker does not end',
      forPeople('whose lock it is'),
    ],
  ]),
  ...of('engine/capture/pglogical/start/judge-start.ts', [
    [
      'make it a plain table on the target, and load it: longhaul abort, then a new run into an empty database',
      'a table is of another kind on the target',
      forPeople('who has made it so'),
    ],
  ]),
];
