import {carriedOut, forPeople, of, situations, type Remedy} from '../remedy.ts';

/** What change capture by slots and sets says. */
export const OF_CAPTURE: readonly Remedy[] = [
  ...of('engine/capture/check-engine.ts', [
    [
      'put it back as it was in longhaul.yaml; or, to have them dropped and begin anew: longhaul abort --yes …',
      'cdc.engine is another, and what the first has made is there',
      carriedOut(
        'test/e2e/whole-runs/changed-meanwhile.test.ts',
        'another cdc.engine is refused while slots of the one before are there, and abort drops those',
      ),
    ],
  ]),
  ...of('engine/capture/dms/add-tables.ts', [
    [
      'give it a primary key and REPLICA IDENTITY DEFAULT on the source before the run, or stop updating and deleting in it until cutover',
      'a table has no key',
      forPeople('what a key is, its owner says'),
    ],
  ]),
  ...of('engine/capture/slots/check-source-rights.ts', [
    ['as superuser: ALTER ROLE … REPLICATION', 'the role may make no slots', situations('source.replication')],
    ['as superuser: GRANT pg_checkpoint TO …', 'the role may write no checkpoint', situations('source.checkpoint')],
  ]),
  ...of('engine/capture/slots/check-source-settings.ts', [
    ['……; restart the source', 'pglogical is not preloaded', situations('source.preload')],
    [
      'install it first, or the server will not start again (Debian: apt install postgresql-…-pglogical); ',
      'pglogical is not installed',
      forPeople('installs a package on the machine of the source'),
    ],
    [
      'on the source, as superuser, read the list with SHOW shared_preload_libraries, and set it with ALTER SYSTEM to every name of it and pglogical, each name quoted by itself',
      'the role may not see shared_preload_libraries',
      forPeople('the list is read first, and then as source.preload carries it out'),
    ],
    [
      'on the source, as superuser: …',
      'a number is too small',
      situations('source.max_replication_slots', 'source.max_wal_senders', 'source.max_worker_processes'),
    ],
    ['on the source, as superuser: …; restart the source', 'wal_level is too low', situations('source.wal-level')],
    [
      'on the source, as superuser: …; SELECT pg_reload_conf()',
      'the server lets no slot use the plugin',
      situations('source.plugins'),
    ],
    [
      'on the source, as superuser: …; SELECT pg_reload_conf(); watch its disk from then on; or see that the WAL of the whole load fits in',
      'slots are killed after so much WAL',
      situations('source.keep-size'),
    ],
  ]),
  ...of('engine/capture/dms/check-source-node.ts', [
    [
      'create-node asks whether to use it; when it is a leftover that nobody replicates from, on the source, as superuser: SELECT pglogical.drop_node(…)',
      'there is a node already',
      situations('source.node'),
    ],
  ]),
  ...of('engine/capture/slots/check-source-slots.ts', [
    [
      'it is left alone; ask its owner whether the tables may be in two replications at once',
      'somebody replicates already',
      forPeople('what its owner says'),
    ],
  ]),
  ...of('engine/capture/dms/create-replication-sets.ts', [
    [
      'set another slots.prefix in longhaul.yaml; or, when nobody needs it, on the source, as superuser: SELECT pglogical.drop_replication_set(…)',
      'a set of our name is there',
      situations('create-replication-sets.taken'),
    ],
  ]),
  ...of('engine/capture/slots/create-slots.ts', [
    ['…; then run again', 'transactions are open that the slot waits for', situations('create-slots.howToEnd')],
    [
      'set another slots.prefix in longhaul.yaml; or, when nobody needs it, on the source, as superuser: SELECT pg_drop_replication_slot(…)',
      'a slot of our name is there',
      situations('create-slots.taken'),
    ],
  ]),
  ...of('engine/capture/dms/data.ts', [
    [
      'give them a primary key and REPLICA IDENTITY DEFAULT (a unique index made CONCURRENTLY, then ADD PRIMARY KEY USING INDEX, keeps the lock short); or let nobody update or delete in them until cutover',
      'tables have no key',
      forPeople('what a key is, their owner says'),
    ],
  ]),
  ...of('engine/capture/dms/judge-pglogical.ts', [
    [
      'as superuser, in this database and in one transaction (without the grants no application could drop or truncate anything): …; the role as which change capture connects needs EXECUTE as well',
      'pglogical is not in the database',
      situations('source.pglogical'),
    ],
    ['as superuser, in this database: …', 'the role may not call pglogical', situations('source.pglogical-usage')],
    [
      'as superuser, in this database: BEGIN; …; COMMIT',
      'applications cannot drop, or everybody may replicate',
      situations('source.pglogical-public', 'source.pglogical-open'),
    ],
    ['GRANT USAGE ON SCHEMA pglogical TO PUBLIC', 'applications cannot drop', situations('source.pglogical-public')],
  ]),
  ...of('pg/replication/pglogical-rights.ts', [
    [
      'BEGIN; …; …; GRANT SELECT ON ALL TABLES IN SCHEMA pglogical TO …; COMMIT',
      'the role may not call pglogical',
      situations('source.pglogical', 'source.pglogical-usage'),
    ],
    [
      'GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA pglogical TO …',
      'the role may not call pglogical',
      situations('source.pglogical', 'source.pglogical-usage'),
    ],
    [
      'GRANT USAGE ON SCHEMA pglogical TO …; …; GRANT SELECT ON ALL TABLES IN SCHEMA pglogical TO …',
      'the role may not call pglogical',
      situations('source.pglogical', 'source.pglogical-usage'),
    ],
    ['GRANT USAGE ON SCHEMA pglogical TO PUBLIC; …', 'applications cannot drop', situations('source.pglogical-public')],
    [
      'REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA pglogical FROM PUBLIC; …',
      'everybody may change what is replicated',
      situations('source.pglogical-open'),
    ],
  ]),
  ...of('pg/session/alter-system.ts', [
    ['ALTER SYSTEM SET … = …', 'a list or a number is to be set', situations('source.wal-level', 'source.keep-size')],
  ]),
];
