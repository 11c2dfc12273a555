import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {printable} from '../../../domain/base/printable.ts';
import type {StepContext} from '../../step.ts';
import type {Action} from '../../action.ts';
import type {Foreseeing} from '../copy/coming-roles.ts';
import {planEach} from '../copy/apply-each.ts';
import {hasSchemaDump, partCommands, readSelection, restorePart} from '../copy/dump-schema.ts';
import {readOwnersOf, readOwnership} from '../copy/ownership.ts';
import type {Attempts} from '../copy/attempts.ts';
import type {TocEntry} from '../copy/toc.ts';

/** What usually comes after the data; of these only statistics have their own owner. */
const WITHOUT_GRANTS = new Set([
  'RULE',
  'POLICY',
  'ROW SECURITY',
  'STATISTICS',
  'COMMENT',
  'CHECK CONSTRAINT',
  'DEFAULT',
]);

const PART = 'after-load';

/**
 * Restores what comes after the data and is not in the manifest: rules, policies, row security, extended statistics, but for what is
 * `accepted`. May be repeated: what is there is replaced. What the server refuses is noted. `onCount` hears how many entries there were.
 */
export async function planRest(
  ctx: StepContext,
  attempts: Attempts,
  {foreseen, onCount}: Foreseeing & {readonly onCount: (entries: number) => void},
): Promise<Action[]> {
  // Before copy-schema there is no dump yet.
  const afterLoad = hasSchemaDump(ctx) ? (await readSelection(ctx)).afterLoad : [];
  const entries = afterLoad.filter((entry) => !attempts.accepted.has(entryObject(entry)));
  const restore = {
    on: 'jump box',
    text: await partCommands(ctx, PART, {again: true}),
    execute: async () => {
      onCount(entries.length);
      await restoreSome(ctx, entries, attempts);
    },
  } as const;
  return [restore, ...(await planOwners(ctx, entries, {foreseen}))];
}

/** A view or function that rests on a primary key comes this late, and has owner and grants like any other. */
async function planOwners(ctx: StepContext, entries: readonly TocEntry[], foreseeing: Foreseeing): Promise<Action[]> {
  const late = entries.some(({kind}) => !WITHOUT_GRANTS.has(kind));
  const {statements} = late
    ? await readOwnership(ctx, foreseeing)
    : await readOwnersOf(ctx, 'statistics object', foreseeing);
  return planEach(ctx, statements, {refused: []});
}

/** `POLICY public events own app_owner`, as pg_restore lists it. */
function entryObject({kind, rest}: TocEntry): string {
  return printable(`${kind} ${rest}`);
}

/** All in one transaction; where the server refuses that, the halves, down to what it refuses by itself. Their order stays. */
async function restoreSome(ctx: StepContext, entries: readonly TocEntry[], attempts: Attempts): Promise<void> {
  try {
    const part = {name: PART, entries, again: true};
    await restorePart(ctx, part, 'restore rules, policies and statistics objects');
  } catch (error) {
    if (!isScriptError(error)) throw error;
    const [only, ...more] = entries;
    if (only !== undefined && more.length === 0) {
      attempts.refused.set(entryObject(only), {sqlstate: '', words: error.message});
      return;
    }
    const half = Math.ceil(entries.length / 2);
    await restoreSome(ctx, entries.slice(0, half), attempts);
    await restoreSome(ctx, entries.slice(half), attempts);
  }
}

/** psql's exit status where a statement failed and ON_ERROR_STOP was set; a lost connection has another. */
const SCRIPT_ERROR = 3;

function isScriptError(error: unknown): error is LonghaulError {
  if (!(error instanceof LonghaulError)) return false;
  const {cause} = error;
  return cause instanceof Error && 'exitCode' in cause && cause.exitCode === SCRIPT_ERROR;
}
