import type {Finding} from '../../../domain/run/finding.ts';
import {formatRelation, quoteRelation, type RelationName} from '../../../domain/pg/relation.ts';
import {
  readAnalyzable,
  readDerivedStatistics,
  readFilled,
  readStatistics,
  statisticsKey,
  type DerivedStatistics,
  type StatisticsRow,
} from '../../../pg/cutover/rehearsal/statistics.ts';
import {analyzeTable} from '../../../pg/load/restore.ts';
import type {Session} from '../../../pg/session/session.ts';
import type {Action} from '../../action.ts';
import {isWanted} from '../../inventory/is-wanted.ts';
import {statementAction} from '../../make-action.ts';
import {listed} from '../../preflight/found.ts';
import type {StepContext} from '../../step.ts';

/** A table of the target that ANALYZE has to read, and of what statistics are missing: `public.orders, index orders_lower`. */
export interface LackingStatistics {
  readonly table: RelationName;
  readonly what: readonly string[];
}

/** What the planner knows on the source, and on the target what it knows and what else it could. */
interface StatisticsSeen {
  readonly source: readonly StatisticsRow[];
  readonly target: readonly StatisticsRow[];
  readonly derived: readonly DerivedStatistics[];
  /** The columns of which the target could have statistics, by the quoted names of tables: of those that were asked for. */
  readonly analyzable?: ReadonlyMap<string, readonly string[]>;
}

/**
 * The tables that have statistics on the source and lack some on the target: of themselves, of some of their columns, with their partitions, of an index on expressions, of CREATE STATISTICS. Of those the source's may not be
 * readable by our role; a table that has statistics there has them, too. Pure.
 */
export function lackingStatistics({source, target, derived, analyzable}: StatisticsSeen): LackingStatistics[] {
  const there = new Map(target.map((row) => [statisticsKey(row), row]));
  const analyzed = new Set(source.filter(({kind}) => kind === 'own').map((row) => quoteRelation(row)));
  const lacking = new Map<string, {table: RelationName; what: string[]}>();
  const add = (table: RelationName, what: string): void => {
    const key = quoteRelation(table);
    const one = lacking.get(key) ?? {table: {schema: table.schema, name: table.name}, what: []};
    lacking.set(key, {...one, what: [...one.what, what]});
  };
  const derivedNames = new Set(derived.filter(({kind}) => kind === 'own').map((row) => quoteRelation(row)));
  for (const row of source) {
    if (row.kind === 'extended' || derivedNames.has(quoteRelation(row))) continue;
    const name = row.kind === 'whole' ? `${formatRelation(row)} with its partitions` : formatRelation(row);
    const known = there.get(statisticsKey(row));
    const could = new Set(analyzable?.get(quoteRelation(row)));
    const columns = known === undefined ? [] : missingColumns(row, known).filter((column) => could.has(column));
    if (known === undefined) add(row, name);
    else if (columns.length > 0) add(row, `${listed(columns)} of ${name}`);
  }
  for (const row of derived) {
    const table = {schema: row.tableSchema, name: row.table};
    if (there.has(statisticsKey(row)) || !analyzed.has(quoteRelation(table))) continue;
    add(table, `${row.kind === 'extended' ? 'statistics' : 'index'} ${formatRelation(row)}`);
  }
  return [...lacking.values()];
}

/** A column that was added since, or that nobody has analyzed; whether it could have any is asked besides. */
function missingColumns(source: StatisticsRow, target: StatisticsRow): string[] {
  const known = new Set(target.columns);
  return source.columns.filter((column) => !known.has(column));
}

/** What the target could have of the columns that it lacks; most often none is lacking, and nothing is asked. */
async function readAnalyzableOf(
  target: Session,
  wanted: readonly StatisticsRow[],
  there: readonly StatisticsRow[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const known = new Map(there.map((row) => [statisticsKey(row), row]));
  const tables = wanted.filter((row) => {
    const one = known.get(statisticsKey(row));
    return one !== undefined && missingColumns(row, one).length > 0;
  });
  if (tables.length === 0) return new Map();
  const rows = await target.run(readAnalyzable(tables));
  return new Map(rows.map((row) => [quoteRelation(row), row.columns]));
}

/** Reads both servers, and of the tables that lack some those that have rows: of an empty one ANALYZE leaves none. */
export async function readLackingStatistics(ctx: StepContext): Promise<LackingStatistics[]> {
  const [source, target] = [await ctx.session('source'), await ctx.session('target')];
  const [wanted, there, derived] = await Promise.all([
    source.run(readStatistics(source.version)),
    target.run(readStatistics(target.version)),
    target.run(readDerivedStatistics(target.version)),
  ]);
  const analyzable = await readAnalyzableOf(target, wanted, there);
  const all = lackingStatistics({source: wanted, target: there, derived, analyzable}).filter(({table}) =>
    isWanted(table, ctx.config.tables),
  );
  if (all.length === 0) return [];
  const filled = new Set((await target.run(readFilled(all.map(({table}) => table)))).map((row) => quoteRelation(row)));
  return all.filter(({table}) => filled.has(quoteRelation(table)));
}

/** ANALYZE of what lacks statistics, before anybody is stopped: applying changes and readers go on meanwhile. */
export async function planStatistics(ctx: StepContext): Promise<Action[]> {
  const how = {
    on: 'target',
    session: async () => ctx.session('target'),
    limits: {timeoutMs: ctx.config.timeouts.scanMs},
  } as const;
  return (await readLackingStatistics(ctx)).map(({table}) => statementAction(analyzeTable(table), how));
}

const SHOWN = 10;

/** Each table with the statement that fills it. The cutover runs it before it stops anybody; of a large table it takes a while. Pure. */
export function judgeStatistics(lacking: readonly LackingStatistics[]): Finding[] {
  const more = lacking.length - SHOWN;
  return lacking.slice(0, SHOWN).map(({table, what}, index) => ({
    check: 'cutover.statistics',
    severity: 'warning',
    subject: 'target',
    seen: `the planner has no statistics, which the source has, of ${what.slice(0, SHOWN).join(', ')}${index === SHOWN - 1 && more > 0 ? `; nor of what is in ${more} more tables` : ''}`,
    remedy: `on the target, now, or the cutover does it before it stops the writes: ${analyzeTable(table).text}`,
  }));
}
