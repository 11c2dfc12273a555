import {carriedOut, forPeople, of, situations, type Remedy} from '../remedy.ts';

/** What preflight says of the servers. */
export const OF_SERVERS: readonly Remedy[] = [
  ...of('engine/preflight/run-preflight.ts', [
    [
      'where replay on the replica waits for a lane of this run, which reads what is to be locked: longhaul run --from pause-replay ends the lane and takes a new P',
      'a lane holds up a replay that somebody has resumed',
      carriedOut('test/engine/run/states.pg.test.ts', 'a run from the pause on ends it and takes a new P'),
    ],
  ]),
  ...of('engine/preflight/servers/check-lock-tables.ts', [
    [
      'set timeouts.lock above the deadlock_timeout',
      'deadlock_timeout is longer than a lock is waited for',
      forPeople('one number in the configuration'),
    ],
    [
      ' (its standbys first: they must not have less)',
      'the lock table is too small',
      forPeople('one number and a restart, the standbys first, as source.max_worker_processes carries it out'),
    ],
    [
      'ALTER SYSTEM SET max_locks_per_transaction = ……, then restart the server; on RDS in its parameter group. Or move fewer schemas at once: tables.include_schemas',
      'the lock table is too small',
      forPeople('one number and a restart, the standbys first, as source.max_worker_processes carries it out'),
    ],
  ]),
  ...of('engine/preflight/servers/check-replica.ts', [
    [
      'before 9.6 only a superuser may; on the source, as superuser: ALTER ROLE … SUPERUSER; or name another role in `replica` of longhaul.yaml',
      'the role may not pause a 9.4 or 9.5',
      forPeople('no server of these releases is at hand'),
    ],
    [
      'find out by whom, and whether it may go on; on the replica, as superuser: SELECT …',
      'replay is paused already',
      situations('replica.paused'),
    ],
    [
      'let it catch up; the run waits for it before the pause, as long as timeouts.pause',
      'the replica is behind',
      forPeople('says what is so, or what comes by itself: nothing is to be done'),
    ],
    [
      'on the replica, as superuser: …; SELECT pg_reload_conf(); queries of others there may then be cancelled while it replays (max_standby_streaming_delay)',
      'hot_standby_feedback is on',
      situations('replica.feedback'),
    ],
    [
      'on the source, as superuser, in this database: GRANT EXECUTE ON FUNCTION …, … TO …; the replica follows the source',
      'the role may not pause replay',
      situations('replica.may-not-pause'),
    ],
    [
      'resume replay first, for a paused standby starts no receiver; ',
      'the replica is paused and does not stream',
      carriedOut('test/probes/watch/watch.pg.test.ts', 'that gets no WAL any more is an alarm'),
    ],
    [
      '…let it stream from the source, so that nothing is missing when it goes on after days: see its log, primary_conninfo (before 12 in its recovery.conf) and pg_stat_wal_receiver',
      'the replica does not stream',
      carriedOut('test/engine/preflight/preflight.pg.test.ts', 'a standby that does not stream is a blocker'),
    ],
  ]),
  ...of('engine/preflight/servers/check-room.ts', [
    [
      'make the volume larger (on RDS: modify the allocated storage, or let it scale by itself and set disks.target.volume to its limit)',
      'what is loaded does not fit',
      forPeople('buys a larger disk'),
    ],
    [
      'mend disks.… in longhaul.yaml',
      'the free space could not be asked for',
      carriedOut(
        'test/remedies/on-this-machine.test.ts',
        'an example of disks.source.command, as init writes it, is the command that it seems to be',
      ),
    ],
    [
      'set disks.….command or disks.….volume in longhaul.yaml',
      'nobody tells the free space',
      carriedOut(
        'test/remedies/on-this-machine.test.ts',
        'an example of disks.source.command, as init writes it, is the command that it seems to be',
      ),
    ],
  ]),
  ...of('engine/preflight/servers/check-tablespaces.ts', [
    [
      'where the target has tablespaces, ALTER TABLE or ALTER INDEX … SET TABLESPACE afterwards; pg_dump -s of both differs in nothing but this',
      'something is in a tablespace',
      forPeople('for the target, after the move, where somebody wants it'),
    ],
  ]),
  ...of('engine/preflight/servers/check-target.ts', [
    [
      'beforehand, on the target, as superuser: …',
      'an extension wants a superuser',
      situations('target.extension-rights'),
    ],
    [
      'choose a target that has it, or drop it on the source; what depends on it cannot be restored',
      'an extension is not to be had on the target',
      forPeople('chooses another target'),
    ],
    ['CREATE EXTENSION …', 'an extension wants a superuser', situations('target.extension-rights')],
    [
      "create the target database with ENCODING '…' TEMPLATE template0",
      'the encoding is another',
      forPeople('creates the target anew'),
    ],
    [
      'create the target database with the same LC_COLLATE and LC_CTYPE, unless the application does not mind',
      'the collation is another',
      forPeople('as the encoding, with the locales that the target has'),
    ],
    [
      'let them come back at-cutover; or from 15 on, on the target, as superuser: GRANT SET ON PARAMETER session_replication_role TO …',
      'change capture would fire foreign keys',
      situations('target.replication-role'),
    ],
    [
      'on the target, as its owner: GRANT CREATE ON DATABASE … TO …',
      'the role may create nothing in the database',
      situations('target.create'),
    ],
    [
      'on the target, as superuser (RDS: as its first user): ALTER ROLE … CREATEROLE; or create the roles yourself beforehand',
      'the role may create no roles',
      situations('target.create-role'),
    ],
  ]),
  ...of('engine/preflight/servers/check-timeline.ts', [
    [
      '; but replay goes on, and P with all that was loaded at it is lost',
      'no WAL sender is free to ask for the timeline',
      situations('source.wal-senders'),
    ],
    [
      '…on the …, as superuser: ……; restart the …; …',
      'no WAL sender is free to ask for the timeline',
      situations('source.wal-senders'),
    ],
    [
      '`source` and `replica` must name a primary and its own standby',
      'source and replica are on different timelines',
      forPeople('names another server in longhaul.yaml'),
    ],
    [
      'its sessions end, the source does not notice…',
      'no WAL sender is free to ask for the timeline',
      situations('source.wal-senders'),
    ],
    [
      'on the source, as superuser: ALTER ROLE … REPLICATION; the replica follows the source',
      'the role may not ask for the timeline',
      carriedOut(
        'test/e2e/whole-runs/timeline.test.ts',
        'a role without REPLICATION is told so, and the remedy helps to the letter',
      ),
    ],
    [
      'raise it on every standby first; ',
      'no WAL sender is free to ask for the timeline',
      situations('source.wal-senders'),
    ],
    [
      'that is a restart of production, so choose its time',
      'no WAL sender is free to ask for the timeline',
      situations('source.wal-senders'),
    ],
  ]),
  ...of('engine/preflight/servers/check-tool-logins.ts', [
    [
      "let `…` in longhaul.yaml be a conninfo that psql of `tools` takes as well: … -d '…' -c 'SELECT 1'",
      'psql does not come in where Longhaul does',
      carriedOut('test/pg/session/tls.pg.test.ts', 'check says that the tools do not come in where only we do'),
    ],
  ]),
  ...of('engine/preflight/servers/check-tools.ts', [
    [
      'apt install postgresql-client-…, and name its folder in longhaul.yaml: tools: /usr/lib/postgresql/…/bin',
      'the tools are older than the servers',
      forPeople('installs a package on the machine'),
    ],
    [
      'let `tools` in longhaul.yaml name one folder with all three of one release',
      'the tools are of several releases',
      forPeople('names another folder in longhaul.yaml'),
    ],
  ]),
  ...of('engine/preflight/servers/check-versions.ts', [
    [
      '`replica` in longhaul.yaml must name a streaming standby of the source',
      'a server of longhaul.yaml is not what its key says',
      forPeople('names another server in longhaul.yaml'),
    ],
    [
      '`source` and `replica` must name a primary and its own standby',
      'a server of longhaul.yaml is not what its key says',
      forPeople('names another server in longhaul.yaml'),
    ],
    [
      '`source` in longhaul.yaml must name the primary',
      'a server of longhaul.yaml is not what its key says',
      forPeople('names another server in longhaul.yaml'),
    ],
    [
      '`target` in longhaul.yaml must name the managed server: its host, port and database',
      'a server of longhaul.yaml is not what its key says',
      forPeople('names another server in longhaul.yaml'),
    ],
    [
      '`target` in longhaul.yaml must name the writer',
      'a server of longhaul.yaml is not what its key says',
      forPeople('names another server in longhaul.yaml'),
    ],
    ['choose 12 or newer, or rehearse the whole move first', 'the target is old', forPeople('chooses another target')],
    [
      'choose a target of the same release or a newer one',
      'the target is older than the source',
      forPeople('chooses another target'),
    ],
    [
      'upgrade it to 9.4 or newer first, or copy it another way',
      'the source is older than 9.4',
      forPeople('upgrades production'),
    ],
  ]),
];
