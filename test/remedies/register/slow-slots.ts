import {carriedOut, forPeople, of, type Remedy} from '../remedy.ts';

const HUNG = 'test/e2e/native/during-hung.test.ts';
const DATED = 'test/e2e/capture/dated-children.test.ts';

/** What is said of slots that hang or fall behind, and of what an adoption has left over. */
export const OF_SLOW_SLOTS: readonly Remedy[] = [
  ...of('probes/judge/capture/hung.ts', [
    [
      "see the log of what applies it and the target's: a large transaction passes by itself; what hangs is to be begun anew by whoever has started it",
      'nothing of a slot moves that somebody else applies',
      forPeople('whoever has started it'),
    ],
    [
      'see what that worker does (pg_stat_activity on the target; top on its machine: T is stopped); a large transaction passes by itself; one that was stopped: kill -CONT … on the machine of the target; one that hangs is begun anew, on the target, as superuser: SELECT pg_terminate_backend(…)',
      'a worker is there and does nothing',
      carriedOut(HUNG, 'a worker that is stopped is told within minutes, and goes on as its alarm says'),
    ],
  ]),
  ...of('probes/judge/capture/capture-alarms.ts', [
    [
      "see that Longhaul's role may write to table longhaul_cdc.… on the source still: that it owns it, that neither the role nor the database is read-only by default, and that nobody keeps it locked; the log of the source has the error, once a minute",
      'nobody can write a sentinel any more',
      carriedOut(
        'test/e2e/capture/by-hand.test.ts',
        'sentinels that our role may write no more are told, for nothing else would tell how late a slot is',
      ),
    ],
  ]),
  ...of('probes/judge/capture/guard-alarms.ts', [
    [
      'longhaul cdc pause …; make it a plain table on the target, with the rows that it has there; then longhaul cdc resume …, and longhaul compare --again …',
      'a table is of another kind on the target, where pglogical applies',
      carriedOut(
        'test/e2e/capture/by-hand.test.ts',
        'a table that becomes partitioned on the target is told before a change of it would crash the server',
      ),
    ],
    [
      'a task captures the tables of its mappings alone; leave it out: tables.exclude in longhaul.yaml, then longhaul shutdown; longhaul run',
      'a table has come that no task of DMS captures',
      carriedOut(
        'test/e2e/capture/wrong-order.test.ts',
        'a table that is not to be moved is left out, and neither alarm nor cutover speaks of it any more',
      ),
    ],
    [
      'see awsdms_apply_exceptions on the target, and the log of the task, for what it failed at; a task never goes on with a table that it has suspended, and one that was taken out of its set has lost what came since',
      'a table of the plan is not captured, with tasks of DMS',
      forPeople('what it failed at, its log says'),
    ],
  ]),
  ...of('domain/run/capture/left-over.ts', [
    [
      'on the target, as its owner: …; DROP TABLE …',
      'a table that was adopted is dropped on the source, and not on the target',
      carriedOut(
        DATED,
        'one that was adopted and goes is told, keeps the cutover, and is dropped by what the alarm says',
      ),
    ],
  ]),
  ...of('domain/run/capture/read-only-target.ts', [
    [
      'SET default_transaction_read_only = off',
      'what is done by hand on the target, while it is read-only',
      carriedOut(
        DATED,
        'one that was adopted and goes is told, keeps the cutover, and is dropped by what the alarm says',
      ),
    ],
  ]),
  ...of('probes/judge/capture/falls-behind.ts', [
    [
      'see on the target what its worker waits for (pg_stat_activity: disk, locks, a table without an index for its key), and give it that: it then catches up by itself',
      'a slot falls behind for hours',
      forPeople('what the target wants, its operator sees there'),
    ],
    [
      'else one worker is too few for what this slot has: in a new run, whose P is another, give it more slots (slots.count), and slots of their own (slots.assign) to what changes most in it',
      'a slot falls behind for hours, and nothing else is in its way',
      forPeople('a new run is planned, whose slots the plan has; test/engine/plan has slots that are assigned'),
    ],
    [
      '… (… rows a second)',
      'a slot falls behind for hours, and its tables that change most are known',
      forPeople('completes the sentence before it: which tables these are'),
    ],
    [
      'the tables that change most',
      'a slot falls behind for hours, and nothing was counted yet',
      forPeople('completes the sentence before it'),
    ],
  ]),
];
