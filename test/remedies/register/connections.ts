import {carriedOut, forPeople, of, situations, type Remedy} from '../remedy.ts';

/** What connections and statements say. */
export const OF_CONNECTIONS: readonly Remedy[] = [
  ...of('pg/session/identify-system.ts', [
    [
      'on the source, which the replica follows: ALTER ROLE … REPLICATION for the role in `…` of longhaul.yaml',
      'the role may not ask for the timeline',
      situations('source.may-not-identify'),
    ],
    [
      'one WAL sender of the … must be free (max_wal_senders, 0 by default before 10; those in use are in pg_stat_replication): end one that nobody needs, or raise it and restart; a restart of the replica resumes replay',
      'no WAL sender is free',
      situations('source.wal-senders'),
    ],
    [
      'psql "… replication=database" -c IDENTIFY_SYSTEM with the conninfo of `…` must work: pg_hba.conf, and no pooler between',
      'IDENTIFY_SYSTEM cannot be asked',
      forPeople('names what is wrong on the machine; which of its causes it is, people see'),
    ],
  ]),
  ...of('pg/session/server-error.ts', [
    [
      'grant Longhaul\'s role on the … what the message names (README, "Rights"); then run again',
      'the role may not do something',
      forPeople('names a right only; grants of the README are in every lab'),
    ],
    [
      "make room on the …'s disk, then run again",
      'a disk of a server is full',
      carriedOut(
        'test/e2e/faults/faults.test.ts',
        'leaves no row of the unit, names the disk, and the load goes on once there is room',
      ),
    ],
    [
      "see the server's message; when it is mended, run the same command again: what is done is recognised",
      'a server has refused a statement',
      forPeople('names what is wrong on the machine; which of its causes it is, people see'),
    ],
    [
      'see whether the … is up and reachable from here; then run the same command again',
      'a server has refused a statement',
      forPeople('names what is wrong on the machine; which of its causes it is, people see'),
    ],
    [
      'somebody holds a lock on it: see pg_locks and pg_stat_activity for who, wait or end them, then run again',
      'a server has refused a statement',
      forPeople('names what is wrong on the machine; which of its causes it is, people see'),
    ],
    [
      'the time-out ended it and nothing was changed; raise timeouts.statement in longhaul.yaml, or find what blocks it in pg_stat_activity',
      'a statement took too long',
      forPeople('raises a time-out of longhaul.yaml'),
    ],
  ]),
  ...of('pg/session/unreachable.ts', [
    [
      'create the database there, or mend dbname of `…` in longhaul.yaml',
      'there is no such database',
      carriedOut('test/pg/session/tls.pg.test.ts', 'who is not let in is told what to do about it'),
    ],
    [
      'keep the password where psql finds it too: a line …:PASSWORD in ~/.pgpass (mode 0600), or PGPASSWORD',
      'psql has no password where Longhaul has one',
      carriedOut('test/pg/session/tls.pg.test.ts', 'check says that the tools do not come in where only we do'),
    ],
    [
      'let host and port of `…` in longhaul.yaml be those of PostgreSQL (on its machine: SHOW port); psql with the same conninfo must work',
      'something else answers at the port, or nothing does',
      forPeople('names what is wrong on the machine; which of its causes it is, people see'),
    ],
    [
      'let pg_hba.conf of the … take user … on database … from this machine, and see whether the role is there and may log in',
      'the role is not let in',
      carriedOut('test/pg/session/tls.pg.test.ts', 'who is not let in is told what to do about it'),
    ],
    [
      'let some of its sessions end, or raise its max_connections, on every standby before their primary, because a standby with less stops replaying: Longhaul keeps a few of its own and one for each lane',
      'no connection is free',
      forPeople('raises a number of production and restarts it, as source.max_wal_senders carries it out'),
    ],
    [
      'see that it is PostgreSQL that listens there, that it is not overloaded, and that a tunnel or pooler between has its other end; psql with the conninfo of `…` must work',
      'something else answers at the port, or nothing does',
      forPeople('names what is wrong on the machine; which of its causes it is, people see'),
    ],
    [
      'see that it runs, that pg_hba.conf lets this machine in, and that `…` in longhaul.yaml is right (psql with the same conninfo must work)',
      'a server cannot be reached',
      forPeople('names what is wrong on the machine; which of its causes it is, people see'),
    ],
    [
      'see that the host of `…` in longhaul.yaml is up, and that no firewall between drops what this machine sends',
      'something else answers at the port, or nothing does',
      forPeople('names what is wrong on the machine; which of its causes it is, people see'),
    ],
  ]),
];
