import {setTimeout as delay} from 'node:timers/promises';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {describeSchemaDrift} from '../../../../src/cli/commands/inspect/drift.ts';
import type {SchemaDrift} from '../../../../src/domain/run/drift/schema-change.ts';
import {watchDrift, type DriftLab} from '../../../compare/drift-lab.ts';
import {startObjectLab, type ObjectLab} from '../../../compare/object-lab.ts';
import {due} from '../../../probes/judge/observed.ts';

let objects: ObjectLab;
let drift: DriftLab;

beforeAll(async () => {
  objects = await startObjectLab();
  drift = await watchDrift(objects.lab);
}, 120_000);

afterAll(async () => {
  await drift.stop();
  await objects.stop();
});

/** Each with what has to be told of it. */
const DEPLOYMENT: readonly (readonly [sql: string, told: string])[] = [
  ["ALTER TABLE f.parent ADD COLUMN plain text DEFAULT 'x'", 'column f.parent.plain is new'],
  ['ALTER TABLE f.parent ADD COLUMN filled timestamptz DEFAULT clock_timestamp()', 'column f.parent.filled is new'],
  ['ALTER TABLE f.parent RENAME COLUMN big TO large', 'column f.parent.big is called f.parent.large now'],
  ['ALTER TABLE f.child ALTER COLUMN note TYPE varchar(99) USING upper(note)', 'column f.child.note has another type'],
  ['CREATE INDEX deployed ON f.parent (at)', 'index f.deployed is new'],
  ['DROP INDEX f.parent_amount', 'index f.parent_amount is gone'],
  ['ALTER TABLE f.parent DROP CONSTRAINT code_short', 'constraint code_short ON f.parent is gone'],
  ['COMMENT ON COLUMN f.parent.code IS NULL', 'column f.parent.code has another comment'],
  ['GRANT DELETE ON f.parent TO reporting', 'grant DELETE ON TABLE f.parent TO reporting is new'],
  ['GRANT USAGE ON FOREIGN SERVER f_other TO app', 'grant USAGE ON FOREIGN SERVER f_other TO app is new'],
  ['ALTER FUNCTION f.double(integer, integer) STABLE', 'function f.double(integer,integer) has another volatility'],
  ['ALTER TABLE f.parted ADD COLUMN seen timestamptz DEFAULT now()', 'column f.parted.seen is new'],
  ["ALTER TYPE f.mood RENAME VALUE 'sad' TO 'low'", 'type f.mood has another labels'],
  ['COMMENT ON COLUMN f.pair.a IS NULL', 'type f.pair has another attribute comments'],
  ['CREATE DOMAIN f.stamp AS timestamptz DEFAULT now()', 'domain f.stamp is new'],
  ['ALTER TABLE f.numbered ADD COLUMN at f.stamp', 'column f.numbered.at is new'],
  ['CREATE TABLE f.deployed_too (id serial PRIMARY KEY, at date)', 'table f.deployed_too is new'],
];

const told = ({changes}: SchemaDrift): string[] => changes.map(({object, change}) => `${object} ${change}`);

describe('the schema of the source since P', () => {
  test('is told of with what makes the target follow, and no more once it has', async () => {
    expect(await drift.look((seen) => seen.total === 0)).toEqual({total: 0, changes: [], filled: []});
    // Neither alters anything that the target would have to follow.
    await objects.lab.source.sql('VACUUM FULL f.parent; ANALYZE; CREATE TEMPORARY TABLE t (id int); TRUNCATE f.child');
    for (const [sql] of DEPLOYMENT) await objects.lab.source.sql(sql);

    const seen = await drift.look((now) => DEPLOYMENT.every(([, words]) => told(now).includes(words)));
    expect(told(seen)).toEqual(expect.arrayContaining(DEPLOYMENT.map(([, words]) => words)));
    expect(seen.filled.map(({table: {name}}) => name).toSorted()).toEqual([
      'child',
      'heir',
      'numbered',
      'parent',
      'parted_1',
    ]);
    expect(
      drift.ctx
        .state()
        .capture.owed.map(({table: {name}}) => name)
        .toSorted(),
    ).toEqual(seen.filled.map(({table: {name}}) => name).toSorted());
    const [alarm] = due(0, [], drift.ctx.state()).filter(({id}) => id === 'schema.drift:source');
    expect(alarm?.seen).toContain('of the source’s schema since P');
    expect(describeSchemaDrift(drift.ctx.state()).join('\n')).toContain(
      'WRITTEN   f.child: its rows were written anew',
    );

    for (const {statement} of seen.changes) await objects.lab.target.sql(statement ?? '');
    const after = await drift.look((now) => now.total === 0);
    expect(told(after)).toEqual([]);
    expect(due(0, [], drift.ctx.state()).filter(({id}) => id === 'schema.drift:source')).toEqual([]);
    // The rows that DDL has written are owed all the same.
    expect(after.filled).toHaveLength(5);

    // Once more, while what was owed first is owed still; and what writes none.
    await objects.lab.source.sql('VACUUM FULL f.child; ALTER TABLE f.parent ALTER COLUMN code SET STATISTICS 7');
    await objects.lab.source.sql('ALTER TABLE f.numbered ALTER COLUMN note TYPE text USING upper(note || id)');
    const again = await drift.look((now) => now.filled.length > 5);
    expect(again.filled.slice(5).map(({table: {name}}) => name)).toEqual(['numbered']);
  });

  test('is read a little at a time: each minute the counters alone, rows of catalogs every ten minutes, one slice where that takes long', async () => {
    const COUNTERS = 'pg_stat_get_tuples_inserted';
    // Read just now, and to the end.
    await objects.lab.source.sql('CREATE TABLE f.first (id integer)');
    await wait(
      async () => drift.turn(600_000),
      ({asked}) => asked.length > 1,
    );
    await objects.lab.source.sql('CREATE TABLE f.one_more (id integer)');
    for (const afterMs of [60_000, 60_000, 60_000]) {
      const {asked} = await drift.turn(afterMs);
      expect(asked.filter((text) => !text.includes(COUNTERS))).toEqual([]);
      expect(asked).toHaveLength(1);
    }
    // A slice is over the budget by itself: the turn ends with it, and the next one goes on where it was.
    const first = await wait(
      async () => drift.turn(600_000, 250),
      ({asked}) => asked.length > 1,
    );
    expect(first.asked[0]).toContain(COUNTERS);
    // Counters, horizon, one slice.
    expect(first.asked).toHaveLength(3);
    const {asked} = await drift.turn(0, 250);
    expect(asked).toHaveLength(1);
    expect(asked[0]).not.toContain(COUNTERS);
    const seen = await drift.look((now) => told(now).includes('table f.one_more is new'));
    expect(told(seen)).toContain('table f.one_more is new');
  });

  test('is read by the next turn where a connection was lost in the midst of one', async () => {
    await objects.lab.source.sql('CREATE TABLE f.after_a_fault (id integer)');
    let failed = false;
    const fails = (text: string): boolean => {
      // Of pg_class the new row is found by this statement alone.
      const isHit = text.includes('age(k.xmin)') && text.includes('pg_catalog.pg_class k');
      failed ||= isHit;
      return isHit;
    };
    await wait(
      async () => drift.turn(700_000, 0, fails).catch(() => null),
      () => failed,
    );
    expect(failed).toBe(true);
    const seen = await drift.look((now) => told(now).includes('table f.after_a_fault is new'));
    expect(told(seen)).toContain('table f.after_a_fault is new');
  });

  test('is read on while the target answers nobody: the source’s other probes do not wait for it', async () => {
    const letIn = drift.holdTarget();
    await objects.lab.source.sql('CREATE TABLE f.unanswered (id integer)');
    const known = drift.ctx.state().schemaDrift.total;
    await wait(
      async () => drift.turn(700_000),
      ({asked}) => asked.length > 1,
    );
    // The source is asked turn by turn, and nothing is said that the target was not asked for.
    expect((await drift.turn(60_000)).asked).toHaveLength(1);
    expect((await drift.turn(60_000)).asked).toHaveLength(1);
    expect(drift.ctx.state().schemaDrift.total).toBe(known);
    letIn();
    const seen = await drift.look((now) => told(now).includes('table f.unanswered is new'));
    expect(told(seen)).toContain('table f.unanswered is new');
  });
});

/** The server counts what was written a moment after it is committed. */
async function wait<Seen>(look: () => Promise<Seen>, until: (seen: Seen) => boolean): Promise<Seen> {
  for (const end = Date.now() + 20_000; ; await delay(50)) {
    const seen = await look();
    if (until(seen) || Date.now() > end) return seen;
  }
}
