import {describe, expect, test} from 'vitest';
import type {Reading} from '../../../src/domain/reading/reading.ts';
import {NEW_RUN, type RunState} from '../../../src/domain/run/run-state.ts';
import {at, due, idsOf, slots, standing} from './observed.ts';

const MILLION = 1_000_000;
const withSlots: RunState = {...NEW_RUN, run: 'acme', claimed: ['slot dms_slot_01']};

/** A reading of the ages, in millions of transactions. */
function ages(millions: Readonly<Record<string, number>>): Reading {
  const of: Readonly<Record<string, string>> = {
    xid_age: 'database app',
    multixact_age: 'database app',
    our_slot_xmin_age: 'slot dms_slot_01',
    other_slot_xmin_age: 'slot warehouse',
    transaction_xmin_age: 'prepared transaction x of app',
  };
  const figures = Object.entries(millions).map(([name, value]) => ({
    name,
    label: name,
    value: value * MILLION,
    unit: 'count' as const,
    of: of[name] ?? null,
  }));
  return {at: at(1), probe: 'figures', of: 'wraparound', server: 'source', figures};
}

/** What is to be done about the xids by this reading, beside a slot of somebody else's. */
function remedyOf(reading: Reading): string | undefined {
  const seen = [slots(1, {}, {name: 'warehouse', ours: false, active: true}), reading];
  return due(1, seen, withSlots).find(({id}) => id === 'wraparound.xid:source')?.remedy;
}

describe('wraparound of the primary', () => {
  test('is no alarm while databases are frozen in time', () => {
    expect(due(1, [ages({xid_age: 999, multixact_age: 999, our_slot_xmin_age: 199})], withSlots)).toEqual([]);
    const raised = standing('wraparound.xid:source');
    expect(idsOf(due(1, [ages({xid_age: 950})], raised))).toEqual(['wraparound.xid:source warning']);
    expect(due(1, [ages({xid_age: 899})], raised)).toEqual([]);
    // A new supervisor has not read it yet.
    expect(idsOf(due(1, [], raised))).toEqual(['wraparound.xid:source warning']);
  });

  test('wants a vacuum where nothing keeps it from freezing', () => {
    const freeze = {
      subject: 'database app of the primary',
      remedy: expect.stringMatching(/^on the primary, as superuser, in database app: VACUUM \(FREEZE\); autovacuum/),
    };
    expect(due(1, [ages({xid_age: 1200, transaction_xmin_age: 5})], withSlots)).toMatchObject([
      {...freeze, id: 'wraparound.xid:source', severity: 'warning', seen: expect.stringContaining('1,200,000,000 old')},
    ]);
    expect(due(1, [ages({multixact_age: 1700, our_slot_xmin_age: 1})], withSlots)).toMatchObject([
      {...freeze, id: 'wraparound.multixact:source', severity: 'critical'},
    ]);
  });

  test('wants whatever keeps vacuum from freezing to go first', () => {
    expect(remedyOf(ages({xid_age: 1200, our_slot_xmin_age: 1199}))).toBe(
      'vacuum freezes nothing more as long as slot dms_slot_01 is there: let the load end and change capture start, which moves it; or give it up: longhaul release; then on the primary, as superuser, in database app: VACUUM (FREEZE)',
    );
    expect(remedyOf(ages({xid_age: 1200, our_slot_xmin_age: 100, other_slot_xmin_age: 1190}))).toContain(
      "slot warehouse is there: it is not Longhaul's: ask who reads it",
    );
    expect(remedyOf(ages({xid_age: 1200, transaction_xmin_age: 1190}))).toContain(
      'as long as prepared transaction x of app is there: ask its owner to end it; then',
    );
  });

  test('is made by slots whose catalog_xmin is old, ours and others’', () => {
    const reading = ages({our_slot_xmin_age: 250, other_slot_xmin_age: 300, xid_age: 310});
    const seen = [slots(1, {}, {name: 'warehouse', ours: false, active: true}), reading];
    expect(due(1, seen, withSlots)).toMatchObject([
      {
        id: 'wraparound.slot:source',
        subject: 'slot dms_slot_01',
        seen: 'has kept vacuum from the system catalogs for 250,000,000 transactions (warn 200,000,000)',
        remedy: expect.stringContaining('longhaul release'),
      },
      {
        id: 'wraparound.foreign-slot:source',
        subject: 'slot warehouse',
        remedy: expect.stringContaining("SELECT pg_drop_replication_slot('warehouse')"),
      },
    ]);
  });
});
