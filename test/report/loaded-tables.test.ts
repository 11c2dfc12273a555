import {describe, expect, test} from 'vitest';
import type {UnitState} from '../../src/domain/run/run-state.ts';
import {loadedTables, slowestOf} from '../../src/report/measured/loaded-tables.ts';
import {loadLines} from '../../src/report/units.ts';
import {tableLines} from '../../src/report/measured/measured-sections.ts';

const BEGUN = Date.parse('2026-11-24T04:00:00.000Z');
const MINUTE = 60_000;
const at = (minute: number): string => new Date(BEGUN + minute * MINUTE).toISOString();
const GB = 1024 ** 3;

const unit = (id: string, table: string | null, bytes: number, minutes: number): UnitState => ({
  id,
  kind: 'table',
  tables: table === null ? ['a', 'b'].map((name) => ({schema: 'public', name})) : [{schema: 'public', name: table}],
  bytes,
  state: {status: 'committed', attempt: 1, rows: 10, bytes, tookMs: minutes * MINUTE, endedAt: at(0)},
});
const UNITS = [
  unit('01-events.pages-0-9', 'events', 3 * GB, 10),
  unit('01-events.pages-9-on', 'events', 3 * GB, 20),
  unit('rest', null, GB, 60),
  {...unit('09-late', 'late', 99 * GB, 1), state: {status: 'queued', attempts: 0}} satisfies UnitState,
];

const told = (units: readonly UnitState[]): string | undefined =>
  loadLines({units}).find((line) => line.includes('visibility map'));

describe('the tables of the load', () => {
  test('are told with all of their parts together, the largest first, with the rate of a lane', () => {
    const tables = loadedTables(UNITS);
    expect(tables.map(({name, units, bytes, rows, tookMs}) => [name, units, bytes, rows, tookMs])).toEqual([
      ['public.events', 2, 6 * GB, 20, 30 * MINUTE],
      ['rest (2 tables)', 1, GB, 10, 60 * MINUTE],
    ]);
    expect(slowestOf(tables, 1).map(({name}) => name)).toEqual(['rest (2 tables)']);
    expect(tableLines(tables)).toContain('| public.events | 6.0 GB | 20 | 30:00 | 3.4 MB/s | 2 |');
  });

  test('that came in parts are named, for they want a VACUUM on the target', () => {
    expect(told(UNITS)).toMatch(/: public\.events\.$/);
    expect(told(UNITS.filter(({id}) => !id.startsWith('01')))).toBeUndefined();
    expect(told(UNITS.map((one) => ({...one, state: {status: 'queued', attempts: 0}})))).toBeUndefined();
  });

  test('are in the Markdown where they are among the largest or the slowest, and in the JSON all of them', () => {
    const many = Array.from({length: 200}, (_, n) => unit(`u${n}`, `t${n}`, (n + 1) * GB, 500 - n));
    const lines = tableLines(loadedTables(many));
    expect(lines.filter((line) => line.startsWith('| public.'))).toHaveLength(50);
    expect(lines.at(-1)).toContain('And 150 smaller and quicker ones');
    expect(tableLines([])).toEqual([]);
  });
});
