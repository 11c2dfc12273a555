import {describe, expect, test} from 'vitest';
import {isSameFill, type Filled} from '../../../../src/domain/run/drift/schema-change.ts';
import {isFollowed} from '../../../../src/engine/compare/drift/followed.ts';
import {judgeDrift} from '../../../../src/engine/compare/drift/judge-drift.ts';
import {movedSince, sliceCatalogs} from '../../../../src/engine/compare/drift/slices.ts';
import type {ChosenFact} from '../../../../src/pg/objects/drift/chosen-facts.ts';

function fact(kind: string, name: string, change: Partial<ChosenFact> = {}): ChosenFact {
  const oid = '16400';
  const base = {kind, name, schema: 'public', relation: 't', parts: {}, make: `MAKE ${name}`, catalog: 'pg_class', oid};
  return {...base, id: oid, inherited: false, ...change};
}

const TABLE = fact('table', 'public.t');
const column = (name: string, attnum: number, parts: ChosenFact['parts'] = {type: 'integer'}): ChosenFact =>
  fact('column', `public.t.${name}`, {id: `16400.${attnum}`, parts});
const rewrite = (file: string, columns: string): ChosenFact => fact('rewrite', 'public.t', {parts: {file, columns}});

const judge = (before: ChosenFact[], now: ChosenFact[]) =>
  judgeDrift([{before: [TABLE, ...before], now: [TABLE, ...now]}], new Set());
const told = (before: ChosenFact[], now: ChosenFact[]): string[] =>
  judge(before, now).changes.map(({object, change, statement}) => `${object} ${change}: ${statement}`);

const index = (id: string, definition: string): ChosenFact =>
  fact('index', 'public.i', {id, parts: {definition}, make: definition});
const has = (type: string) => new Map([[JSON.stringify(['column', 'public.t.a']), {parts: {type}}]]);
const counter = (catalog: string, written: number, deleted = 0) => ({catalog, written, deleted});
const slices = (moved: ReturnType<typeof movedSince>) =>
  sliceCatalogs(
    {objects: new Set(['pg_class 16400']), version: 150_000},
    {written: moved?.written ?? null, deleted: moved?.deleted ?? null, horizonOf: () => '700'},
  );

const howOf = (before: ChosenFact[], ...now: ChosenFact[]): string[] => judge(before, now).filled.map(({how}) => how);

/** How the rows of the table were written since its file was 1. */
function at(file: string, columns: string, ...added: ChosenFact[]): Filled {
  const [filled, ...more] = judge([rewrite('1', '700')], [rewrite(file, columns), ...added]).filled;
  if (filled === undefined || more.length > 0) throw new Error('bug: its rows were written');
  return filled;
}

const generated = (by: string | null): ChosenFact => column('a', 1, {type: 'integer', generated: by});

describe('what has changed in an object of the source', () => {
  test('a column with another name is renamed, and never dropped', () => {
    expect(told([column('a', 1)], [column('b', 1)])).toEqual([
      'column public.t.a is called public.t.b now: ALTER TABLE public.t RENAME COLUMN a TO b',
    ]);
  });

  test('a column that is generated no more keeps its values on the target; one that is by another rule has no statement', () => {
    expect(told([generated('s (id * 2)')], [generated(null)])).toEqual([
      'column public.t.a has another generated: ALTER TABLE public.t ALTER COLUMN a DROP EXPRESSION',
    ]);
    expect(told([generated('s (id * 2)')], [generated('s (id * 3)')])).toEqual([
      'column public.t.a has another generated: null',
    ]);
  });

  test('the replica identity of a table that is renamed goes with it', () => {
    const identity = (name: string): ChosenFact => fact('replica identity', name, {parts: {value: 'DEFAULT'}});
    const [before, now] = [
      [TABLE, identity('public.t')],
      [fact('table', 'public.u'), identity('public.u')],
    ];
    const {changes} = judgeDrift([{before, now}], new Set());
    expect(changes.map(({statement}) => statement)).toEqual(['ALTER TABLE public.t RENAME TO u']);
  });

  test('an index that was dropped and made as it was is none', () => {
    expect(told([index('1', 'CREATE INDEX i')], [index('2', 'CREATE INDEX i')])).toEqual([]);
    expect(told([index('1', 'CREATE INDEX i')], [index('2', 'CREATE INDEX i2')])).toEqual([
      'index public.i has another definition: DROP INDEX public.i; CREATE INDEX i2',
    ]);
  });

  test('what comes with its table, or from its parent, is told with that', () => {
    const whole = {before: [] as ChosenFact[], now: [TABLE, column('a', 1)]};
    expect(judgeDrift([whole], new Set()).changes.map(({object}) => object)).toEqual(['table public.t']);
    expect(told([], [{...column('a', 1), inherited: true}])).toEqual([]);
    const gone = {before: [TABLE, column('a', 1)], now: [] as ChosenFact[]};
    expect(judgeDrift([gone], new Set()).changes.map(({object, change}) => `${object} ${change}`)).toEqual([
      'table public.t is gone',
    ]);
  });

  test.each([
    ['now()', true],
    ["nextval('public.s'::regclass)", true],
    ['CURRENT_TIMESTAMP', true],
    ["'x'::text", false],
    ['0', false],
    ["'{}'::jsonb", false],
    ['NULL::character varying', false],
    ['(-1)', false],
  ])('a new column with the default %s has filled its rows: %s', (value, fills) => {
    const same = rewrite('1', '700');
    const {changes, filled} = judge([same], [same, column('a', 1, {type: 'text', default: value})]);
    expect(changes[0]?.fills !== null).toBe(fills);
    expect(filled.length > 0).toBe(fills);
  });

  test('a column that is numbered, or filled by the default of its type, has filled its rows as well; each partition tells it of its own', () => {
    const same = rewrite('1', '700');
    const identity = column('a', 1, {type: 'integer', identity: 'ALWAYS'});
    expect(howOf([same], same, identity)).toEqual(['column public.t.a is new; its rows were numbered on the source']);
    const domain = column('a', 12, {type: 'public.stamp'});
    const filled = fact('rewrite', 'public.t', {parts: {...same.parts, missing: '1 12'}});
    expect(howOf([same], filled, domain)[0]).toContain('filled with the default of its type');
    expect(howOf([same], fact('rewrite', 'public.t', {parts: {...same.parts, missing: '1 2'}}), domain)).toEqual([]);
    const stable = {type: 'timestamptz', default: 'now()'};
    expect(howOf([same], same, {...column('a', 1, stable), inherited: true})).toHaveLength(1);
    // A partitioned table, a new one, and a column that was there have no rows that were written.
    expect(howOf([], column('a', 1, stable))).toEqual([]);
    expect(howOf([], same, column('a', 1, stable))).toEqual([]);
    expect(howOf([same, column('a', 1)], same, column('a', 1, stable))).toEqual([]);
  });

  test('a rewrite is one where the file and the columns are others: TRUNCATE and VACUUM FULL leave the columns alone', () => {
    expect(judge([rewrite('1', '700')], [rewrite('2', '700')]).filled).toEqual([]);
    expect(judge([rewrite('1', '700')], [rewrite('1', '701')]).filled).toEqual([]);
    expect(judge([rewrite('1', '700')], [rewrite('2', '701')]).filled).toMatchObject([{table: {name: 't'}}]);
  });

  test('rows that are written once more are owed once more: by another rewrite, a column that was dropped and made again; not by VACUUM FULL, nor by DDL that writes none', () => {
    const volatile = {type: 'text', default: 'random()'};
    const written = at('2', '701', column('a', 1, volatile));
    expect(isSameFill(written, at('2', '701', column('a', 1, volatile)))).toBe(true);
    expect(isSameFill(written, at('3', '701', column('a', 1, volatile)))).toBe(true);
    expect(isSameFill(written, at('2', '702', column('a', 1, volatile), column('b', 2)))).toBe(true);
    expect(isSameFill(written, at('2', '702'))).toBe(true);
    // USING, while the column that was filled is new still.
    expect(isSameFill(written, at('3', '702', column('a', 1, volatile)))).toBe(false);
    expect(isSameFill(written, at('4', '703', column('a', 2, volatile)))).toBe(false);
    // From 11 on a default that is stable fills rows without another file.
    const stable = {type: 'timestamptz', default: 'now()'};
    const filled = at('1', '701', column('a', 1, stable));
    expect(isSameFill(filled, at('1', '702', column('a', 1, stable)))).toBe(true);
    expect(isSameFill(filled, at('1', '702', column('a', 2, stable)))).toBe(false);
    expect(isSameFill(filled, at('1', '702', column('a', 1, stable), column('b', 2, stable)))).toBe(false);
    expect(isSameFill(filled, at('2', '702', column('a', 1, stable)))).toBe(false);
    // As an earlier version has journalled it.
    expect(isSameFill({...written, mark: 'file 2'}, written)).toBe(true);
    expect(isSameFill({...written, mark: 'file 9'}, written)).toBe(false);
  });

  test('the target has followed once it has what is new, and what is gone no more', () => {
    const [added] = judge([], [column('a', 1)]).changes;
    const [gone] = judge([column('a', 1)], []).changes;
    const [typed] = judge([column('a', 1)], [column('a', 1, {type: 'bigint'})]).changes;
    if (added === undefined || gone === undefined || typed === undefined) throw new Error('bug: three changes');
    expect([isFollowed(added, new Map()), isFollowed(added, has('integer'))]).toEqual([false, true]);
    expect([isFollowed(gone, has('integer')), isFollowed(gone, new Map())]).toEqual([false, true]);
    expect([isFollowed(typed, has('integer')), isFollowed(typed, has('bigint'))]).toEqual([false, true]);
  });
});

describe('what is read of the catalogs', () => {
  test('is only those whose counters have moved, and all of them where the server does not count', () => {
    const before = [counter('pg_class', 1), counter('pg_proc', 1)];
    const some = slices(movedSince(before, [counter('pg_class', 2), counter('pg_proc', 1)]));
    expect(some.map(({kind, catalog}) => `${kind} ${catalog}`)).toEqual(['touched pg_class']);
    expect(slices(movedSince(before, before))).toEqual([]);
    expect(slices(movedSince(before, [])).length).toBeGreaterThan(30);
    expect(slices(movedSince(null, before)).length).toBeGreaterThan(30);
  });

  test('is looked through for what was taken away where rows were deleted', () => {
    const before = [counter('pg_index', 5), counter('pg_class', 5)];
    const moved = movedSince(before, [counter('pg_index', 6, 1), counter('pg_class', 6, 1)]);
    expect(slices(moved).map(({kind, catalog}) => `${kind} ${catalog}`)).toEqual([
      'touched pg_class',
      'touched pg_index',
      'gone pg_class',
      'owned pg_index',
    ]);
  });
});
