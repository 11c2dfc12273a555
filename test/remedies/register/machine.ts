import {carriedOut, forPeople, of, situations, type Remedy} from '../remedy.ts';

/** What is said of the configuration, of files and of connections. */
export const OF_MACHINE: readonly Remedy[] = [
  ...of('config/conninfo/tls.ts', [
    [
      'name a file that … of a conninfo may be and that you may read',
      'a certificate cannot be read',
      forPeople('names another file in a conninfo'),
    ],
  ]),
  ...of('config/decode-text.ts', [
    [
      'delete it and type a plain space',
      'a character that looks like a space is in longhaul.yaml',
      carriedOut('test/remedies/on-this-machine.test.ts', 'a character that only looks like a space'),
    ],
    [
      'it is another file, or one that was damaged: longhaul init --config NEW writes an example',
      'longhaul.yaml is no text',
      carriedOut('test/remedies/on-this-machine.test.ts', 'a file that is no text'),
    ],
    [
      'save it as UTF-8: iconv -f UTF-16 -t UTF-8 FILE > NEW, and name NEW',
      'longhaul.yaml is in UTF-16',
      carriedOut('test/remedies/on-this-machine.test.ts', 'a file in UTF-16'),
    ],
    [
      'save the file as UTF-8, or type that line again',
      'a line of longhaul.yaml is no UTF-8',
      carriedOut('test/remedies/on-this-machine.test.ts', 'a line in Latin 1'),
    ],
  ]),
  ...of('config/files/trusted-path.ts', [
    [
      'chmod go-w …; or …',
      'a folder above the run folder may be written by others',
      carriedOut('test/remedies/on-this-machine.test.ts', 'a run folder that others may write'),
    ],
    [
      'run longhaul as that user (ls -ld … has the name); or, where it should be yours: chown … …; or …',
      'the run folder is somebody else’s',
      forPeople('another user starts the program'),
    ],
    [
      'run longhaul as the user to whom it belongs: see ls -ld …',
      'the run folder is somebody else’s',
      forPeople('another user starts the program'),
    ],
    [
      'set run_directory to a folder that belongs to the user who runs longhaul',
      'the run folder is nobody’s to trust',
      forPeople('names another folder in longhaul.yaml'),
    ],
  ]),
  ...of('config/load.ts', [
    [
      'LONGHAUL_TRACE=… traces all of them; unset it to trace nothing',
      'LONGHAUL_TRACE has a word that is none',
      carriedOut('test/remedies/on-this-machine.test.ts', 'a word in LONGHAUL_TRACE that is none'),
    ],
    [
      'mend the lines that are named; longhaul init --config FILE writes an example with every key described',
      'longhaul.yaml has mistakes',
      carriedOut('test/config/words-for-every-key.test.ts', 'the example of a key is one that is taken'),
    ],
  ]),
  ...of('config/read-text.ts', [
    ['it is another file: …', 'a file is larger than any configuration', forPeople('names another file')],
    [
      'longhaul init writes one; --config FILE or LONGHAUL_CONFIG names another',
      'there is no longhaul.yaml',
      carriedOut('test/remedies/on-this-machine.test.ts', 'a configuration that is not there'),
    ],
    [
      'name a file: the supervisor reads it again later',
      'the configuration comes through a pipe',
      forPeople('names another file'),
    ],
  ]),
  ...of('domain/base/system-error.ts', [
    [
      'a part of its path is a file: name another place',
      'a path goes through a file',
      carriedOut('test/remedies/on-this-machine.test.ts', 'a path that goes through a file'),
    ],
    [
      'it is a folder: name a file',
      'a file is a folder',
      carriedOut('test/remedies/on-this-machine.test.ts', 'a file that is a folder'),
    ],
    [
      'it is on a read-only file system: name another place',
      'the machine cannot',
      forPeople('names what is wrong on the machine; which of its causes it is, people see'),
    ],
    [
      'its folder is not there: make it, or name another place',
      'a folder is not there',
      carriedOut('test/remedies/on-this-machine.test.ts', 'a folder that is not there'),
    ],
    [
      'its name is too long: name another place',
      'a name is too long',
      carriedOut('test/remedies/on-this-machine.test.ts', 'a name that is too long'),
    ],
    [
      'its path is a loop of symbolic links: name another place',
      'a path is a loop of links',
      carriedOut('test/remedies/on-this-machine.test.ts', 'a loop of links'),
    ],
    [
      'let the user who runs longhaul read and write there, or name another place',
      'a file may not be read',
      forPeople('the tests run as root, whom no mode keeps out'),
    ],
    [
      'make room on its disk, then run the same command again',
      'a disk of the jump box is full',
      carriedOut(
        'test/e2e/faults/full-jump-box.test.ts',
        'lanes go on and commit, commands are refused with the reason, and the journal stays whole',
      ),
    ],
    [
      'make room within the quota, then run the same command again',
      'the machine cannot',
      forPeople('names what is wrong on the machine; which of its causes it is, people see'),
    ],
    [
      'raise the limit of open files (ulimit -n), then run the same command again',
      'the machine cannot',
      forPeople('names what is wrong on the machine; which of its causes it is, people see'),
    ],
    [
      "the jump box's disk fails: see dmesg",
      'the machine cannot',
      forPeople('names what is wrong on the machine; which of its causes it is, people see'),
    ],
  ]),
  ...of('engine/run/journal-format.ts', [
    [
      'go on with …; the journal is as it was, and lanes go on',
      'the journal is of a newer version',
      forPeople(
        'installs another release; test/engine/run/golden-journals.test.ts shows that the journal is left as it was',
      ),
    ],
    ['longhaul … or a newer one', 'the journal is of a newer version', forPeople('a part of: go on with …')],
    ['that one', 'the journal is of a newer version', forPeople('a part of: go on with …')],
    [
      'the journal was changed by hand or the disk lost a part: restore the file from a copy, or move the run folder away and start anew',
      'the journal is damaged',
      forPeople('restores a file from somebody’s copy'),
    ],
  ]),
  ...of('engine/run/journal.ts', [
    [
      'make room on the disk of the run folder; lanes go on meanwhile, and the run does once there is room',
      'the disk of the run folder is full',
      carriedOut(
        'test/e2e/faults/full-jump-box.test.ts',
        'lanes go on and commit, commands are refused with the reason, and the journal stays whole',
      ),
    ],
    [
      'the run folder belongs to the user who runs it: see ls -l …',
      'the journal may not be read',
      forPeople('names what is wrong on the machine; which of its causes it is, people see'),
    ],
  ]),
  ...of('engine/run/run-folder.ts', [
    [
      'it must belong to the user who runs longhaul, on a disk with room: mend that, or set run_directory',
      'the run folder cannot be used',
      forPeople('names what is wrong on the machine; which of its causes it is, people see'),
    ],
  ]),
  ...of('engine/tools/find-tools.ts', [
    [
      "install the client tools of the target's release (apt install postgresql-client-NN), or name their folder: tools in longhaul.yaml",
      'there are no client tools',
      forPeople('installs a package on the machine, or names a folder of longhaul.yaml'),
    ],
  ]),
  ...of('engine/tools/run-tool.ts', [
    [
      'mend what it names, then run again; nothing of it was kept',
      'pg_dump or psql has failed',
      forPeople('names what is wrong on the machine; which of its causes it is, people see'),
    ],
  ]),
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
