import type {Finding} from '../../../domain/run/finding.ts';
import {formatRelation, quoteRelation, type RelationName} from '../../../domain/pg/relation.ts';
import {
  readDerivedStatistics,
  readFilled,
  readStatistics,
  statisticsKey,
  type DerivedStatistics,
  type StatisticsRow,
} from '../../../pg/cutover/rehearsal/statistics.ts';
import {analyzeTable} from '../../../pg/load/restore.ts';
import type {Action} from '../../action.ts';
import {isWanted} from '../../inventory/is-wanted.ts';
import {statementAction} from '../../make-action.ts';
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
}

/**
 * The tables that have statistics on the source and lack some on the target: of themselves, with their partitions, of an index on expressions, of CREATE STATISTICS. Of those the source's may not be
 * readable by our role; a table that has statistics there has them, too. Pure.
 */
export function lackingStatistics({source, target, derived}: StatisticsSeen): LackingStatistics[] {
  const there = new Set(target.map((row) => statisticsKey(row)));
  const analyzed = new Set(source.filter(({kind}) => kind === 'own').map((row) => quoteRelation(row)));
  const lacking = new Map<string, {table: RelationName; what: string[]}>();
  const add = (table: RelationName, what: string): void => {
    const key = quoteRelation(table);
    const one = lacking.get(key) ?? {table: {schema: table.schema, name: table.name}, what: []};
    lacking.set(key, {...one, what: [...one.what, what]});
  };
  const derivedNames = new Set(derived.filter(({kind}) => kind === 'own').map((row) => quoteRelation(row)));
  for (const row of source) {
    if (row.kind === 'extended' || derivedNames.has(quoteRelation(row)) || there.has(statisticsKey(row))) continue;
    add(row, row.kind === 'whole' ? `${formatRelation(row)} with its partitions` : formatRelation(row));
  }
  for (const row of derived) {
    const table = {schema: row.tableSchema, name: row.table};
    if (there.has(statisticsKey(row)) || !analyzed.has(quoteRelation(table))) continue;
    add(table, `${row.kind === 'extended' ? 'statistics' : 'index'} ${formatRelation(row)}`);
  }
  return [...lacking.values()];
}

/** Reads both servers, and of the tables that lack some those that have rows: of an empty one ANALYZE leaves none. */
export async function readLackingStatistics(ctx: StepContext): Promise<LackingStatistics[]> {
  const [source, target] = [await ctx.session('source'), await ctx.session('target')];
  const [wanted, there, derived] = await Promise.all([
    source.run(readStatistics(source.version)),
    target.run(readStatistics(target.version)),
    target.run(readDerivedStatistics(target.version)),
  ]);
  const all = lackingStatistics({source: wanted, target: there, derived}).filter(({table}) =>
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
