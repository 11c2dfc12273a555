import type {Difference} from '../../../domain/run/difference.ts';
import {readForeignKeys, type ForeignKeyRow} from '../../../pg/catalog/indexes.ts';
import {validateConstraint} from '../../../pg/load/restore.ts';
import {serverWords} from '../../../pg/session/server-words.ts';
import {withUsualValues} from '../../../pg/session/settings.ts';
import type {Action} from '../../action.ts';
import {showStatement} from '../../make-action.ts';
import {endOfComparison, noteEndOfComparison, waitTelling} from '../../cutover/final/end-of-comparison.ts';
import {readNumbersTaken} from '../../cutover/sequences/numbers-taken.ts';
import {withShortLocks} from '../../cutover/short-locks.ts';
import {divideViews, refreshing, tellNotRefreshed} from '../../cutover/views.ts';
import {keyObject, viewObject} from '../../schema/goal/object-names.ts';
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
    const [differences] = await Promise.all([workOff(ctx, work), noteEndOfComparison(ctx)]);
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

/** Then what is left to wait for is the last comparison. */
async function workOff(ctx: StepContext, work: readonly Work[]): Promise<Difference[]> {
  const differences: Difference[] = [];
  for (const [done, {what, action}] of work.entries()) {
    await ctx.record({type: 'step.progressed', step: 'validate-constraints', done, total: work.length, what});
    differences.push(...(await attempt(what, action)));
  }
  await tellNotRefreshed(ctx);
  for (const finding of await readNumbersTaken(ctx, 'target'))
    await ctx.record({type: 'finding.seen', step: 'validate-constraints', finding});
  await waitTelling(ctx);
  return differences;
}

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
  return [...keys.map((key) => validating(ctx, key)), ...(await planViews(ctx))];
}

function validating(ctx: StepContext, key: ForeignKeyRow): Work {
  const statement = validateConstraint(key);
  return {
    what: keyObject(key),
    action: {
      on: 'target',
      text: showStatement(statement),
      execute: async () => void (await withShortLocks(ctx, 'target', statement, NO_LIMIT)),
    },
  };
}

/** The application reads the view meanwhile where that can be; where it cannot, whoever holds it is waited for, and not for long. What it computes hangs on what the database has set, as build-indexes has it. */
async function planViews(ctx: StepContext): Promise<Work[]> {
  const {refreshed} = await divideViews(ctx);
  return refreshed.map((view) => {
    const statement = refreshing(view);
    const fill = async (): Promise<unknown> => withShortLocks(ctx, 'target', statement, NO_LIMIT);
    return {
      what: viewObject(view),
      action: {
        on: 'target',
        text: showStatement(statement),
        execute: async () => void (await withUsualValues(await ctx.session('target'), fill)),
      },
    };
  });
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
