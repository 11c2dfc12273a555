import {LonghaulError} from '../domain/longhaul-error.ts';
import {parseRelation, sameRelation} from '../domain/relation.ts';
import type {UnitState} from '../domain/run-state.ts';

/** The unit that an operator means: by its id, the number of the lane that it runs in, or a table in it. Throws with the ids otherwise. */
export function findUnit(units: readonly UnitState[], name: string | undefined): UnitState {
  const known = `the units are ${units.map(({id}) => id).join(', ') || 'not planned yet'}`;
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
    units.find(({tables}) => table !== null && tables.some((one) => sameRelation(one, table))) ??
    units.find(({kind, tables}) => kind === 'table' && tables.some((one) => one.name === name));
  if (unit !== undefined) return unit;
  throw new LonghaulError({code: 'usage', message: `no unit, running lane or table is called ${name}`, remedy: known});
}
