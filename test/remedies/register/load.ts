import {carriedOut, forPeople, of, open, situations, type Remedy} from '../remedy.ts';

/** What schema, plan and load say. */
export const OF_LOAD: readonly Remedy[] = [
  ...of('engine/compare/compare-tables.ts', [
    [
      'longhaul run --from resume-replay keeps the load, which is whole, and goes on uncompared; --from pause-replay takes a new P and loads everything again',
      'the replica has left P before all was compared',
      carriedOut(
        'test/e2e/faults/faults.test.ts',
        'P lost after the load is no reason to load again: the run goes on uncompared, and says so',
      ),
    ],
  ]),
  ...of('engine/inventory/inventory-file.ts', [
    [
      'longhaul plan --fresh takes it anew',
      'inventory.json is damaged',
      carriedOut('test/remedies/nightly.pg.test.ts', 'an inventory that is damaged, and one that is not there'),
    ],
    [
      'longhaul run --from inventory, or longhaul plan',
      'inventory.json is not there',
      carriedOut('test/remedies/nightly.pg.test.ts', 'an inventory that is damaged, and one that is not there'),
    ],
    [
      'put them back as they were; or, if that is what you want: longhaul plan --fresh takes inventory and plan anew',
      'longhaul.yaml selects other tables than the inventory has',
      carriedOut('test/remedies/nightly.pg.test.ts', 'other tables in longhaul.yaml than the inventory has'),
    ],
  ]),
  ...of('engine/load/end-lanes.ts', [
    [
      "on the target: SELECT pid, state, query FROM pg_stat_activity WHERE application_name LIKE 'longhaul/…/%'; end them, then run the same again",
      'a lane does not end',
      open('wants a backend that outlives pg_terminate_backend'),
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
      'put them back as they were (the last load.planned in the journal has them), or take a new P, at which everything is loaded again: longhaul run --from pause-replay',
      'plan.yaml has changed units that are loaded',
      carriedOut(
        'test/e2e/faults/survival.test.ts',
        'a plan that was edited under a lane is refused, and the lane goes on',
      ),
    ],
  ]),
  ...of('engine/load/outcome.ts', [
    [
      'end the other run (the command abort, with the configuration file of that run); then longhaul run --from full-load takes the target back and loads what is not in',
      'another run has taken the target',
      carriedOut('test/e2e/hand-off/one-owner.test.ts', 'the first run loads all of it, and every table is equal'),
    ],
    [
      "grant the target's role what the message names, then …",
      'the role may not do something on the target',
      open('wants a right that is taken away while a unit loads'),
    ],
    [
      'longhaul retry …',
      'a unit has failed',
      carriedOut(
        'test/e2e/faults/faults.test.ts',
        'a cancelled unit leaves no row and no backend, waits for its retry, and is then in',
      ),
    ],
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
      'nothing of it was committed; … loads it again',
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
      'rows are there already, or a unique index was left on the target: longhaul run --from strip-target, then …',
      'rows are in the target already',
      open('wants a unique index that somebody has made while a unit loads'),
    ],
    [
      "see load.log in the unit's folder; when it is mended, …",
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
      'see that the replica is up; nothing of the unit was committed',
      'the replica cannot be reached by a lane',
      forPeople('names what is wrong on the machine; which of its causes it is, people see'),
    ],
    [
      "the target's disk is full: make it larger, then …; nothing of the unit stayed",
      'the disk of the target is full',
      carriedOut(
        'test/e2e/faults/faults.test.ts',
        'leaves no row of the unit, names the disk, and the load goes on once there is room',
      ),
    ],
    [
      'when these rows are not wanted, TRUNCATE ONLY that table on the target (lo_unlink for large objects); then …',
      'a table has rows that nobody loaded',
      carriedOut(
        'test/e2e/hand-off/one-owner.test.ts',
        'rows that come into a table after the load has begun end its unit, and the remedy brings it in',
      ),
    ],
    [
      'where load.log names a function beside it, that looks by search_path, which is empty while rows are loaded: on the target, as its owner, ALTER FUNCTION … SET search_path = its schemas; else create there what the message names (DDL after the schema was copied); then …',
      'a function that a row calls looks by search_path',
      forPeople('names the statement, which findings.pg.test.ts carries out; the schemas are in load.log'),
    ],
  ]),
  ...of('engine/load/take-target.ts', [
    [
      'let run … end, or give it up (the command abort, with the configuration file of that run); then run again',
      'another run has the target',
      carriedOut('test/e2e/hand-off/one-owner.test.ts', 'the first run loads all of it, and every table is equal'),
    ],
    [
      "on the target: SELECT pid, state, query FROM pg_stat_activity WHERE application_name LIKE 'longhaul/%'; wait for it or end it, then run again",
      'somebody who is connected to the target has it',
      open('wants an owner that no ledger names'),
    ],
  ]),
  ...of('engine/load/target-content.ts', [
    [
      'when they are not wanted, on the target: SELECT lo_unlink(oid) FROM (SELECT oid FROM pg_largeobject_metadata LIMIT 500) AS some; the same again until it gives no row; then run again',
      'the target has large objects that nobody loaded',
      situations('full-load.foreign-objects'),
    ],
    [
      'when they are not wanted, on the target: TRUNCATE ONLY …; then run again',
      'the target has rows that nobody loaded',
      situations('full-load.foreign-rows'),
    ],
  ]),
  ...of('engine/plan/plan-file.ts', [
    [
      'longhaul plan, or longhaul run --from plan-slots',
      'there is no plan.yaml',
      carriedOut('test/remedies/nightly.pg.test.ts', 'a plan that is damaged, and one that is not there'),
    ],
    [
      'mend what is named, or delete the file: longhaul plan makes it anew',
      'plan.yaml has mistakes',
      carriedOut('test/remedies/nightly.pg.test.ts', 'a plan that is damaged, and one that is not there'),
    ],
  ]),
  ...of('engine/plan/plan-slots.ts', [
    [
      'longhaul plan lists the tables',
      'slots.assign names something that cannot be',
      forPeople('assigns a table of longhaul.yaml to another slot'),
    ],
    [
      'tables that are tied share a slot, or their changes arrive out of order: assign them to one',
      'slots.assign names something that cannot be',
      forPeople('assigns a table of longhaul.yaml to another slot'),
    ],
    [
      'the slots are …',
      'slots.assign names something that cannot be',
      forPeople('assigns a table of longhaul.yaml to another slot'),
    ],
  ]),
  ...of('engine/plan/plan-units.ts', [
    [
      'longhaul plan lists the tables',
      'load.big_tables names no table',
      forPeople('longhaul plan only lists the tables'),
    ],
  ]),
  ...of('engine/plan/tables-now.ts', [
    [
      'longhaul plan --fresh takes inventory and plan anew (an edited plan.yaml is replaced), then longhaul run; or leave the table out by tables.exclude',
      'tables have come or gone since the inventory',
      carriedOut('test/remedies/nightly.pg.test.ts', 'a table that has come since the inventory'),
    ],
  ]),
  ...of('engine/schema/copy/as-on-source.ts', [
    [
      ' DELETE FROM ONLY …;',
      'rows differ',
      carriedOut('test/remedies/nightly.pg.test.ts', 'rows that differ after the load'),
    ],
    [
      '… -d SOURCE | psql -d TARGET (with the conninfos of longhaul.yaml)',
      'the target lacks a table',
      carriedOut('test/remedies/nightly.pg.test.ts', 'a table that the target lacks'),
    ],
    [
      "(…; … -d REPLICA; echo 'COMMIT;') | psql -v ON_ERROR_STOP=1 -d TARGET (with the conninfos of longhaul.yaml)",
      'rows differ',
      carriedOut('test/remedies/nightly.pg.test.ts', 'rows that differ after the load'),
    ],
    [
      'BEGIN; SET session_replication_role = replica;…',
      'rows differ',
      carriedOut('test/remedies/nightly.pg.test.ts', 'rows that differ after the load'),
    ],
  ]),
  ...of('engine/schema/copy/ownership.ts', [
    ['DATABASE …', 'a grant is missing', forPeople('a part of: on the target, as a role that may')],
  ]),
  ...of('engine/schema/copy/rehearse-schema.ts', [
    [
      '…give the target what it needs, …',
      'the target refuses an object of the schema',
      forPeople('what the target lacks and why, its owner says'),
    ],
    [
      'change it on the source, or leave its schema out: tables.exclude_schemas',
      'the target refuses an object of the schema',
      forPeople('what the target lacks and why, its owner says'),
    ],
    [
      'the server says: …; ',
      'the target refuses an object of the schema',
      forPeople('what the target lacks and why, its owner says'),
    ],
  ]),
  ...of('engine/schema/goal/differences.ts', [
    [
      'change the rows of the query on the target (and on the source), then longhaul run',
      'an object cannot be built as it is on the source',
      carriedOut(
        'test/e2e/whole-runs/done-means-done.test.ts',
        'is built by the next run where its rows were mended; what somebody made there instead is not dropped',
      ),
    ],
    [
      'its own index on the source did not keep these rows apart: see which of them is right, on both sides; delete or change the others on the target, then longhaul run',
      'an object cannot be built as it is on the source',
      carriedOut(
        'test/e2e/whole-runs/done-means-done.test.ts',
        'is built by the next run where its rows were mended; what somebody made there instead is not dropped',
      ),
    ],
    [
      'mend what the server names on the target, then longhaul run',
      'an object cannot be built as it is on the source',
      carriedOut(
        'test/e2e/whole-runs/done-means-done.test.ts',
        'is built by the next run where its rows were mended; what somebody made there instead is not dropped',
      ),
    ],
    [
      'the same rows are on the source, where nothing checks them any more: add the missing parents, or delete or change the rows of the query, on the target (and on the source); then longhaul run',
      'an object cannot be built as it is on the source',
      carriedOut(
        'test/e2e/whole-runs/done-means-done.test.ts',
        'is built by the next run where its rows were mended; what somebody made there instead is not dropped',
      ),
    ],
    [
      'when that is not wanted, on the target: …; then longhaul run makes it as it is on the source',
      'an object cannot be built as it is on the source',
      carriedOut(
        'test/e2e/whole-runs/done-means-done.test.ts',
        'is built by the next run where its rows were mended; what somebody made there instead is not dropped',
      ),
    ],
  ]),
  ...of('engine/schema/goal/extension-rows.ts', [
    [
      'have the source\'s release of it on the target (SELECT extversion FROM pg_extension on both; ALTER EXTENSION "…" UPDATE), or leave it out by tables.exclude',
      'an extension’s configuration does not fit the target’s release of it',
      forPeople('no two releases of one extension are at hand'),
    ],
    [
      'when it is not wanted, on the target: …; then run again',
      'an extension’s configuration on the target is not what its run has put there',
      open('wants an extension with configuration on both sides'),
    ],
  ]),
  ...of('engine/schema/goal/manifest.ts', [
    [
      'longhaul run --from copy-schema',
      'manifest.json is not there',
      carriedOut('test/remedies/nightly.pg.test.ts', 'a manifest that is not there'),
    ],
    [
      'longhaul run --from prove-boundary reads it again, while the replica is at P; what is loaded stays',
      'manifest.json is damaged, or older than P',
      open('wants a run folder that has lost a file'),
    ],
  ]),
  ...of('engine/schema/goal/missing-grants.ts', [
    [
      'on the target, as a role that may (the owner of the object, or a superuser): …; then longhaul run',
      'the role may not grant something',
      carriedOut(
        'test/e2e/whole-runs/done-means-done.test.ts',
        'is built by the next run where its rows were mended; what somebody made there instead is not dropped',
      ),
    ],
  ]),
  ...of('engine/steps/load/compare-rows.ts', [
    [
      '…: load these tables again from the replica, which is at P: …; then run again',
      'rows differ',
      carriedOut('test/remedies/nightly.pg.test.ts', 'rows that differ after the load'),
    ],
    [
      '…: longhaul run --from pause-replay takes a new P and loads everything again',
      'rows of many tables differ',
      carriedOut(
        'test/e2e/faults/crash-recovery.test.ts',
        'its remedy pauses again, proves P, and the run comes to its end with every row',
      ),
    ],
    [
      'somebody wrote to the target, or its rows were there before',
      'rows differ',
      open('wants rows that differ after a load that is whole'),
    ],
  ]),
  ...of('engine/steps/load/full-load.ts', [
    [
      'alter it on the target as it was altered on the source (compare \\d of both), or drop it there and create it anew: …; then run again',
      'a table is another on the target',
      carriedOut(
        'test/e2e/whole-runs/changed-meanwhile.test.ts',
        'an index that came since is on the target in the end; an altered table is named before its rows are loaded',
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
      'put the table back into its old unit in plan.yaml, or take a new P: longhaul run --from pause-replay',
      'a table was moved between units',
      carriedOut(
        'test/e2e/faults/survival.test.ts',
        'a plan that was edited under a lane is refused, and the lane goes on',
      ),
    ],
  ]),
  ...of('engine/steps/load/strip-target.ts', [
    [
      'create it on the source as well and run longhaul run --from copy-schema, or drop it on the target yourself and note it',
      'the target has an object that the source has not',
      forPeople('which of both is right, its owner says'),
    ],
  ]),
  ...of('engine/steps/prepare/copy-schema.ts', [
    [
      'create the missing tables as they are on the source: …; or drop those that are there; then run again',
      'the target has some of the tables already',
      carriedOut('test/remedies/nightly.pg.test.ts', 'a table that the target lacks'),
    ],
    [
      'drop those that are there, or create the missing tables as they are on the source; then run again',
      'the target has some of the tables already',
      forPeople('which of them are wanted, their owner says'),
    ],
  ]),
];
