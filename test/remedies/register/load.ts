import {carriedOut, forPeople, of, type Remedy} from '../remedy.ts';

/** What load and comparison say. */
export const OF_LOAD: readonly Remedy[] = [
  ...of('engine/compare/at-boundary.ts', [
    [
      'longhaul run --from resume-replay keeps the load, which is whole, and goes on uncompared; --from pause-replay takes a new P and loads everything again',
      'the replica has left P before all was compared',
      carriedOut(
        'test/e2e/faults/faults.test.ts',
        'P lost after the load is no reason to load again: the run goes on uncompared, and says so',
      ),
    ],
  ]),
  ...of('engine/plan/judge-cuts.ts', [
    [
      'have it loaded whole: in plan.yaml, in place of its units with .key- in their names one unit with another name and this table, and under cuts no …; then run again',
      "a table's key is another at the load than in the plan",
      carriedOut('test/engine/plan/cut-by-key.test.ts', 'is read with a table whole that the plan had cut'),
    ],
  ]),
  ...of('engine/load/end-lanes.ts', [
    [
      "on the target: SELECT pid, state, query FROM pg_stat_activity WHERE application_name LIKE 'longhaul/…/%'; end them (pg_terminate_backend; what that does not end, the target's disk or a restart of the target does), then the same again, or longhaul run",
      'a lane does not end',
      carriedOut('test/remedies/nightly-stuck.pg.test.ts', 'a backend of a lane outlives pg_terminate_backend'),
    ],
  ]),
  ...of('engine/load/lane/control-lane.ts', [
    [
      'it has ended, and its result comes once the target answers',
      'a lane has no process any more',
      forPeople('says what is so, or what comes by itself: nothing is to be done'),
    ],
    [
      'longhaul status shows the result: one that never starts fails by itself; see that the jump box has processes and memory left, then the same again',
      'no signal has reached a lane',
      carriedOut(
        'test/e2e/faults/first-moments.test.ts',
        'a lane that does not start in time is called off: it sends nothing when it comes, and the unit is tried again',
      ),
    ],
    [
      'longhaul status shows whether it was committed; where it was not, it stays cancelled until longhaul retry …',
      'a lane ended by itself before it was cancelled',
      carriedOut(
        'test/e2e/faults/faults.test.ts',
        'a cancelled unit leaves no row and no backend, waits for its retry, and is then in',
      ),
    ],
  ]),
  ...of('engine/load/lane/settle.ts', [
    [
      'longhaul retry … loads it again',
      'a unit has failed',
      carriedOut(
        'test/e2e/faults/faults.test.ts',
        'a cancelled unit leaves no row and no backend, waits for its retry, and is then in',
      ),
    ],
  ]),
  ...of('engine/load/load.ts', [
    [
      'put them back as they were (the last load.planned in the journal has them); or …',
      'plan.yaml has changed units that are loaded',
      carriedOut(
        'test/e2e/faults/survival.test.ts',
        'a plan that was edited under a lane is refused, and the lane goes on',
      ),
    ],
  ]),
  ...of('engine/load/outcome.ts', [
    [
      'longhaul retry … loads it again',
      'a unit has failed',
      carriedOut(
        'test/e2e/faults/faults.test.ts',
        'a cancelled unit leaves no row and no backend, waits for its retry, and is then in',
      ),
    ],
    [
      'longhaul run begins again with new slots and a new P',
      'the slots were released while a unit loaded',
      carriedOut(
        'test/e2e/hand-off/release.test.ts',
        'tells the journal that P is lost, and the next run takes new slots and a new P by itself',
      ),
    ],
    [
      'longhaul run loads it again',
      'the supervisor was ended with its lanes',
      carriedOut(
        'test/e2e/faults/survival.test.ts',
        'shutdown --lanes leaves no backend, and the next run goes on by itself',
      ),
    ],
    [
      'mend what the message names, then longhaul retry …; nothing of it was committed',
      'a unit has failed',
      carriedOut(
        'test/e2e/faults/faults.test.ts',
        'a cancelled unit leaves no row and no backend, waits for its retry, and is then in',
      ),
    ],
    [
      'nothing of it was committed; longhaul retry … loads it again',
      'a unit has failed',
      carriedOut(
        'test/e2e/faults/faults.test.ts',
        'a cancelled unit leaves no row and no backend, waits for its retry, and is then in',
      ),
    ],
    [
      'see that the jump box has processes and memory left; longhaul retry … loads it again',
      'a lane did not start in time',
      carriedOut(
        'test/e2e/faults/first-moments.test.ts',
        'a lane that does not start in time is called off: it sends nothing when it comes, and the unit is tried again',
      ),
    ],
    [
      'see that the replica is up, then longhaul retry …; nothing of the unit was committed',
      'the replica cannot be reached by a lane',
      forPeople('names what is wrong on the machine; which of its causes it is, people see'),
    ],
  ]),
  ...of('engine/steps/load/full-load.ts', [
    [
      'longhaul run --from strip-target',
      'tables that are to be loaded still have indexes',
      carriedOut(
        'test/e2e/hand-off/guards-fence.test.ts',
        'on a target that lacks a table, has one otherwise, or has rows in it',
      ),
    ],
    [
      'create it there as it is on the source: …; then run again',
      'the target lacks a table',
      carriedOut('test/remedies/nightly.pg.test.ts', 'a table that the target lacks'),
    ],
    [
      'longhaul run --from pause-replay',
      'there is no proved P',
      carriedOut(
        'test/e2e/faults/crash-recovery.test.ts',
        'its remedy pauses again, proves P, and the run comes to its end with every row',
      ),
    ],
    [
      'put the table back into its old unit in plan.yaml; or …',
      'a table was moved between units',
      carriedOut(
        'test/e2e/faults/survival.test.ts',
        'a plan that was edited under a lane is refused, and the lane goes on',
      ),
    ],
  ]),
];
