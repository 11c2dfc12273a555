import {carriedOut, forPeople, of, type Remedy} from '../remedy.ts';

const ORDER = 'test/e2e/capture/wrong-order.test.ts';
const TAKEN = 'test/e2e/capture/taken-out.test.ts';
const BY_HAND = 'test/e2e/capture/by-hand.test.ts';
const TRUNCATED = 'a TRUNCATE that no trigger writes down is told before it is missed';
const LEFT_OUT = 'a table that is not to be moved is left out, and neither alarm nor cutover speaks of it any more';
const RETENTION =
  'one that retention has dropped during the load does not cost the load, and is dropped on the target by what the drift says';
/** What is said of tables that are taken in while changes are captured. */
export const OF_ADOPTING: readonly Remedy[] = [
  ...of('engine/capture/adopt/adopt-command.ts', [
    [
      'this is a bug: longhaul doctor collects what it takes',
      'an adoption ends with an error of our own',
      forPeople('a bug report'),
    ],
  ]),
  ...of('engine/capture/adopt/adopt.ts', [
    [
      "in a quiet hour, as its owner, on the source: SET lock_timeout = '2s'; ALTER TABLE … SET LOGGED; it rewrites the table; then give the command again",
      'a table that is to be adopted is unlogged',
      carriedOut(
        TAKEN,
        'a table that is made unlogged counts until it is logged again and adopted, for nothing of it came meanwhile',
      ),
    ],
    [
      'on the target, make it a plain table, or drop it where nobody needs what it has: adopting makes it anew; then give the command again',
      'a table that is to be adopted is of another kind on the target',
      forPeople('what the target has under its name, its operator says'),
    ],
    [
      'longhaul cdc resume …; then give the command again',
      'the slot that the table goes into is paused',
      carriedOut(ORDER, 'what is done to a slot that is paused says so, and goes on once it is resumed'),
    ],
    [
      'longhaul status names the tables that are not captured; one that is not to be moved is left out: tables.exclude in longhaul.yaml, then longhaul shutdown; longhaul run',
      'a table cannot be adopted',
      carriedOut(ORDER, LEFT_OUT),
    ],
  ]),
  ...of('engine/capture/adopt/check-makers.ts', [
    [
      'make those that the time of the run will need before it begins, so that they are in the plan; one that comes all the same is an alarm within a minute, and longhaul adopt takes it in',
      'tables are called after dates',
      forPeople('which tables are to come, their owner says'),
    ],
    [
      '…: raise premake in its part_config, and let its maintenance run',
      'pg_partman is installed',
      forPeople('how far ahead it is to make them, its owner says'),
    ],
    [
      'have it rest until the cutover; a table that is dropped with CASCADE leaves its sets, and costs the run nothing',
      'tables that are dropped by their age are in replication sets',
      carriedOut('test/e2e/capture/dated-children.test.ts', RETENTION),
    ],
  ]),
  ...of('engine/capture/adopt/carry-out.ts', [
    [
      "see that nobody writes to it on the target (triggers, rules, somebody's session), then: longhaul adopt …",
      'somebody has written to the table meanwhile',
      forPeople('who writes there'),
    ],
    [
      'wait until it has caught up (longhaul status); where longhaul_cdc.… is told to be captured by nothing, adopt that first; then give the command again',
      'the slot is behind',
      forPeople('the same command once more'),
    ],
  ]),
  ...of('engine/capture/adopt/make-whole.ts', [
    [
      'see in longhaul status how … is; once it runs, give the command again',
      'the subscription of its slot was altered, and no worker begins with what it asks for again',
      forPeople('what keeps a worker from beginning, its own alarm says'),
    ],
  ]),
  ...of('domain/run/capture/sentinel-table.ts', [
    [
      'longhaul adopt ….… --yes …',
      'sentinels of a slot are not on the target, or more of them are',
      carriedOut(BY_HAND, 'a sentinel that somebody writes on the target is told, hides no other alarm'),
    ],
  ]),
  ...of('engine/capture/sentinels/read-sentinels.ts', [
    [
      'longhaul adopt longhaul_cdc.SLOT, with the name of the slot, makes its table anew',
      'somebody has dropped a sentinels’ table',
      carriedOut(BY_HAND, 'a sentinels’ table that is dropped, on the source or on the target, is made anew'),
    ],
  ]),
  ...of('probes/judge/capture/capture-alarms.ts', [
    [
      '…, and adopt those that are told; then … writes its sentinels anew',
      'sentinels of a slot are not on the target, or more of them are, where tables are adopted',
      carriedOut(BY_HAND, 'a sentinel that somebody writes on the target is told, hides no other alarm'),
    ],
  ]),
  ...of('probes/judge/capture/guard-alarms.ts', [
    [
      'longhaul adopt … --yes …, by which pglogical makes it anew',
      'pglogical’s trigger for TRUNCATE is gone from a table',
      carriedOut(TAKEN, TRUNCATED),
    ],
    [
      "on the source, as superuser: SET lock_timeout = '2s'; ALTER TABLE … ENABLE TRIGGER …; then longhaul compare --again …",
      'pglogical’s trigger for TRUNCATE is disabled',
      carriedOut(TAKEN, TRUNCATED),
    ],
    [
      "on the target, as superuser: ALTER DATABASE … SET pglogical.conflict_log_level = 'error'; then longhaul cdc pause and resume for each slot, and longhaul compare --again, which finds what was passed over",
      'somebody has taken strict mode from the target',
      forPeople('it is what start-cdc sets itself, in every run with pglogical'),
    ],
  ]),
];
