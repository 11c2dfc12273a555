import {carriedOut, forPeople, of, type Remedy} from '../remedy.ts';

/** What is said about what the target has said to a unit. */
export const OF_LOAD_REMEDY: readonly Remedy[] = [
  ...of('engine/load/lane/load-remedy.ts', [
    [
      'longhaul retry …',
      'a unit has failed',
      carriedOut(
        'test/e2e/faults/faults.test.ts',
        'a cancelled unit leaves no row and no backend, waits for its retry, and is then in',
      ),
    ],
    [
      'end the other run (the command abort, with the configuration file of that run); then longhaul run --from full-load takes the target back and loads what is not in',
      'another run has taken the target',
      carriedOut('test/e2e/hand-off/one-owner.test.ts', 'the first run loads all of it, and every table is equal'),
    ],
    [
      "grant the target's role what the message names (of a table SELECT, INSERT and TRUNCATE, or membership in its owner), then …",
      'the role may not do something on the target',
      carriedOut('test/remedies/nightly-stuck.pg.test.ts', 'the role may not write into a table any more'),
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
      "rows are there already, or a unique index is on the target: longhaul run --from strip-target takes off what the source has as well, and names what is the target's alone, to be dropped there by hand; then …",
      'rows are in the target already',
      carriedOut('test/remedies/nightly-load.pg.test.ts', 'a unique index is made while the load runs'),
    ],
    [
      'longhaul logs … shows what the target said; when it is mended, …',
      'a unit has failed',
      carriedOut(
        'test/e2e/faults/faults.test.ts',
        'a cancelled unit leaves no row and no backend, waits for its retry, and is then in',
      ),
    ],
    [
      'on the target: drop the trigger of the table that leaves rows out; then …',
      'the target took other rows than were sent',
      carriedOut(
        'test/e2e/whole-runs/plain-copy.test.ts',
        'a trigger that leaves rows out ends its unit, in binary form and as text, and once it is off the unit is loaded',
      ),
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
      'when these rows are not wanted, on the target: …; then …',
      'a table has rows that nobody loaded',
      carriedOut(
        'test/e2e/hand-off/one-owner.test.ts',
        'rows that come into a table after the load has begun end its unit, and the remedy brings it in',
      ),
    ],
    [
      'the target has a constraint that the rows of the source do not meet, and the message has its name: drop it on the target; then …. Where the source has it too, build-indexes makes it again and names the rows that it refuses',
      'a constraint was made on the target while the load ran',
      forPeople('the message has the name of the constraint, and the table is the unit’s'),
    ],
    [
      'where load.log names a function beside it, that looks by search_path, which is empty while rows are loaded: on the target, as its owner, ALTER FUNCTION … SET search_path = its schemas; else create there what the message names (DDL after the schema was copied); then …',
      'a function that a row calls looks by search_path',
      forPeople('names the statement, which findings.pg.test.ts carries out; the schemas are in load.log'),
    ],
    [
      'TRUNCATE ONLY …',
      'a table has rows that nobody loaded',
      carriedOut(
        'test/e2e/hand-off/one-owner.test.ts',
        'rows that come into a table after the load has begun end its unit, and the remedy brings it in',
      ),
    ],
    [
      'SELECT lo_unlink(oid) FROM (SELECT oid FROM pg_largeobject_metadata LIMIT 500) AS batch, again until it gives no row',
      'large objects are there that nobody loaded',
      forPeople('a part of: foreign-objects, which carries the same statement out'),
    ],
    ['the table that the message names', 'a table has rows that nobody loaded', forPeople('a part of the one before')],
    [
      'ALTER TABLE … ALTER COLUMN … DROP NOT NULL, with the column of the message',
      'a column that is NOT NULL has rows that are NULL',
      forPeople('which of both it is to be, its owner says'),
    ],
    [
      'NOT NULL taken off the column that the message names (ALTER TABLE … ALTER COLUMN … DROP NOT NULL)',
      'a column that is NOT NULL has rows that are NULL',
      forPeople('which of both it is to be, its owner says'),
    ],
    [
      'rows of the source are NULL where it says NOT NULL: longhaul check names such columns once their table is analyzed there, with what to do, and a new P brings it; or at this P, on the target: …; then …, and compare-objects tells that it differs',
      'a column that is NOT NULL has rows that are NULL',
      forPeople('which of both it is to be, its owner says'),
    ],
  ]),
];
