import {carriedOut, forPeople, of, situations, type Remedy} from '../remedy.ts';

/** What schema, plan and what the target has say. */
export const OF_SCHEMA: readonly Remedy[] = [
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
  ...of('engine/load/take-target.ts', [
    [
      'let run … end, or give it up (the command abort, with the configuration file of that run); then run again',
      'another run has the target',
      carriedOut('test/e2e/hand-off/one-owner.test.ts', 'the first run loads all of it, and every table is equal'),
    ],
    [
      "on the target: SELECT pid, application_name, state, query FROM pg_stat_activity WHERE pid IN (SELECT pid FROM pg_locks WHERE relation = 'longhaul.owner'::regclass); wait for it or end it, then run again",
      'a session that the run does not know holds the row of its owner',
      carriedOut(
        'test/remedies/nightly-stuck.pg.test.ts',
        'the row of the owner is held by a session that nobody knows',
      ),
    ],
  ]),
  ...of('engine/load/target-content.ts', [
    [
      'when they are not wanted, on the target: SELECT lo_unlink(oid) FROM (SELECT oid FROM pg_largeobject_metadata LIMIT 500) AS batch; the same again until it gives no row; then run again',
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
      'the units stay as they are in plan.yaml: put it back, or longhaul plan --fresh makes inventory and plan anew (an edited plan.yaml is replaced); and where something is loaded already, …',
      'load.big_tables, load.unit_size or load.method was changed under a plan',
      carriedOut('test/engine/plan/cut-tables.test.ts', 'until the plan is made anew'),
    ],
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
      "(…; … -d REPLICA && echo 'COMMIT;') | psql -v ON_ERROR_STOP=1 -d TARGET (with the conninfos of longhaul.yaml)",
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
      carriedOut('test/remedies/nightly-load.pg.test.ts', 'configuration of an extension is on the target'),
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
      carriedOut('test/remedies/nightly-held.pg.test.ts', 'a manifest that was written by an earlier version'),
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
  ...of('engine/schema/goal/not-in-manifest.ts', [
    [
      'create it on the source as well and run longhaul run --from copy-schema, or drop it on the target yourself and note it',
      'the target has an object that the source has not',
      forPeople('which of both is right, its owner says'),
    ],
  ]),
  ...of('engine/steps/prepare/plan-slots.ts', [
    [
      'once it has one: longhaul plan --fresh; for a plain copy without change capture: cdc.engine: none in longhaul.yaml',
      'the source has no table to replicate',
      carriedOut(
        'test/remedies/nightly-held.pg.test.ts',
        'is told before anything is copied, and gets slots by a fresh plan',
      ),
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
