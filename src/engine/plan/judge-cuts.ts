import type {Finding} from '../../domain/run/finding.ts';
import {formatRelation, quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import type {KeyRange} from '../../domain/run/key-range.ts';
import type {LoadUnit} from '../../domain/run/load-unit.ts';
import {readKeysNow, type KeyNowRow} from '../../pg/ranges/range-keys.ts';
import type {Session} from '../../pg/session/session.ts';

/** A blocker for each table that is to be cut by a key which the replica has otherwise at P than the plan has it. */
export async function judgeCuts(replica: Session, units: readonly LoadUnit[]): Promise<Finding[]> {
  const cuts = new Map(
    units.flatMap(({tables: [table], range}): [string, {table: RelationName; range: KeyRange}][] =>
      table === undefined || range === undefined ? [] : [[quoteRelation(table), {table, range}]],
    ),
  );
  if (cuts.size === 0) return [];
  const rows = await replica.run(
    readKeysNow(
      replica.version,
      [...cuts.values()].map(({table}) => table),
    ),
  );
  const now = Map.groupBy(rows, (row) => quoteRelation(row));
  return [...cuts].flatMap(([name, {table, range}]) => {
    const seen = keyChange(range, now.get(name) ?? []);
    return seen === null ? [] : [keyChanged(table, seen)];
  });
}

/** How a table's key differs from the one that its rows are cut by; null where it begins with the same columns. Pure. */
export function keyChange({key}: Pick<KeyRange, 'key'>, now: readonly KeyNowRow[]): string | null {
  if (now.length === 0) return 'it has no primary key any more';
  const differs = key.find(({name, type}, at) => now[at]?.column !== name || now[at]?.type !== type);
  // A row without a value would be in no range.
  const empty = key.find((_, at) => now[at]?.notNull === false);
  if (differs === undefined && empty === undefined) return null;
  const is = now.map(({column, type}) => `${column} ${type}`).join(', ');
  return `its primary key is (${is}) by now, and the plan cuts it by (${key.map(({name, type}) => `${name} ${type}`).join(', ')})`;
}

function keyChanged(table: RelationName, seen: string): Finding {
  return {
    check: 'full-load.key-changed',
    severity: 'blocker',
    subject: `table ${formatRelation(table)}`,
    seen,
    remedy: `have it loaded whole: in plan.yaml, in place of its units with .key- in their names one unit with another name and this table, and under cuts no ${formatRelation(table)}; then run again`,
  };
}
