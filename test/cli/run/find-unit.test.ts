import {describe, expect, test} from 'vitest';
import {findUnit} from '../../../src/cli/run/find-unit.ts';
import {LonghaulError} from '../../../src/domain/base/longhaul-error.ts';
import type {UnitState} from '../../../src/domain/run/run-state.ts';

const unit = (id: string, name: string): UnitState => ({
  id,
  kind: 'table',
  tables: [{schema: 'public', name}],
  bytes: 1,
  state: {status: 'queued', attempts: 0},
});
const units = [
  unit('01-public.users', 'users'),
  ...Array.from({length: 120}, (_, at) => unit(`02-public.events.pages-${at * 10}-${at * 10 + 10}`, 'events')),
];

function said(name: string): string {
  try {
    return findUnit(units, name).id;
  } catch (error) {
    if (!(error instanceof LonghaulError)) throw error;
    return `${error.message}; ${error.remedy}`;
  }
}

describe('a unit that an operator names', () => {
  test('by its id or its table is found', () => {
    expect(said('02-public.events.pages-30-40')).toBe('02-public.events.pages-30-40');
    expect(said('users')).toBe('01-public.users');
  });

  test('by a table in a hundred parts is not found, and the answer fits a screen', () => {
    expect(said('public.events')).toMatch(
      /^public\.events is loaded in parts: .*pages-90-100, … \(120\); name the unit/,
    );
    expect(said('public.events').length).toBeLessThan(500);
    expect(said('nothing')).toMatch(/the units are .*, … \(121\)$/);
    expect(said('nothing').length).toBeLessThan(500);
  });
});
