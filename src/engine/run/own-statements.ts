import {isTargetOpened} from '../../domain/run/cutover/cutover.ts';
import {SERVER_ROLES, type ServerRole} from '../../domain/pg/server-role.ts';
import {readBackendsLike, terminateBackendsLike} from '../../pg/load/backends.ts';
import {TAKING} from '../load/take-table.ts';
import type {Statement} from '../../pg/session/statement.ts';
import type {Action} from '../action.ts';
import {showStatement, statementAction} from '../make-action.ts';
import type {StepContext} from '../step.ts';

/** Scans that count and measure: worth nothing to a supervisor that did not begin them. */
const SCANS = ['compare-%', 'analyze-%'];
/** What copy-the-rest reads and writes: none of it may go on once change capture does. */
const REST = 'copy-rest-%';
/** The scans of the last comparison, with the snapshots of F. */
const FINAL = 'final-%';

function named({config}: Pick<StepContext, 'config'>, purposes: readonly string[]): string[] {
  return purposes.map((purpose) => `longhaul/${config.run}/${purpose}`);
}

/**
 * Ends what this run still has its servers do for nobody, on its own connections. A backend does not notice that its client is gone
 * before it has something to say. Lanes are left alone, and so are index builds: hours of work that the next supervisor waits for.
 */
export async function endOwnStatements(ctx: Pick<StepContext, 'config' | 'open'>): Promise<void> {
  await Promise.all(planEndOfOwnStatements(ctx).map(async (action) => action.execute()));
}

/** What ends them, on each of the servers. */
export function planEndOfOwnStatements(ctx: Pick<StepContext, 'config' | 'open'>): Action[] {
  const statement = terminateBackendsLike(named(ctx, ['run', TAKING, REST, FINAL, ...SCANS]));
  return SERVER_ROLES.map((on) => ({
    on,
    text: showStatement(statement),
    execute: async () => endOn(ctx, on, statement),
  }));
}

async function endOn(ctx: Pick<StepContext, 'open'>, role: ServerRole, statement: Statement): Promise<void> {
  // A server that is away has nothing of ours to end.
  const session = await ctx.open(role, 'end').catch(() => null);
  await session?.run(statement).catch(() => undefined);
  await session?.close();
}

/** The end of the scans that an earlier supervisor began, before the same tables are read again. */
export function planEndOfOldScans(ctx: StepContext): Action[] {
  return (['replica', 'target'] as const).map((on) =>
    statementAction(terminateBackendsLike(named(ctx, SCANS)), {on, session: async () => ctx.session(on)}),
  );
}

/** What a cutover holds open: the locks on the source, the snapshots of the last comparison, and what copies the rest. */
const OF_CUTOVER = ['fence', FINAL, REST] as const;

/**
 * Ends the sessions on a server in which this run holds locks and snapshots of a cutover, whoever has opened them: of a jump box that is gone the server does not
 * notice it for hours, and writers wait for as long.
 */
export async function endCutoverSessions(
  ctx: Pick<StepContext, 'config' | 'open'>,
  role: ServerRole,
  purposes: readonly (typeof OF_CUTOVER)[number][] = OF_CUTOVER,
): Promise<void> {
  await endOn(ctx, role, terminateBackendsLike(named(ctx, purposes)));
}

/** The end of what the last comparison still scans, and of its snapshots, which a server would hold until it notices that nobody waits any more. */
export function planEndOfFinalScans(ctx: Pick<StepContext, 'config' | 'open'>): Action[] {
  const statement = terminateBackendsLike(named(ctx, [FINAL]));
  return (['source', 'target'] as const).map((on) => ({
    on,
    text: showStatement(statement),
    execute: async () => endOn(ctx, on, statement),
  }));
}

/**
 * Cuts off what a walk that was halted still waits for. Before the target is opened that is the locks as well: who waits for them keeps everybody waiting who comes behind. Later they are all that keeps
 * writers out.
 */
export async function cutOffWalk(ctx: Pick<StepContext, 'config' | 'open' | 'state'>): Promise<void> {
  const isOpened = isTargetOpened(ctx.state().cutover);
  await Promise.all([endOwnStatements(ctx), ...(isOpened ? [] : [endCutoverSessions(ctx, 'source', ['fence'])])]);
}

const EVERY_MS = 2_000;

/**
 * Waits for the index builds that an earlier supervisor began, each seen as under way: begun again beside them, each would be built twice and one of them
 * fail.
 */
export async function waitForOldBuilds(ctx: StepContext): Promise<void> {
  const target = await ctx.session('target');
  // One that is between two statements builds nothing.
  const read = async () =>
    (await target.run(readBackendsLike(named(ctx, ['index-%'])))).filter(({state}) => state !== 'idle');
  const builds = await read();
  if (builds.length === 0) return;
  const what = `waiting for ${builds.length} index ${builds.length === 1 ? 'build' : 'builds'} that an earlier supervisor began, on the target`;
  await ctx.record({type: 'step.progressed', step: 'build-indexes', done: 0, total: builds.length, what});
  ctx.underWay.begin('build-indexes');
  await Promise.all(
    builds.map(async ({pid, applicationName}) => {
      const piece = ctx.underWay.expect({name: 'build of an earlier supervisor', table: '', on: ['target'], bytes: 0});
      await piece.during(applicationName, async () => {
        while ((await read()).some((one) => one.pid === pid)) await ctx.sleep(EVERY_MS);
      });
    }),
  );
}
