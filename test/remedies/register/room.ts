import {carriedOut, forPeople, of, type Remedy} from '../remedy.ts';

const OWNERS = forPeople('what somebody has made there is for its owner to judge');
const LIMITS = carriedOut('test/engine/preflight/preflight.pg.test.ts', 'a limit of connections below the lanes');

/** What preflight says of the jump box, of what is there already, and of limits; and what is said of a table before a unit of it begins. */
export const OF_ROOM: readonly Remedy[] = [
  ...of('engine/capture/slots/check-source-slots.ts', [
    [
      'set another slots.prefix in longhaul.yaml; or, when nobody needs it, on the source, as superuser: SELECT pg_drop_replication_slot(…)',
      'a slot that is not ours begins with our prefix',
      forPeople('names another prefix; whose slot it is only its owner knows'),
    ],
  ]),
  ...of('engine/inventory/judge-widest.ts', [
    [
      'cut or move the value on the source, or leave the table out (tables.exclude) and copy it by other means; then longhaul plan --fresh',
      'a row is wider than any COPY carries',
      forPeople('moves values of half a gigabyte on production'),
    ],
  ]),
  ...of('engine/load/lane/load-remedy.ts', [
    [
      'the ledger lost what it noted of the table (longhaul.load_table): … takes it again',
      'a part finds its table not taken',
      carriedOut('test/e2e/hand-off/own-tables.test.ts', 'is taken once for its P'),
    ],
  ]),
  ...of('engine/preflight/database/check-target-schema.ts', [
    [
      'ALTER TABLE … DROP CONSTRAINT … on the target, or see on the source that no row breaks them',
      'a schema is on the target already, and is not that of the source',
      OWNERS,
    ],
    [
      'alter them on the target until \\d says the same on both, or drop the schema there, which copy-schema then makes; then run again',
      'a schema is on the target already, and is not that of the source',
      OWNERS,
    ],
    [
      'create the missing tables as they are on the source, or drop those that are there; then run again',
      'a schema is on the target already, and is not that of the source',
      OWNERS,
    ],
  ]),
  ...of('engine/preflight/servers/check-connections.ts', [
    ['; or fewer lanes: load.lanes, load.index_jobs', 'fewer connections are free than the lanes need', LIMITS],
    [
      'let sessions of others end, or raise max_connections and restart the server (its standbys first: they must not have less)…',
      'fewer connections are free than the lanes need',
      LIMITS,
    ],
    ['on the source, whom the replica follows: ', 'fewer connections are free than the lanes need', LIMITS],
    [
      "raise it on the source until the move is over, or give the target's database one of its own beforehand, which stays: ALTER DATABASE … CONNECTION LIMIT …; or fewer lanes: load.lanes, load.index_jobs",
      'fewer connections are free than the lanes need',
      LIMITS,
    ],
    ['…ALTER DATABASE … CONNECTION LIMIT ……', 'fewer connections are free than the lanes need', LIMITS],
    ['…ALTER ROLE … CONNECTION LIMIT ……', 'fewer connections are free than the lanes need', LIMITS],
  ]),
  ...of('engine/preflight/servers/check-room.ts', [
    [
      '; or fewer lanes: load.lanes, with which fewer old rows stay at once',
      'the target has too little room',
      forPeople('a number of longhaul.yaml'),
    ],
  ]),
  ...of('engine/preflight/servers/check-jump-box.ts', [
    ['apt-get install pv', 'there is no pv', forPeople('installs a program on the machine')],
    [
      'install pv 1.7.0 or newer where a rate has to hold at once; longhaul pause LANE does in any case',
      'pv is an old one',
      forPeople('installs a program on the machine'),
    ],
    [
      'install it (apt-get install less), or read logs with longhaul logs',
      'there is no pager',
      forPeople('installs a program on the machine'),
    ],
    [
      'install it, make it executable (chmod +x), or name another in … of longhaul.yaml',
      'a program of longhaul.yaml cannot be run',
      carriedOut('test/remedies/on-this-machine.test.ts', 'a program that may not be executed'),
    ],
    [
      'make the folder and let this user write there, or name another in probes.metrics_file of longhaul.yaml',
      'the folder of the metrics file is not there',
      carriedOut('test/remedies/on-this-machine.test.ts', 'a metrics file whose folder is not there'),
    ],
    [
      'name it ….prom in longhaul.yaml',
      'the collector takes no file of that name',
      carriedOut('test/remedies/on-this-machine.test.ts', 'a metrics file that the collector does not take'),
    ],
    [
      'set load.memory to at most …MB in longhaul.yaml',
      'the index builders would take more than half of the memory',
      LIMITS,
    ],
    [
      'set load.maintenance_work_mem to at most …MB in longhaul.yaml, or lower load.index_jobs',
      'index builders want more memory than there is',
      forPeople('a number of longhaul.yaml'),
    ],
  ]),
  ...of('engine/load/take-table.ts', [
    [
      'somebody on the target holds a lock on the table (pg_locks, pg_stat_activity): wait for his transaction or end it, then longhaul retry …',
      'a table that is loaded in parts is locked by somebody',
      forPeople('whose lock it is decides; the unit is tried again by itself meanwhile'),
    ],
    [
      'to see that no row is in it took longer than timeouts.scan: VACUUM the table on the target, or raise timeouts.scan; then longhaul retry …',
      'a table that is loaded in parts is full of dead rows',
      forPeople('vacuums a table of the target, or raises a time-out of longhaul.yaml'),
    ],
  ]),
  ...of('engine/load/judge-columns.ts', [
    [
      'alter it on the target as it was altered on the source (compare \\d of both), or drop it there and create it anew: …; then run again',
      'a table is another on the target',
      carriedOut(
        'test/e2e/whole-runs/changed-meanwhile.test.ts',
        'an index that came since is on the target in the end; an altered table is named before anything is made on the source',
      ),
    ],
  ]),
];
