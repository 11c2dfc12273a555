import {expect, test} from 'vitest';
import {eachMemory} from '../../../src/engine/schema/beside/memory.ts';
import {judgeOldBuilders} from '../../../src/engine/schema/beside/old-builders.ts';
import {isLacking, planTable} from '../../../src/engine/schema/beside/table-work.ts';
import {renderStatement} from '../../../src/pg/session/statement.ts';
import {index} from './rows.ts';

const TABLE = {schema: 'public', name: 'events'};
const pkey = index('events_pkey', {unique: true, constraintType: 'p', constraintName: 'events_pkey'});

const seen = (valid: boolean, constraintType: 'p' | null) => new Map([['events_pkey', {valid, constraintType}]]);
const at = (pid: number, table: string | null, state = 'active') => ({pid, state, schema: table && 'public', table});

test('the builders together never take more than load.memory', () => {
  const load = {indexJobs: 4, maintenanceWorkMem: null, memoryBytes: null};
  expect(eachMemory(load)).toBeNull();
  expect(eachMemory({...load, maintenanceWorkMem: '1GB'})).toBe('1GB');
  expect(eachMemory({...load, memoryBytes: 8 * 1024 ** 3})).toBe('2097152kB');
  expect(eachMemory({...load, maintenanceWorkMem: '1GB', memoryBytes: 8 * 1024 ** 3})).toBe('1GB');
  expect(eachMemory({...load, maintenanceWorkMem: '4GB', memoryBytes: 8 * 1024 ** 3})).toBe('2097152kB');
});

test('what is there is not built again; a constraint that is missing is made of its index, an invalid index goes first', () => {
  const textsOf = (there: Parameters<typeof planTable>[2]['there'], analyzed: boolean): string[] => {
    const {builds, last} = planTable(TABLE, [pkey], {there, analyzed});
    return [...builds.map(({task}) => task), ...last].flatMap(({statements}) => statements.map(renderStatement));
  };
  expect(textsOf(seen(true, 'p'), true)).toEqual([]);
  expect(textsOf(seen(true, 'p'), false)).toEqual([expect.stringMatching(/^ANALYZE/)]);
  expect(textsOf(seen(true, null), true)).toEqual([
    expect.stringMatching(/USING INDEX/),
    expect.stringMatching(/^ANALYZE/),
  ]);
  expect(textsOf(seen(false, null), true)[0]).toMatch(/^DROP INDEX/);
  expect(isLacking(pkey, undefined)).toBe(true);
});

test('what others inherit from has its statistics later: ANALYZE would wait for each of them, whoever loads it', () => {
  const {last} = planTable(TABLE, [pkey], {there: seen(true, 'p'), analyzed: false, isParent: true});
  expect(last).toEqual([]);
});

test('an exclusion is built by its constraint, which takes the table for itself, when no other index of it is built', () => {
  const none = index('events_excl', {
    byConstraint: true,
    constraintType: 'x',
    constraintDefinition: 'EXCLUDE (id WITH =)',
  });
  const {builds, last} = planTable(TABLE, [none, index('events_id')], {there: new Map(), analyzed: false});
  expect(builds.map(({index: {name}}) => name)).toEqual(['events_id']);
  expect(last.map(({object}) => object)).toEqual(['index public.events_excl', 'statistics of public.events']);
});

test('a builder that an earlier supervisor left is at its table; while nobody can tell where one is, no table is free', () => {
  expect(judgeOldBuilders([])).toEqual({count: 0, tables: new Set()});
  expect(judgeOldBuilders([at(1, 'a'), at(1, 'b'), at(2, 'c')])).toEqual({
    count: 2,
    tables: new Set(['"public"."a"', '"public"."b"', '"public"."c"']),
  });
  expect(judgeOldBuilders([at(1, 'a'), at(2, null)])).toEqual({count: 2, tables: null});
  expect(judgeOldBuilders([at(1, null, 'idle')])).toEqual({count: 0, tables: new Set()});
});
