import {describe, expect, test} from 'vitest';
import type {JournalEntry} from '../../../src/domain/run/event.ts';
import {judgeBuilds} from '../../../src/engine/cutover/rehearsal/builds.ts';
import {judgeUnproved} from '../../../src/engine/cutover/rehearsal/no-lock.ts';
import type {Rest, RestTable} from '../../../src/engine/cutover/rest/read-rest.ts';
import {numbersTaken} from '../../../src/engine/cutover/sequences/numbers-taken.ts';
import {divided, notRefreshed, readersLocked, viewTimes} from '../../../src/engine/cutover/views.ts';
import type {IndexRow} from '../../../src/pg/catalog/indexes.ts';

const GB = 1024 ** 3;

const unique = (name: string, tableBytes: number) => ({schema: 'public', table: 't', name, tableBytes}) as IndexRow;

const filled = (tookMs: number) =>
  ({
    type: 'step.done',
    step: 'build-indexes',
    evidence: {viewTimes: [{view: 'public.plain', tookMs}]},
  }) as unknown as JournalEntry;

const column = (furthest: string) => ({
  schema: 'public',
  name: 's',
  tableSchema: 'public',
  table: 't',
  column: 'id',
  furthest,
});

const at = (lastValue: string, isCalled = true) => [{schema: 'public', name: 's', lastValue, isCalled}];

const by = (increment: string, cycles = false) => [
  {schema: 'public', name: 's', increment, minimum: '-100', maximum: '100', cycles},
];

const rest = (objects: number, ...names: string[]): Rest => ({
  tables: names.map((name) => ({table: {schema: 'public', name}, kind: 'unlogged'}) as RestTable),
  objects: {source: objects, target: 0},
});

describe('what is built while writes are stopped', () => {
  test('is named with its table’s size and how long it takes, and is a warning from a quarter of the limit on', () => {
    const [small] = judgeBuilds({readingKeys: [], deferrable: [unique('swapped', 5e9)]}, 600_000);
    expect(small?.severity).toBe('note');
    expect(small?.seen).toContain('index public.swapped, 4.7 GB, about 1:40');
    const [large] = judgeBuilds({readingKeys: [], deferrable: [unique('a', 5e9), unique('b', 5e9)]}, 600_000);
    expect(large?.severity).toBe('warning');
    expect(large?.seen).toContain('in all about 3:20 of cutover.write_stop_limit (10:00)');
  });

  test('is nothing where nothing waits', () => {
    expect(judgeBuilds({readingKeys: [], deferrable: []}, 600_000)).toEqual([]);
  });
});

describe('materialized views after the hand-over', () => {
  const keyed = {schema: 'public', name: 'keyed', isKeyed: true};
  const plain = {schema: 'public', name: 'plain', isKeyed: false};

  test('are filled anew as the operator has it: all, beside those who read, or none', () => {
    expect(divided([keyed, plain], 'all')).toEqual({refreshed: [keyed, plain], left: []});
    expect(divided([keyed, plain], 'beside-readers')).toEqual({refreshed: [keyed], left: [plain]});
    expect(divided([keyed, plain], 'no')).toEqual({refreshed: [], left: [keyed, plain]});
  });

  test('that nobody reads meanwhile are named before, with size and how long they took at the load', () => {
    const measured = {bytes: new Map([['public.plain', 3 * GB]]), tookMs: new Map([['public.plain', 250_000]])};
    expect(readersLocked([keyed], measured)).toEqual([]);
    const [locked] = readersLocked([keyed, plain], measured);
    expect(locked?.seen).toMatch(/nobody reads them meanwhile.*: public\.plain, 3\.0 GB, filled in 4:10 at the load$/);
  });

  test('that are left as they are come with the statement', () => {
    expect(notRefreshed([])).toEqual([]);
    const [left] = notRefreshed([keyed, plain]);
    expect(left?.remedy).toContain(
      ': REFRESH MATERIALIZED VIEW CONCURRENTLY "public"."keyed"; REFRESH MATERIALIZED VIEW "public"."plain"',
    );
  });

  test('took as long as the newest step says that has filled them', () => {
    const other = {type: 'step.done', step: 'build-indexes', evidence: {indexes: 1}} as unknown as JournalEntry;
    expect([...viewTimes([filled(9), filled(5), other])]).toEqual([['public.plain', 5]]);
  });
});

describe('a column’s numbers beyond its sequence', () => {
  test('are those that it will give again', () => {
    expect(numbersTaken([column('8')], at('7'), by('1'))).toHaveLength(1);
    expect(numbersTaken([column('7')], at('7'), by('1'))).toEqual([]);
    // It gives 7 first where nobody has taken that.
    expect(numbersTaken([column('7')], at('7', false), by('1'))).toHaveLength(1);
  });

  test('in the sequence’s own direction; what cycles may be anywhere', () => {
    expect(numbersTaken([column('-8')], at('-7'), by('-1'))).toHaveLength(1);
    expect(numbersTaken([column('-6')], at('-7'), by('-1'))).toEqual([]);
    expect(numbersTaken([column('8')], at('7'), by('1', true))).toEqual([]);
  });
});

describe('without the locks', () => {
  test('what no slot tells of a writer behind F is said', () => {
    const [all] = judgeUnproved(rest(3, 'log'), false);
    expect(all?.severity).toBe('warning');
    expect(all?.seen).toMatch(
      /of sequences, of TRUNCATE, of large objects, of these tables: public\.log \(unlogged\)$/,
    );
    expect(judgeUnproved(rest(0), true)[0]?.seen).toMatch(/of sequences$/);
  });
});
