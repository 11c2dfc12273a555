import {formatRelation, quoteRelation, type RelationName} from '../../../domain/pg/relation.ts';
import {readRestFacts, type RestFacts} from '../../../pg/cutover/rest-tables.ts';
import {countLargeObjects} from '../../../pg/load/large-objects.ts';
import type {StepContext} from '../../step.ts';
import {readUnlogged} from '../moved-tables.ts';
import {readPartlyCarried, type PartlyCarried} from './partly-carried.ts';

/** A table that may differ on the target though everything has arrived. */
export interface RestTable {
  readonly table: RelationName;
  readonly kind: PartlyCarried['kind'] | 'unlogged';
  /** As the source has it, and as the target has; null where it is not there. */
  readonly source: RestFacts;
  readonly target: RestFacts | null;
}

/** What change capture does not carry. */
export interface Rest {
  readonly tables: readonly RestTable[];
  /** Large objects of both sides; 0 where they are left as they are. */
  readonly objects: {readonly source: number; readonly target: number};
}

const NONE: Rest = {tables: [], objects: {source: 0, target: 0}};

/** Reads from both servers what may differ. A handful of statements on the catalogs; no row is read. Nothing on a way back that is to leave it. */
export async function readRest(ctx: StepContext): Promise<Rest> {
  if (ctx.isBack === true && !ctx.config.cutover.copyRestBack) return NONE;
  const reasons = await readReasons(ctx);
  const names = [...reasons.values()].map(({table}) => table);
  const known = await readFacts(ctx, names);
  return {
    tables: [...reasons].flatMap(([name, {table, kind}]) => {
      const source = known.source.get(name);
      // One that is gone from the source is of nobody's interest.
      return source === undefined ? [] : [{table, kind, source, target: known.target.get(name) ?? null}];
    }),
    objects: await countObjects(ctx),
  };
}

type Reasons = ReadonlyMap<string, Pick<RestTable, 'table' | 'kind'>>;

async function readReasons(ctx: StepContext): Promise<Reasons> {
  const reasons = new Map<string, Pick<RestTable, 'table' | 'kind'>>(
    (await readPartlyCarried(ctx)).map((one) => [quoteRelation(one.table), one]),
  );
  for (const table of await readUnlogged(ctx)) reasons.set(quoteRelation(table), {table, kind: 'unlogged'});
  return reasons;
}

async function readFacts(
  ctx: StepContext,
  names: readonly RelationName[],
): Promise<Readonly<Record<'source' | 'target', ReadonlyMap<string, RestFacts>>>> {
  const read = async (role: 'source' | 'target'): Promise<ReadonlyMap<string, RestFacts>> => {
    if (names.length === 0) return new Map();
    const session = await ctx.session(role);
    const rows = await session.run(readRestFacts(session.version, names));
    return new Map(rows.map((row) => [quoteRelation(row), row]));
  };
  const [source, target] = await Promise.all([read('source'), read('target')]);
  return {source, target};
}

async function countObjects(ctx: StepContext): Promise<Rest['objects']> {
  if (ctx.config.cutover.largeObjects === 'no') return {source: 0, target: 0};
  const [source, target] = await Promise.all(
    (['source', 'target'] as const).map(async (role) => (await ctx.session(role)).one(countLargeObjects())),
  );
  return {source: source?.objects ?? 0, target: target?.objects ?? 0};
}

/** What is said of them. */
const KINDS: Readonly<Record<RestTable['kind'], string>> = {
  'inserts-only': 'inserts only',
  truncated: 'truncated',
  unlogged: 'unlogged',
};

/** `public.log (inserts only)`. Pure. */
export function describeRest({table, kind}: Pick<RestTable, 'table' | 'kind'>): string {
  return `${formatRelation(table)} (${KINDS[kind]})`;
}
