import {expect, test} from 'vitest';
import {adoption as native} from '../../../../src/engine/capture/native/control/adoption.ts';
import {adoption as pglogical} from '../../../../src/engine/capture/pglogical/adoption.ts';
import {plannedSets} from '../../../../src/engine/capture/objects.ts';
import type {TakenIn} from '../../../../src/engine/capture/capture.ts';
import type {PublishedRow} from '../../../../src/pg/capture/publications.ts';
import type {SetMember} from '../../../../src/pg/replication/pglogical.ts';
import type {Session} from '../../../../src/pg/session/session.ts';
import {renderStatement, type Statement} from '../../../../src/pg/session/statement.ts';
import type {StepContext} from '../../../../src/engine/step.ts';
import {relation} from '../../plan/inventory.ts';

const taken: TakenIn = {
  table: relation('public.front'),
  slot: 'lh_01',
  others: ['lh_02'],
  hasIdentity: true,
  isFull: false,
};

/** A source that answers so. */
function on(run: (statement: Statement) => unknown): StepContext {
  const source = {version: 150_000, run: async (statement: Statement) => run(statement)} as unknown as Session;
  return {session: async () => source, config: {run: 'acme'}} as unknown as StepContext;
}

const SETS = plannedSets([{name: 'lh_01'}]);
const published = (publication: string, table: string | null): PublishedRow => ({
  publication,
  updates: true,
  publishes: publication.startsWith('i') ? 'inserts' : 'all',
  isNarrowed: false,
  schema: table === null ? null : 'public',
  table,
});
async function ofNative(...rows: readonly PublishedRow[]): Promise<string[]> {
  const source = on(({values}) => rows.filter(({publication}) => JSON.stringify(values).includes(`"${publication}"`)));
  const {statements, elsewhere} = await native.adding(source, taken);
  return [...statements.map((statement) => renderStatement(statement)), ...elsewhere.map((one) => `waits for ${one}`)];
}

test('a table that another slot publishes under this name, as after a swap, is published by its own alone', async () => {
  const own = [published('lh_01', null), published('ilh_01', null)];
  expect(await ofNative(...own, published('lh_02', 'front'), published('ilh_02', null))).toEqual([
    'ALTER PUBLICATION "lh_02" DROP TABLE ONLY "public"."front"',
    'ALTER PUBLICATION "lh_01" ADD TABLE ONLY "public"."front"',
    'waits for lh_02',
  ]);
  expect(await ofNative(published('lh_01', 'front'), published('ilh_01', null), published('lh_02', 'front'))).toEqual([
    'ALTER PUBLICATION "lh_02" DROP TABLE ONLY "public"."front"',
    'waits for lh_02',
  ]);
  expect(await ofNative(...own, published('lh_02', 'behind'))).toEqual([
    'ALTER PUBLICATION "lh_01" ADD TABLE ONLY "public"."front"',
  ]);
});

test('a table that is in the sets of another slot is taken out of these', async () => {
  const member = (set: string): SetMember => ({...taken.table, set, isNarrowed: false, hasIdentity: true});
  const source = on(({text}) => (text.includes('replication_set_table') ? [member('lh_02'), member('ilh_02')] : SETS));
  const {statements, elsewhere} = await pglogical.adding(source, taken);
  const removed = statements
    .map((statement) => renderStatement(statement))
    .filter((text) => text.includes('remove_table'));
  expect(elsewhere).toEqual(['lh_02']);
  expect(removed.map((text) => /'(i?lh_\d+)'/.exec(text)?.[1])).toEqual(['lh_02', 'ilh_02']);
});

test('a table whose identity is the whole row is in the set of inserts alone, as before P: pglogical takes it into no other', async () => {
  const {statements, elsewhere} = await pglogical.adding(
    on(({text}) => (text.includes('replication_set_table') ? [] : SETS)),
    {...taken, isFull: true},
  );
  const added = statements.map((statement) => renderStatement(statement)).filter((text) => text.includes('add_table'));
  expect(added.map((text) => /'(i?lh_\d+)'/.exec(text)?.[1])).toEqual(['ilh_01']);
  expect(elsewhere).toEqual([]);
});

test('nothing is taken into a slot whose publication or set is gone: made anew, it is none for what was written meanwhile', async () => {
  await expect(ofNative(published('lh_01', null))).rejects.toThrow('ilh_01 of slot lh_01 is gone from the source');
  const gone = pglogical.adding(
    on(() => []),
    taken,
  );
  await expect(gone).rejects.toThrow('lh_01 and ilh_01 of slot lh_01 are gone from the source');
});
