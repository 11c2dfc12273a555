import type {Difference} from '../../../domain/run/difference.ts';
import {formatRelation, type RelationName} from '../../../domain/pg/relation.ts';
import {readForeignKeys, type ForeignKeyRow} from '../../../pg/catalog/indexes.ts';
import {
  readMaterializedViews,
  refreshBesideReaders,
  refreshMaterializedView,
} from '../../../pg/catalog/materialized-views.ts';
import {validateConstraint} from '../../../pg/load/restore.ts';
import {serverWords} from '../../../pg/session/server-words.ts';
import type {Action} from '../../action.ts';
import {showStatement} from '../../make-action.ts';
import {withShortLocks} from '../../cutover/short-locks.ts';
import {isWanted} from '../../inventory/is-wanted.ts';
import {found, listedOut} from '../../preflight/found.ts';
import {failureOf} from '../../run/run-steps.ts';
import {keyObject} from '../../schema/goal/object-names.ts';
import {keyOf, readManifestFile} from '../../schema/goal/manifest.ts';
import {Outcome, type Step, type StepContext} from '../../step.ts';

/** Validates what came back without reading the rows, fills the materialized views anew, and waits for the end of the last comparison. */
export const validateConstraints: Step<'validate-constraints'> = {
  id: 'validate-constraints',
  phase: 'cutover',
  title: 'validate the foreign keys of the target',
  why: 'a foreign key that was added without reading the rows says nothing about those that were there',
  source: 'facts/cutover.md, §4',
  confirm: 'no',

  check: async () => ({done: null, findings: []}),
  plan: async (ctx) => (await planWork(ctx)).map(({action}) => action),

  async run(ctx) {
    const began = ctx.steady();
    const work = await planWork(ctx);
    const differences: Difference[] = [];
    for (const [done, {what, action}] of work.entries()) {
      await ctx.record({type: 'step.progressed', step: 'validate-constraints', done, total: work.length, what});
      differences.push(...(await attempt(what, action)));
    }
    const {compared, differing} = await endOfComparison(ctx);
    return new Outcome(
      {
        validated: work.length - differences.length,
        compared,
        tookMs: Math.round(ctx.steady() - began),
      },
      [...differences, ...differing],
    );
  },
};

interface Work {
  readonly what: string;
  readonly action: Action;
}

/** Rows of a day's writes: as long as it takes, beside the application, which goes on. */
const NO_LIMIT = {timeoutMs: 0};

async function planWork(ctx: StepContext): Promise<Work[]> {
  const target = await ctx.session('target');
  const wanted = new Map((await readManifestFile(ctx.folder)).foreignKeys.map((key) => [keyOf(key), key]));
  const keys = (await target.run(readForeignKeys(target.version))).filter(
    (key) => !key.validated && wanted.get(keyOf(key))?.validated === true,
  );
  const views = (await target.run(readMaterializedViews())).filter(
    (view) => view.filled && isWanted(view, ctx.config.tables),
  );
  return [...keys.map((key) => validating(ctx, key)), ...views.map((view) => refreshing(ctx, view))];
}

function validating(ctx: StepContext, key: ForeignKeyRow): Work {
  const statement = validateConstraint(key);
  return {
    what: keyObject(key),
    action: {
      on: 'target',
      text: showStatement(statement),
      execute: async () => withShortLocks(ctx, 'target', statement, NO_LIMIT),
    },
  };
}

/** The application reads the view meanwhile where that can be; where it cannot, whoever reads is waited for, and not for long. */
function refreshing(ctx: StepContext, view: RelationName & {readonly isKeyed: boolean}): Work {
  const statement = view.isKeyed ? refreshBesideReaders(view) : refreshMaterializedView(view);
  return {
    what: `materialized view ${formatRelation(view)}`,
    action: {
      on: 'target',
      text: showStatement(statement),
      execute: async () => withShortLocks(ctx, 'target', statement, NO_LIMIT),
    },
  };
}

/** What the server refuses keeps none of the others from it. */
async function attempt(what: string, action: Action): Promise<Difference[]> {
  try {
    await action.execute();
    return [];
  } catch (error) {
    const said = serverWords(error);
    if (said === null) throw error;
    return [
      {
        object: what,
        differs: 'is not validated',
        why: said.words,
        query: null,
        remedy: 'mend the rows that it names on the target, then longhaul cutover',
      },
    ];
  }
}

/** The target has been written to since; what differs did so at F. */
async function endOfComparison(ctx: StepContext): Promise<{compared: readonly string[]; differing: Difference[]}> {
  await waitTelling(ctx);
  const {compared, left, failure} = ctx.final.progress();
  await ctx.final.stop();
  // Ended by whoever goes back, it tells nothing.
  ctx.signal.throwIfAborted();
  if (failure === null && left.length > 0) await tellHidden(ctx, left);
  const other = compared.filter(({differs}) => differs);
  return {
    compared: compared.map(({table}) => table),
    differing: [
      ...other.map(({table, sourceRows, targetRows}) => ({
        object: `table ${table}`,
        differs: 'had other rows at the hand-over',
        why: `source ${sourceRows} rows, target ${targetRows}`,
        query: null,
        remedy: 'find its rows on the source, which takes no writes; longhaul back leads back to it',
      })),
      ...(failure === null
        ? []
        : left.map((table) => ({
            object: `table ${table}`,
            differs: 'was not compared at the hand-over',
            why: failureOf(failure).message,
            query: null,
            remedy: `longhaul accept 'table ${table}' leaves it so`,
          }))),
      ...neverCompared(ctx, [...compared.map(({table}) => table), ...left]),
    ],
  };
}

/** To see their rows the tables of the target would have to be altered. */
async function tellHidden(ctx: StepContext, tables: readonly string[]): Promise<void> {
  const finding = found('validate-constraints', 'target').warning(
    'not-compared',
    `rows of these tables were not compared at the hand-over, for row security hides them from our role: ${listedOut(tables)}`,
    'compare them by hand, as a role with BYPASSRLS',
  );
  await ctx.record({type: 'finding.seen', step: 'validate-constraints', finding});
}

const EVERY_MS = 30_000;

/** Waits for the end of the last comparison, which may take hours, and journals how far it is. */
export async function waitTelling(ctx: StepContext): Promise<void> {
  const ended = ctx.final.ended();
  let isOver = false;
  const over = ended.then(
    () => (isOver = true),
    () => (isOver = true),
  );
  for (;;) {
    await Promise.race([over, ctx.sleep(EVERY_MS).catch(async () => over)]);
    if (isOver) return ended;
    const {compared, left} = ctx.final.progress();
    const of = {done: compared.length, total: compared.length + left.length};
    const what = `rows as they were at the hand-over: ${listedOut(left, 2)}`;
    await ctx.record({type: 'step.progressed', step: 'validate-constraints', ...of, what});
  }
}

/** What compare-final has left to a supervisor that ended before it was compared: its snapshots ended with it. */
function neverCompared(ctx: StepContext, known: readonly string[]): Difference[] {
  const {evidence} = ctx.state();
  const told = new Set([...known, ...(evidence['validate-constraints']?.compared ?? [])]);
  return (evidence['compare-final']?.left ?? [])
    .filter((table) => !told.has(table))
    .map((table) => ({
      object: `table ${table}`,
      differs: 'was not compared at the hand-over',
      why: 'the supervisor that was to compare it ended before',
      query: null,
      remedy: `longhaul accept 'table ${table}' leaves it so`,
    }));
}
