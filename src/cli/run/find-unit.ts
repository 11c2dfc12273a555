import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {formatRelation, parseRelation, sameRelation, type RelationName} from '../../domain/pg/relation.ts';
import {listed} from '../../engine/preflight/found.ts';
import {shownName} from './must-be-meant.ts';
import type {UnitState} from '../../domain/run/run-state.ts';

/**
 * The unit that an operator means: by its id, the number of the lane that it runs in, or a table in it, with its schema or without. Throws
 * with the ids, or with the tables that a name may mean.
 */
export function findUnit(units: readonly UnitState[], name: string | undefined): UnitState {
  const known =
    units.length === 0
      ? 'the step full-load plans the units, and has not begun: longhaul status shows how far the run is'
      : `the units are ${listed(units.map(({id}) => id))}`;
  if (name === undefined) {
    throw new LonghaulError({
      code: 'usage',
      message: 'which lane? Name a unit, a lane number or a table, or say --all',
      remedy: known,
    });
  }
  const table = parseRelation(name);
  const unit =
    units.find(({id}) => id === name) ??
    units.find(({state}) => state.status === 'running' && String(state.lane) === name) ??
    findByTable(units, (one) => table !== null && sameRelation(one, table)) ??
    findByTable(units, (one) => one.name === name);
  if (unit !== null) return unit;
  throw new LonghaulError({
    code: 'usage',
    message: `no unit, running lane or table is called ${shownName(name)}`,
    remedy: known,
  });
}

function findByTable(units: readonly UnitState[], isMeant: (table: RelationName) => boolean): UnitState | null {
  const found = units.flatMap((unit) => unit.tables.filter(isMeant).map((table) => ({unit, table})));
  const [first] = found;
  if (first === undefined || found.length === 1) return first?.unit ?? null;
  const isCut = found.every(({table}) => sameRelation(table, first.table));
  throw new LonghaulError({
    code: 'usage',
    message: `${isCut ? formatRelation(first.table) : first.table.name} ${isCut ? `is loaded in parts: ${listed(found.map(({unit}) => unit.id))}` : `may be ${listed(found.map(({table}) => formatRelation(table)))}`}`,
    remedy: isCut ? 'name the unit, longhaul status lists them' : 'name the table with its schema',
  });
}
