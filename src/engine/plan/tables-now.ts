import {movesRows} from '../../domain/pg/inventory.ts';
import type {Finding} from '../../domain/run/finding.ts';
import {formatRelation, quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import {holdsRows, readTableNames} from '../../pg/catalog/inventory.ts';
import type {Session} from '../../pg/session/session.ts';
import {readInventoryFile} from '../inventory/inventory-file.ts';
import {isWanted} from '../inventory/is-wanted.ts';
import type {StepContext} from '../step.ts';

/** Tables with rows that came or went since the inventory was taken. */
export interface TablesChange {
  readonly appeared: readonly RelationName[];
  readonly gone: readonly RelationName[];
}

/** The same, and all that the WAL has nothing of: one that is gone may be among them. */
export interface TablesNow extends TablesChange {
  readonly unlogged: readonly RelationName[];
}

/** What a server has by now that the plan does not know, and the other way round: it would be in no slot and in no unit, without a word. */
export async function readTablesChange(ctx: StepContext, server: Session): Promise<TablesNow> {
  const {tables} = await readInventoryFile(ctx);
  const known = tables.filter(movesRows);
  const all = (await server.run(readTableNames(server.version))).filter((row) => isWanted(row, ctx.config.tables));
  const change = tablesChange(
    known.map(({relation}) => relation),
    all.filter(holdsRows),
  );
  return {...change, unlogged: all.filter(({persistence}) => persistence === 'u')};
}

/** Pure. */
export function tablesChange(known: readonly RelationName[], now: readonly RelationName[]): TablesChange {
  const [knownKeys, nowKeys] = [known, now].map((tables) => new Set(tables.map((table) => quoteRelation(table))));
  return {
    appeared: now
      .filter((table) => knownKeys?.has(quoteRelation(table)) === false)
      .map(({schema, name}) => ({schema, name})),
    gone: known.filter((table) => nowKeys?.has(quoteRelation(table)) === false),
  };
}

/** What to do about it. */
export const PLAN_AGAIN =
  'longhaul plan --fresh takes inventory and plan anew (an edited plan.yaml is replaced), then longhaul run; or leave the table out by tables.exclude';

/** The change in words: `public.new has come, public.old is gone`. Empty where nothing has changed. Pure. */
export function describeTablesChange({appeared, gone}: TablesChange): string {
  return [
    ...appeared.map((table) => `${formatRelation(table)} has come`),
    ...gone.map((table) => `${formatRelation(table)} is gone`),
  ].join(', ');
}

/** Blockers of a step where tables came or went before P. What comes and goes behind it is watched (engine/capture/guard), and keeps nobody from going on with a load of days. */
export async function checkTablesChange(ctx: StepContext, step: string): Promise<Finding[]> {
  if (ctx.state().boundaryProved) return [];
  return judgeTablesChange(step, await readTablesChange(ctx, await ctx.session('source')));
}

/** A blocker where tables came or went. Pure. */
function judgeTablesChange(step: string, change: TablesChange): Finding[] {
  const words = describeTablesChange(change);
  if (words === '') return [];
  return [
    {
      check: `${step}.tables-changed`,
      severity: 'blocker',
      subject: 'tables of the source',
      seen: `they are others than in the inventory: ${words}`,
      remedy: PLAN_AGAIN,
    },
  ];
}
