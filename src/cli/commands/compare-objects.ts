import {counted} from '../../domain/base/units.ts';
import {printable} from '../../domain/base/printable.ts';
import {fenceBroken} from '../../domain/pg/boundary.ts';
import {isReplayResumed} from '../../domain/pg/hand-over.ts';
import {describeDifference} from '../../domain/run/difference.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {reduceAll} from '../../domain/run/reduce.ts';
import type {RunState} from '../../domain/run/run-state.ts';
import {compareObjects} from '../../engine/compare/objects/compare-objects.ts';
import {makeMissing, planFix} from '../../engine/compare/objects/fix.ts';
import type {ObjectsCompared} from '../../engine/compare/objects/object-difference.ts';
import {createContext, type RunContext} from '../../engine/run/run-context.ts';
import {readJournal} from '../../engine/run/journal.ts';
import {findTools} from '../../engine/tools/find-tools.ts';
import {readReplicaPosition} from '../../pg/replication/replica.ts';
import {mustBeMeant} from '../run/must-be-meant.ts';
import type {Env, OpenRun} from '../run/open-run.ts';
import {showActions} from '../run/show-actions.ts';
import {say} from '../say.ts';

/** What is asked of a comparison of objects. */
export interface ObjectFlags {
  readonly fix?: boolean;
  readonly yes?: string;
}

/** Compares the objects of both sides and prints what differs, each with what mends it; 1 where anything is left that was not meant to differ. */
export async function compareObjectsNow(run: OpenRun, flags: ObjectFlags, env: Env): Promise<0 | 1> {
  const state = reduceAll(await readJournal(run.folder.journal));
  const ctx = await writingContext(run, state, env);
  try {
    const compared = await compareAndTell(ctx, run);
    if (flags.fix !== true || compared.differences.length === 0) return compared.differences.length === 0 ? 0 : 1;
    mustBeBuilt(state);
    const actions = planFix(ctx, compared.differences);
    showActions(run, actions);
    if (actions.length === 0) return 1;
    mustBeMeant(run, {yes: flags.yes, nothingDone: 'nothing was made', again: ['compare', '--objects', '--fix']});
    for (const line of await makeMissing(ctx, compared.differences)) say(run, line);
    const after = await compareAndTell(ctx, run);
    return after.differences.length === 0 ? 0 : 1;
  } finally {
    await ctx.close();
  }
}

async function compareAndTell(ctx: RunContext, run: OpenRun): Promise<ObjectsCompared> {
  const before = await isPastP(ctx);
  const compared = await compareObjects(ctx);
  const isLate = before || (await isPastP(ctx));
  for (const line of describeCompared(compared, isLate)) say(run, line);
  return compared;
}

/** Whether the replica has left P, also where no supervisor has seen it yet. */
async function isPastP(ctx: RunContext): Promise<boolean> {
  const state = ctx.state();
  if (isReplayResumed(state) || state.boundaryMoved !== null) return true;
  if (state.boundary === null) return false;
  const replica = await ctx.session('replica');
  return fenceBroken(state.boundary, await replica.one(readReplicaPosition(replica.version))) !== null;
}

/** What is made on the target to read definitions in its own words is rolled back; a session that only reads could not make it. */
async function writingContext({config, folder}: OpenRun, state: RunState, env: Env): Promise<RunContext> {
  return createContext({
    config,
    folder,
    tools: await findTools(config.toolsFolder, env),
    store: {state: () => state, record: async () => undefined},
    env,
    signal: new AbortController().signal,
    now: Date.now,
    readOnly: false,
  });
}

/** Before build-indexes has run, most is missing because its time has not come. */
function mustBeBuilt({evidence, loadBoundary}: RunState): void {
  if (loadBoundary !== null && evidence['build-indexes']?.boundary === loadBoundary) return;
  throw new LonghaulError({
    code: 'usage',
    message: 'nothing was made: build-indexes has not come to its end, and makes what it finds missing itself',
    remedy: 'longhaul run goes on with the run; then longhaul compare --objects',
  });
}

/** What was expected first, then each difference with what mends it, in the order in which they can be mended, and a line that sums up. Pure. */
export function describeCompared({objects, differences, expected}: ObjectsCompared, isLate: boolean): string[] {
  return [
    ...expected.map((words) => `as meant  ${words}`),
    ...differences.flatMap((one) => [
      `DIFFERS   ${describeDifference(one)}`,
      ...(one.query === null ? [] : [`    rows: ${one.query}`]),
      `    what to do: ${one.remedy}`,
    ]),
    ...(isLate ? ['The replica has left P: what production has altered since then is among the differences.'] : []),
    `${counted(objects, 'object')} compared: ${differences.length === 0 ? 'none differs' : counted(differences.length, 'difference')}, ${expected.length} as meant.`,
  ].map((line) => printable(line));
}
