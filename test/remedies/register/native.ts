import {carriedOut, forPeople, of, type Remedy} from '../remedy.ts';

const FAULTS = 'test/e2e/native/faults.test.ts';
const RIGHTS = 'each right that is missing is named with what grants it, and that is carried out as it is written';
const ROW = 'a row that is in the way stops its slot alone, is told, and passes once it is gone';

/** What change capture by publications and subscriptions says. */
export const OF_NATIVE: readonly Remedy[] = [
  ...of('engine/capture/native/check-source.ts', [
    ['GRANT … TO …', 'tables belong to another role', carriedOut(FAULTS, RIGHTS)],
    ['on the source, as superuser: …', 'tables belong to another role', carriedOut(FAULTS, RIGHTS)],
    [
      'on the source, as superuser: GRANT CREATE ON DATABASE … TO …',
      'the role may create nothing',
      carriedOut(FAULTS, RIGHTS),
    ],
    [
      'give them to a role that is no superuser, or leave them out by tables.exclude; or on the source, as superuser: ALTER ROLE … SUPERUSER',
      'tables belong to a superuser',
      forPeople('whose the tables are to be, their owner says'),
    ],
    ['cdc.engine: dms in longhaul.yaml; or none, for a plain copy', 'a source before 10', forPeople('another engine')],
    [
      'give them a primary key and REPLICA IDENTITY DEFAULT, or see that hardly any of their rows is changed or deleted before the cutover',
      'large tables with REPLICA IDENTITY FULL',
      forPeople('what a key is, their owner says'),
    ],
  ]),
  ...of('engine/capture/native/check-target.ts', [
    [
      'before 16 only a superuser may (on RDS: rds_superuser); on the …, as superuser: ALTER ROLE … SUPERUSER',
      'the role may not subscribe, before 16',
      carriedOut(FAULTS, RIGHTS),
    ],
    [
      'before 14 only a superuser may; on the …, as superuser: ALTER ROLE … SUPERUSER',
      'the role may not set an origin, before 14',
      forPeople('the same statement as where the role may not subscribe'),
    ],
    [
      'on the …, as superuser: GRANT EXECUTE ON FUNCTION pg_replication_origin_advance(text, pg_lsn), pg_replication_origin_progress(text, boolean) TO …',
      'the role may not set an origin',
      carriedOut(FAULTS, RIGHTS),
    ],
    [
      'on the …, as superuser: GRANT pg_create_subscription TO …',
      'the role may not subscribe, from 16 on',
      forPeople('grants/native-target.sql has it, and the hand-offs from 15 to 18 rest on it'),
    ],
    [
      'on the …, as superuser: …; restart the …; or lower slots.count',
      'workers or origins are too few',
      forPeople('one number and a restart, as source.max_worker_processes carries it out'),
    ],
  ]),
  ...of('engine/capture/native/create-publications.ts', [
    [
      'put it there in plan.yaml; or make the plan anew: longhaul plan --fresh',
      'a sentinel is in another slot',
      forPeople('whoever has edited the plan'),
    ],
    [
      'set another slots.prefix in longhaul.yaml; or, when nobody needs it, on the source, as its owner: DROP PUBLICATION …',
      'a publication of our name is there',
      forPeople('whether anybody needs it, its owner says'),
    ],
  ]),
  ...of('engine/capture/native/data.ts', [
    [
      'give them a primary key and REPLICA IDENTITY DEFAULT (a unique index made CONCURRENTLY, then ADD PRIMARY KEY USING INDEX, keeps the lock short); or REPLICA IDENTITY FULL where they are small; or let nobody update or delete in them until cutover',
      'tables have no key',
      forPeople('what a key is, their owner says'),
    ],
  ]),
  ...of('engine/capture/native/judge-start.ts', [
    [
      'see ALTER DATABASE and ALTER ROLE … SET there, and take it away for as long as changes are applied',
      'workers inherit a time-out',
      forPeople('whose setting it is, its owner says'),
    ],
    ['finish the load first: longhaul run', 'the load is not over', forPeople('the run goes on with it')],
    [
      'on the target, as superuser: GRANT … TO …; then longhaul run',
      'tables of the target have another owner',
      forPeople('a role that longhaul has not made, and so whose it is'),
    ],
    [
      'when nobody needs it, on the target: ALTER SUBSCRIPTION … DISABLE; ALTER SUBSCRIPTION … SET (slot_name = NONE); DROP SUBSCRIPTION …; else set another slots.prefix in longhaul.yaml',
      'a subscription of our name is there',
      forPeople('whether anybody needs it, its owner says'),
    ],
  ]),
  ...of('engine/capture/native/start-cdc.ts', [
    [
      'longhaul run sets it to P and enables it',
      'a subscription is not at P',
      carriedOut(
        FAULTS,
        'a supervisor that ends after any statement of start-cdc is gone on from there, from exactly P',
      ),
    ],
    [
      "the target's server must reach the source as …: cdc.source_for_target in longhaul.yaml names another way; see pg_hba.conf on the source; then longhaul run",
      'the target does not reach the source',
      carriedOut(
        FAULTS,
        'a target that does not reach the source is told the way that it has tried, without the password',
      ),
    ],
  ]),
  ...of('engine/capture/reads-capture.ts', [
    ['nothing is to be done', 'the supervisor ends', forPeople('nothing is to be done')],
  ]),
  ...of('engine/capture/sentinels/create-sentinels.ts', [
    [
      'add … to tables.include_schemas, or its tables to tables.include',
      'longhaul.yaml leaves the sentinels out',
      forPeople('a word in longhaul.yaml'),
    ],
    [
      'when no other run needs it, on the source, as its owner: DROP SCHEMA … CASCADE',
      'sentinels are there already',
      forPeople('whether another run needs them'),
    ],
  ]),
  ...of('engine/steps/cdc/wait-for-catch-up.ts', [
    [
      'longhaul compare --again compares the tables of these slots',
      'sentinels are lost',
      forPeople('a comparison is made and nothing is changed by it; what it finds has remedies of its own'),
    ],
    [
      '…, and longhaul adopt copies those anew that differ; then …, and longhaul run goes on',
      'sentinels are lost, where tables are adopted',
      forPeople('the same commands as its alarm says, which test/e2e/capture/by-hand.test.ts gives'),
    ],
    [
      '…: what was lost no slot has any more; longhaul abort gives the run up',
      'sentinels are lost',
      forPeople('what the tables are worth'),
    ],
  ]),
  ...of('probes/judge/capture/capture-alarms.ts', [
    [
      'if nobody means it to be: longhaul cdc resume …',
      'a subscription is disabled',
      carriedOut(FAULTS, 'a subscription that somebody has disabled is told, and enabled again by what that says'),
    ],
    [
      "longhaul cdc resume … before the source's disk is full",
      'a slot is paused',
      carriedOut(
        'test/e2e/native/during.test.ts',
        'a slot that is paused keeps what comes, and brings it once it is resumed',
      ),
    ],
    [
      'ask whose it is and let it end; or on the target, as superuser: SELECT pg_terminate_backend(…)',
      'a worker waits for a lock',
      forPeople('whose the lock is'),
    ],
    [
      'see whether the slot moves at all (slots pane): a large transaction passes by itself, with wal_sender_timeout and wal_receiver_timeout long enough; a source that always writes faster than it is applied wants its tables spread over more slots',
      'a sentinel is late',
      forPeople('what it waits for has to be found first'),
    ],
    [
      'see who writes to the target; compare the tables of this slot before anything is built on them',
      'sentinels are lost, or somebody has written them',
      forPeople('who writes there'),
    ],
    [
      "the target's log says why, with table and key: mend that (a row or an index that is in the way; a table or column that is missing, which longhaul drift tells as well), and it goes on by itself within 5 s; where the log says nothing, see that the source is up and takes connections from the target (where password or address are others now: longhaul shutdown; longhaul run; longhaul cdc resume …); longhaul cdc skip … shows the transaction with tables and keys, and how to lose that one instead",
      'a worker ends again and again',
      carriedOut(FAULTS, ROW),
    ],
  ]),
];
