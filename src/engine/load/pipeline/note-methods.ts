import type {Config} from '../../../config/config.ts';
import {formatCount} from '../../../domain/base/units.ts';
import {formatRelation, quoteRelation} from '../../../domain/pg/relation.ts';
import type {LoadUnit} from '../../../domain/run/load-unit.ts';
import {chooseMethod} from './choose-method.ts';

/** By how many units each method carries what, and of each table that cannot travel in binary form, why. Pure. */
export function noteMethods(
  units: readonly LoadUnit[],
  load: Pick<Config['load'], 'method'>,
  whyNotBinary: ReadonlyMap<string, string>,
): string[] {
  const choices = units.map((unit) => ({unit, ...chooseMethod(unit, load, whyOf(unit, whyNotBinary))}));
  const by = Map.groupBy(choices, ({pipeline}) => pipeline.method);
  const sums = [...by].map(([method, own]) => `${formatCount(own.length)} by ${method}`);
  const text = new Map(
    choices.flatMap(({unit: {tables}, why}) => {
      const [table] = tables;
      return table === undefined || why === null || !whyNotBinary.has(quoteRelation(table))
        ? []
        : [[formatRelation(table), why] as const];
    }),
  );
  return [
    `load.method ${load.method}: ${sums.join(', ')}`,
    ...[...text].map(([table, why]) => `${table} is not copied in binary form: ${why}`),
  ];
}

/** How each unit travels, by its id: `binary`, `copy (several tables in one stream)`. Pure. */
export function methodsByUnit(
  units: readonly LoadUnit[],
  load: Pick<Config['load'], 'method'>,
  whyNotBinary: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  return new Map(
    units.map((unit) => {
      const {pipeline, why} = chooseMethod(unit, load, whyOf(unit, whyNotBinary));
      return [unit.id, `by ${pipeline.method}${why === null ? '' : ` (${why})`}`];
    }),
  );
}

function whyOf({tables: [table]}: LoadUnit, whyNotBinary: ReadonlyMap<string, string>): string | null {
  return table === undefined ? null : (whyNotBinary.get(quoteRelation(table)) ?? null);
}
