import {describe, expect, test} from 'vitest';
import {judgeTables, type TablesSeen} from '../../../src/engine/preflight/database/check-tables.ts';
import {told} from './told.ts';

const name = (table: string, schema = 'public') => ({schema, name: table});
const table = (of: string, parent: string | null = null, isPartition = false) => ({
  ...name(of),
  parentSchema: parent === null ? null : 'public',
  parentName: parent,
  isPartition,
});

/** A view of public that needs a table there, or a function of the schema audit. */
const needs = (needed: string | null) => ({
  ...name('a_view'),
  by: 'its definition',
  type: needed === null ? 'function' : 'table',
  neededSchema: needed === null ? 'audit' : 'public',
  neededName: needed,
  identity: needed ?? 'audit.note()',
});

describe('what the filter of longhaul.yaml leaves out', () => {
  const wanted: TablesSeen['wanted'] = {includeSchemas: [], excludeSchemas: [], include: [], exclude: []};
  const seen: TablesSeen = {
    wanted,
    tables: [
      table('events'),
      table('events_1', 'events', true),
      table('base'),
      table('child', 'base'),
      table('orders'),
    ],
    schemas: ['public', 'audit'],
    needs: [],
    ownSchema: false,
    foreignKeys: [{name: 'orders_base_fkey', from: name('orders'), to: name('base')}],
  };
  const filtered = (change: Partial<TablesSeen['wanted']>): TablesSeen => ({...seen, wanted: {...wanted, ...change}});

  test.each<[string, TablesSeen, string[]]>([
    ['nothing', seen, []],
    ['a schema of our ledger’s name', {...seen, ownSchema: true}, ['b tables.own-schema']],
    [
      'a schema of our ledger’s name that is left out',
      {...filtered({excludeSchemas: ['longhaul']}), ownSchema: true},
      [],
    ],
    ['a name that is no UTF-8', {...seen, schemas: ['caf\uFFFD']}, ['b tables.not-utf8']],
    ['a table that is nobody’s', filtered({exclude: [name('Orders')]}), ['b tables.unknown']],
    ['a schema that is nobody’s', filtered({excludeSchemas: ['audi']}), ['b tables.unknown']],
    ['a partition without its parent', filtered({exclude: [name('events')]}), ['b tables.torn']],
    ['a parent without one of its partitions', filtered({exclude: [name('events_1')]}), ['b tables.torn']],
    ['a partitioned table with all its partitions', filtered({exclude: [name('events'), name('events_1')]}), []],
    [
      'a table that a foreign key names, and the parent of a child',
      filtered({exclude: [name('base')]}),
      ['b tables.torn', 'w tables.cut-foreign-key'],
    ],
    ['a child of inheritance', filtered({exclude: [name('child')]}), []],
    [
      'a view whose table stays',
      {...filtered({exclude: [name('orders')]}), needs: [needs('orders')]},
      ['b tables.cut-need'],
    ],
    ['a view whose table comes', {...filtered({exclude: [name('orders')]}), needs: [needs('events')]}, []],
    [
      'a trigger whose function is in a schema that stays',
      {...filtered({excludeSchemas: ['audit']}), needs: [needs(null)]},
      ['b tables.cut-need'],
    ],
    ['both ends of a foreign key', filtered({exclude: [name('orders')]}), []],
  ])('%s', (_, what, expected) => {
    expect(told(judgeTables(what))).toEqual(expected);
  });

  test('names the key of the file and what it names', () => {
    expect(judgeTables(filtered({include: [name('Orders')], excludeSchemas: ['audi']}))[0]?.seen).toContain(
      'tables.exclude_schemas: audi, tables.include: public."Orders"',
    );
  });
});
