import {expect, test} from 'vitest';
import type {LoadUnit} from '../../../../src/domain/run/load-unit.ts';
import {noteMethods} from '../../../../src/engine/load/pipeline/note-methods.ts';
import {relation} from '../../plan/inventory.ts';

const unit = (id: string, ...tables: string[]): LoadUnit => ({
  id,
  kind: id === 'rest' || id === 'large-objects' ? id : 'table',
  tables: tables.map(relation),
  bytes: 1,
});
const UNITS = [
  unit('01-a.pages-0-10', 'public.a'),
  unit('01-a.pages-10-on', 'public.a'),
  unit('02-b', 'public.b'),
  unit('03-tables', 'public.c', 'public.d'),
  unit('rest'),
  unit('large-objects'),
];

test('the plan says by which method how many units travel, and of a table once what keeps it from the fastest', () => {
  const why = new Map([['"public"."a"', 'column x: xml is not known to have the same binary form on both servers']]);
  expect(noteMethods(UNITS, {method: 'auto'}, why)).toEqual([
    'load.method auto: 4 by copy, 1 by binary, 1 by pg_dump',
    'public.a is not copied in binary form: column x: xml is not known to have the same binary form on both servers',
  ]);
  expect(noteMethods(UNITS.slice(2), {method: 'pg_dump'}, new Map())).toEqual(['load.method pg_dump: 4 by pg_dump']);
});
