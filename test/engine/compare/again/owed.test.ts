import {describe, expect, test} from 'vitest';
import {goesOn, settled} from '../../../../src/engine/compare/again/compare-again.ts';

describe('a comparison while change capture runs', () => {
  const users = {schema: 'public', name: 'users'};
  const orders = {schema: 'public', name: 'orders'};
  const begun = '2026-11-24T01:00:00.000Z';
  const owed = (since: string) => [{table: users, since, why: 'transaction 7 was skipped'}];
  const again = {
    startedAt: begun,
    by: 'compare-again',
    how: 'fence',
    tables: 2,
    done: [],
    rows: 0,
    differing: [],
    undecided: 0,
    endedAt: null,
    failure: null,
  } as const;

  test('settles what was owed before it began, and not what came to be owed since', () => {
    expect(settled([users, orders], owed('2026-11-24T00:59:59.999Z'), begun)).toEqual([users, orders]);
    expect(settled([users, orders], owed(begun), begun)).toEqual([users, orders]);
    expect(settled([users, orders], owed('2026-11-24T01:00:00.001Z'), begun)).toEqual([orders]);
    expect(settled([users, orders], owed(begun), null)).toEqual([orders]);
  });

  test('goes on after a supervisor where it is the step’s, of all tables, and has not ended', () => {
    const step = {by: 'compare-again', tables: []} as const;
    expect(goesOn(again, step, 'fence')).toBe(true);
    expect(goesOn(again, step, 'converging')).toBe(false);
    expect(goesOn(null, step, 'fence')).toBe(false);
    expect(goesOn({...again, endedAt: begun}, step, 'fence')).toBe(false);
    expect(goesOn(again, {by: 'compare-again', tables: ['public.users']}, 'fence')).toBe(false);
    expect(goesOn({...again, by: 'ana'}, {by: 'ana', tables: []}, 'fence')).toBe(false);
    expect(goesOn({...again, by: 'ana'}, step, 'fence')).toBe(false);
  });
});
