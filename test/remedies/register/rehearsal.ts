import {carriedOut, forPeople, of, type Remedy} from '../remedy.ts';

const STORY = 'test/e2e/cutover/hand-over.test.ts';
const CHECKED = 'a rehearsal names what the target lacks';
const JOBS = 'jobs of pg_cron run on one side at a time';

const NO_CRON = forPeople('no server here has pg_cron, and what its jobs are for their owner knows');
const OWNERS = forPeople('who that is, and what it is for, its owner knows');

const SWITCHED_OFF = 'test/engine/cutover/guards-strangers.pg.test.ts';
const SWITCHED_OFF_TOLD = 'is told before the hand-over, and keeps none of our own commits from the disk';

/** What `longhaul cutover --check` says. */
export const OF_REHEARSAL: readonly Remedy[] = [
  ...of('engine/cutover/commands/programs.ts', [
    [
      'mend the command in longhaul.yaml, or have its program on this machine, for the user that runs longhaul; then longhaul cutover',
      'a command of the operator has no program',
      forPeople('what the program is, and where it comes from, people know'),
    ],
  ]),
  ...of('engine/cutover/commands/let-go.ts', [
    [
      'mend what it says, then run it by hand, as the user that runs longhaul: …',
      'a command of cutover.opened has failed',
      forPeople('what the command does, people know'),
    ],
    [
      'unless that is meant: write it into cutover.opened as well, which runs once the target takes writes',
      'what stops the application has an undo, and nothing runs it behind the hand-over',
      forPeople('whether it is meant, people know'),
    ],
  ]),
  ...of('engine/cutover/commands/operator-commands.ts', [
    [
      'see why it failed, and what it has left behind where it has no undo; mend it, or longhaul.yaml, then longhaul cutover',
      'a command of the operator has failed',
      forPeople('what the command does, people know'),
    ],
  ]),
  ...of('engine/cutover/jobs/judge-jobs.ts', [
    [
      "a superuser's UPDATE cron.job SET active = false on the source, and the same jobs on the target, as commands of cutover.stop_before and cutover.hand_over",
      'our role may not see the jobs of pg_cron',
      NO_CRON,
    ],
    [
      'at the hand-over, by commands of cutover.stop_before and cutover.hand_over, in database … of the source: UPDATE cron.job SET active = false WHERE database = …; on the target the same jobs by cron.schedule_in_database()',
      'pg_cron keeps its jobs in another database',
      NO_CRON,
    ],
    [
      'on the target, or the cutover does it first: …UPDATE cron.job SET active = false WHERE jobid IN (…)',
      'jobs run on the target before the hand-over',
      carriedOut(STORY, JOBS),
    ],
    [
      'on the target, with pg_cron in shared_preload_libraries and cron.database_name set: …CREATE EXTENSION pg_cron; GRANT SELECT, INSERT, UPDATE ON cron.job to our role, or the jobs by hand after the hand-over',
      'the target has no pg_cron',
      NO_CRON,
    ],
  ]),
  ...of('engine/cutover/rehearsal/login-roles.ts', [
    [
      'on the target: …ALTER DATABASE … CONNECTION LIMIT …',
      'the target’s database has a limit below what comes',
      forPeople('how many sessions the target can bear, its owner knows'),
    ],
    [
      'raise max_connections of the target, and restart it before the cutover; or have a pooler hold fewer',
      'the target lets in fewer sessions than come',
      forPeople('it wants a restart of the target'),
    ],
    ['on the target: …ALTER ROLE … LOGIN', 'a role may not log in on the target', carriedOut(STORY, CHECKED)],
    [
      'in psql on the target: …for each \\password …',
      'a role has no password on the target',
      forPeople('the password is theirs'),
    ],
    [
      'on the target: …ALTER ROLE … CONNECTION LIMIT …',
      'a role has a lower limit on the target',
      carriedOut(STORY, CHECKED),
    ],
    [
      "on the target: …ALTER ROLE … VALID UNTIL 'infinity'",
      'a password has run out on the target',
      carriedOut(STORY, CHECKED),
    ],
    [
      'on the target: …CREATE ROLE … LOGIN, with the memberships and settings that it has on the source, and a password',
      'a role was made since copy-globals',
      forPeople('with which rights and password, its owner knows'),
    ],
    ['on the target: ……', 'a setting of a role is another one on the target', carriedOut(STORY, CHECKED)],
  ]),
  ...of('engine/cutover/rehearsal/replication-role.ts', [
    [
      'on the source: GRANT CONNECT ON DATABASE … TO …',
      'our role connects by PUBLIC’s grant alone',
      forPeople('names a right only; grants/cutover-source.sql makes the role a member of the owner, in every lab'),
    ],
  ]),
  ...of('engine/cutover/rehearsal/logins.ts', [
    [
      'on the target: …ALTER ROLE … SET search_path = …; or in the connection of the application',
      'a login has another search_path',
      forPeople('where the application sets it, its owner knows'),
    ],
    [
      'let this entry of cutover.logins, or the pooler or DNS name in it, lead to the target',
      'a login leads elsewhere',
      forPeople('where pooler and DNS lead, they decide'),
    ],
    [
      'let psql with this conninfo log in from here: its password in ~/.pgpass, pg_hba.conf or the list of the pooler, sslmode; or mend this entry of cutover.logins',
      'a login is refused',
      forPeople('password, pooler and pg_hba.conf are theirs'),
    ],
    ['mend this entry of cutover.logins', 'an entry means no login', forPeople('what was meant, they know')],
    [
      'on the target: …GRANT USAGE ON SCHEMA … TO …, as it has it on the source',
      'a login does not see a schema of its search_path',
      forPeople('what a role is to see, its owner knows'),
    ],
    [
      'sslmode=verify-full in this entry and in the application',
      'a login is not encrypted',
      forPeople('the application is theirs'),
    ],
  ]),
  ...of('engine/cutover/rehearsal/other-readers.ts', [
    [
      'before the cutover, on the source: ALTER SUBSCRIPTION … DISABLE; after it, subscribe on the target',
      'the source subscribes to others',
      OWNERS,
    ],
    [
      'its reader has to have read past F, which drain tells of, before it is led to a slot of the target; on the target make that slot before the hand-over, or it misses what is written between',
      'somebody else has a slot on the source',
      OWNERS,
    ],
    [
      'on each of those servers, at the hand-over: ALTER SERVER … OPTIONS (SET host …), which a command of cutover.hand_over can do',
      'foreign tables of other servers read the source',
      OWNERS,
    ],
    [
      'on the target, read a row of a foreign table of each; passwords of user mappings are not carried where our role may not read them',
      'the source reads other servers',
      OWNERS,
    ],
  ]),
  ...of('engine/steps/cutover/drain.ts', [
    [
      'the source keeps it: let its reader come to the end before it is led to a slot of the target',
      'a slot of others is not past F',
      OWNERS,
    ],
  ]),
  ...of('engine/cutover/rehearsal/statistics.ts', [
    [
      'on the target, now, or the cutover does it before it stops the writes: …',
      'the planner of the target lacks statistics',
      carriedOut(STORY, CHECKED),
    ],
  ]),
  ...of('engine/cutover/rehearsal/unfinished.ts', [
    [
      'on the target, beside everybody: …ALTER TABLE … VALIDATE CONSTRAINT …',
      'a check is not validated on the target',
      carriedOut(STORY, CHECKED),
    ],
    [
      'on the target, beside everybody: …REINDEX INDEX CONCURRENTLY …',
      'an index of the target is invalid',
      carriedOut(STORY, CHECKED),
    ],
  ]),
  ...of('engine/cutover/rehearsal/writable.ts', [
    [
      'SET default_transaction_read_only = off; ',
      'something is done by hand on the target before the hand-over',
      carriedOut(STORY, CHECKED),
    ],
  ]),
  ...of('engine/cutover/rehearsal/builds.ts', [
    [
      'a unique constraint that is not deferrable comes back before the stop; where these are needed as they are, cutover.write_stop_limit has to be longer than they take',
      'an index is built while writes are stopped',
      forPeople('whether a constraint has to be deferrable, whose it is knows'),
    ],
  ]),
  ...of('engine/cutover/rehearsal/no-lock.ts', [
    [
      'cutover.lock: yes, with examples/grants/cutover-source.sql; or see to it that nobody but Longhaul reaches the source by then',
      'the tables are not locked until the hand-over',
      forPeople('why the tables cannot be locked, whose they are knows'),
    ],
  ]),
  ...of('engine/cutover/sequences/sequences-ahead.ts', [
    [
      'see who takes numbers from them on the target, and whether rows with these numbers are there: SELECT max(…) of the column',
      'sequences of the target are ahead',
      OWNERS,
    ],
  ]),
  ...of('engine/preflight/servers/durability.ts', [
    ['ALTER SYSTEM SET … = on', 'what was switched off for the load', carriedOut(SWITCHED_OFF, SWITCHED_OFF_TOLD)],
    [
      'on the target, before the cutover: …; SELECT pg_reload_conf() (where it is managed: its parameter group; where the database has it: ALTER DATABASE … RESET)',
      'what was switched off for the load',
      carriedOut(SWITCHED_OFF, SWITCHED_OFF_TOLD),
    ],
    ['ALTER ROLE … RESET synchronous_commit', 'a role has it off', carriedOut(SWITCHED_OFF, SWITCHED_OFF_TOLD)],
    [
      'unless it is meant so, on the target: … (IN DATABASE, where it stands there)',
      'a role has it off',
      carriedOut(SWITCHED_OFF, SWITCHED_OFF_TOLD),
    ],
    [
      'on the target, before the cutover: ALTER SYSTEM SET autovacuum = on; SELECT pg_reload_conf() (where it is managed: its parameter group)',
      'nobody vacuums the target',
      forPeople('one setting and a reload, as the others that are switched off'),
    ],
  ]),
];
