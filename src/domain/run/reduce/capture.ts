import {quoteRelation, sameRelation, type RelationName} from '../../pg/relation.ts';
import type {CaptureState, OwedComparison} from '../capture/capture-state.ts';
import type {CaptureEntry} from '../capture/capture-entry.ts';

/** The part of `reduce` that is about change capture while it runs. */
export function reduceCapture(capture: CaptureState, entry: CaptureEntry): CaptureState {
  switch (entry.type) {
    case 'cdc.paused': {
      const {slot, by, at} = entry;
      return {...capture, paused: [...capture.paused.filter((one) => one.slot !== slot), {slot, at, by}]};
    }
    case 'cdc.resumed':
      return {...capture, paused: capture.paused.filter(({slot}) => slot !== entry.slot)};
    case 'cdc.skipping':
      return {
        ...capture,
        owed: owing(capture.owed, entry.tables, {
          since: entry.at,
          why: `transaction ${entry.xid} of ${entry.slot} at ${entry.commitLsn} was skipped by ${entry.by}`,
        }),
      };
    case 'tables.uncaptured':
      return {...capture, newTables: uncaptured(capture.newTables, entry.tables, entry.at)};
    case 'tables.gone': {
      const isGone = ({table}: OwedComparison): boolean => entry.tables.some((one) => sameRelation(one, table));
      return {...capture, gone: entry.tables, owed: capture.owed.filter((one) => !isGone(one))};
    }
    case 'table.adopting': {
      // What came to be owed before it begins is settled by it: it copies what is there from then on.
      const adopted = {table: entry.table, since: entry.at, adoptedInto: entry.slot};
      return {...capture, newTables: [...without(capture.newTables, entry.table), adopted]};
    }
    case 'table.not-adopted':
      return {
        ...capture,
        newTables: capture.newTables.map((one) =>
          sameRelation(one.table, entry.table) ? {...one, failure: entry.failure} : one,
        ),
      };
    case 'table.adopted': {
      const {table, slot} = entry;
      const adopted = [...capture.adopted.filter((one) => !sameRelation(one.table, table)), {table, slot}];
      const since = capture.newTables.find((one) => sameRelation(one.table, table))?.since ?? entry.at;
      // Every row of it was copied and compared: what was owed before is settled.
      const owed = capture.owed.filter((one) => !sameRelation(one.table, table) || one.since > since);
      return {...capture, newTables: without(capture.newTables, table), adopted, owed};
    }
    case 'comparison.owed':
      return {...capture, owed: owing(capture.owed, entry.tables, {since: entry.at, why: entry.why})};
    case 'comparison.made': {
      const made = new Set(entry.tables.map((table) => quoteRelation(table)));
      return {...capture, owed: capture.owed.filter(({table}) => !made.has(quoteRelation(table)))};
    }
    case 'source.lost': {
      const {at, from, failure} = entry;
      return {...capture, sourceLost: capture.sourceLost ?? {at, from, failure}};
    }
  }
}

function owing(
  owed: readonly OwedComparison[],
  tables: readonly RelationName[],
  why: Pick<OwedComparison, 'since' | 'why'>,
): readonly OwedComparison[] {
  // Of the reasons the oldest says since when the table may differ. A comparison that began before the newest has not seen all: it leaves the debt.
  const again = owed.map((one) =>
    tables.some((table) => sameRelation(one.table, table)) ? {...one, since: why.since} : one,
  );
  const fresh = tables.filter((table) => !owed.some((one) => sameRelation(one.table, table)));
  return [...again, ...fresh.map((table) => ({table, ...why}))];
}

/** Who tells of them has seen those that are being adopted, and have rows still to come; one that he leaves out is captured, or gone from the source. */
function uncaptured(
  known: CaptureState['newTables'],
  tables: readonly RelationName[],
  at: string,
): CaptureState['newTables'] {
  const kept = known.filter(({table}) => tables.some((one) => sameRelation(one, table)));
  const fresh = tables.filter((table) => !known.some((one) => sameRelation(one.table, table)));
  return [...kept, ...fresh.map((table) => ({table, since: at, adoptedInto: null}))];
}

function without(known: CaptureState['newTables'], table: RelationName): CaptureState['newTables'] {
  return known.filter((one) => !sameRelation(one.table, table));
}
