import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {whyNotWhole} from '../../../domain/run/capture/capture-state.ts';
import {isTargetOpened, stoppedForMs} from '../../../domain/run/cutover/cutover.ts';
import {endClients, readServerClock} from '../../../pg/cutover/clients.ts';
import {putBackReadOnly, readReadOnlySetting} from '../../../pg/cutover/read-only.ts';
import type {Action} from '../../action.ts';
import {captureOf} from '../../capture/own-capture.ts';
import {planLeadingBack} from '../../back/lead-back.ts';
import {noteVisits} from '../../back/still-come.ts';
import {isReadOnly, planOpen} from '../../capture/read-only-target.ts';
import {startJobs} from '../../cutover/jobs/swap-jobs.ts';
import {tablesDiffer} from '../../cutover/final/final-comparison.ts';
import {readFencedTables} from '../../cutover/moved-tables.ts';
import {planLettingGo} from '../../cutover/commands/let-go.ts';
import {commandAction, commandsAt} from '../../cutover/commands/operator-commands.ts';
import {planCaptureEnd, proveNothingCame} from '../../cutover/own-slots.ts';
import {ownSessions, stopsItself, waitUntilQuiet} from '../../cutover/quiet.ts';
import {planObjectsProof} from '../../cutover/rest/unchanged-objects.ts';
import {letThrough, planShut, planUnshut} from '../../cutover/shut.ts';
import {executeAll} from '../../make-action.ts';
import {endCutoverSessions} from '../../run/own-statements.ts';
import {failureOf} from '../../run/run-steps.ts';
import type {Step, StepContext} from '../../step.ts';

/** Opens the target for writes. From the journal's word on there is no going back but by `longhaul back`. */
export const handOver: Step<'hand-over'> = {
  id: 'hand-over',
  phase: 'cutover',
  title: 'open the target for writes',
  why: 'opened before it is proved that nobody writes on the source, there are two sides',
  source: 'facts/cutover.md, §2.5 and §7',
  confirm: 'no',

  check: async () => ({done: null, findings: []}),
  plan: async (ctx) => planHandOver(ctx),
  async undo(ctx) {
    const actions = [...(await planUnshut(ctx, 'source')), ...(await planUnshut(ctx, 'target'))];
    await executeAll(actions);
    return actions.length === 0 ? {} : {unshut: actions.map(({text}) => text)};
  },

  async run(ctx) {
    // A supervisor that has opened it and did not live to say so may have left its clients with sessions that are read-only, and nothing else to do.
    const isOpen = ctx.state().cutover?.status === 'opening' && isClosedBefore(ctx) && !(await isReadOnly(ctx));
    await executeAll(
      isOpen ? [planCaptureEnd(ctx), planShut(ctx), opening(ctx), ...planLettingGo(ctx)] : planHandOver(ctx),
    );
    const {clock} = await (await ctx.session('target')).one(readServerClock());
    await ctx.record({type: 'cutover.handed-over', by: 'run', evidence: {clock}});
    await leaveSource(ctx);
    await endLateComers(ctx, clock);
    return {stoppedMs: stoppedForMs(ctx.state().cutover, 0) ?? 0, clock};
  },
};

/** Whether it tells that somebody has opened the target when it takes writes: one that nobody has closed takes them all the time. */
function isClosedBefore(ctx: StepContext): boolean {
  return ctx.isBack === true ? stopsItself(ctx.config) : ctx.config.cdc.targetReadOnly;
}

function planHandOver(ctx: StepContext): Action[] {
  const leading =
    ctx.isBack === true
      ? planLeadingBack(ctx)
      : commandsAt(ctx.config, 'hand_over').map((one) => commandAction(ctx, one));
  const proving: Action = {
    on: 'source',
    text: '/* proves that nobody has written since F: the locks are held by the same session, nobody has a transaction that writes, the slots have sentinels alone */',
    execute: async () => prove(ctx),
  };
  return [
    planCaptureEnd(ctx),
    // Proved before the application is led over, and again behind that, however long it took.
    ...(leading.length === 0 ? [] : [proving]),
    ...leading,
    // They may take a while to be read, and the rest of the proof is to be of the last moment.
    ...planObjectsProof(ctx),
    proving,
    {
      on: 'jump box',
      text: 'note in the journal: the target is opened',
      execute: async () => {
        // Whoever has taken it back was first.
        ctx.signal.throwIfAborted();
        await ctx.record({type: 'cutover.opening', by: ctx.state().cutover?.begun.by ?? 'run'});
      },
    },
    planShut(ctx, {isProved: true}),
    opening(ctx),
    ...planLettingGo(ctx),
  ];
}

function opening(ctx: StepContext): Action {
  return {
    on: 'target',
    text: '/* opens the database: RESET default_transaction_read_only; ends the sessions that came before */',
    execute: async () => open(ctx),
  };
}

/** Nobody has written since F; who has begun to is ended, or is over in a moment. */
const QUIET_MS = 2_000;

async function prove(ctx: StepContext): Promise<void> {
  if (ctx.config.cutover.lock) await proveLocked(ctx);
  proveEqual(ctx);
  mustBeWhole(ctx);
  await waitUntilQuiet(ctx, Math.min(QUIET_MS, ctx.config.cutover.lockLimitMs));
  const {lsn} = ctx.state().evidence.drain ?? {};
  // Before the target was to be opened, locks that are held were held ever since.
  const isProved = ctx.config.cutover.lock && !isTargetOpened(ctx.state().cutover);
  if (isProved && captureOf(ctx)?.live.confirmsSeldom === true) return;
  if (lsn !== undefined) await proveNothingCame(ctx, lsn);
}

/** Once the target was to be opened there is only the way forward: locks that went with their session are taken again, and what was let through meanwhile the slots tell. */
async function proveLocked(ctx: StepContext): Promise<void> {
  const broken = await ctx.fence.whyBroken();
  if (broken === null) return;
  if (!isTargetOpened(ctx.state().cutover))
    throw new LonghaulError({code: 'failed', message: broken, remedy: 'longhaul cutover begins it again'});
  // Those of a session that the server has not missed yet would keep the tables from being shut.
  await endCutoverSessions(ctx, 'source', ['fence']);
  await ctx.fence.take(ctx, await readFencedTables(ctx), ctx.config.cutover.lockLimitMs);
}

/** What the last comparison has found since its step ended. Behind the opening it is told, and stops nothing. */
function proveEqual(ctx: StepContext): void {
  const {cutover, back} = ctx.state();
  // The way back compares nothing: what there is, is of the cutover before it.
  if (isTargetOpened(cutover) || isTargetOpened(back)) return;
  const differing = ctx.final.progress().compared.filter(({differs}) => differs);
  if (differing.length > 0) throw tablesDiffer(differing);
}

/** What was found since the cutover has begun, or done by hand: a transaction that was skipped, a table that nobody captures, a source that is another. Behind the opening there is only the way forward. */
function mustBeWhole(ctx: StepContext): void {
  const {cutover, capture} = ctx.state();
  if (ctx.isBack === true || isTargetOpened(cutover)) return;
  const [first] = whyNotWhole(capture);
  if (first !== undefined) throw new LonghaulError({code: 'failed', message: first.why, remedy: first.remedy});
}

/** Whoever has closed it: new sessions may write, and clients that came while it was read-only are ended, for they would go on being so. */
async function open(ctx: StepContext): Promise<void> {
  const target = await ctx.session('target');
  const {database} = await target.one(readReadOnlySetting());
  await letThrough(ctx);
  await executeAll(await planOpen(ctx, database));
  if (await isReadOnly(ctx)) await target.run(putBackReadOnly(database, null));
  const {clock} = await target.one(readServerClock());
  await target.run(endClients(target.version, ownSessions(ctx.config), clock));
  await startJobs(ctx);
  if (!(await isReadOnly(ctx))) return;
  throw new LonghaulError({
    code: 'failed',
    message: 'the target still refuses writes',
    remedy: 'it is tried again; see who sets default_transaction_read_only for its database',
  });
}

/** Its readers, too, would go on reading what is old. It stays read-only, and the locks would keep the way back from applying. A server that is away by now has no clients, and keeps nobody from the rest. */
async function leaveSource(ctx: StepContext): Promise<void> {
  try {
    await endClientsOfSource(ctx);
    await ctx.fence.drop();
    // Those of the last comparison are at work, where this supervisor has begun it.
    const {compared, left} = ctx.final.progress();
    await endCutoverSessions(ctx, 'source', compared.length + left.length > 0 ? ['fence'] : undefined);
    // Where that could not be done with the locks.
    await planShut(ctx).execute();
  } catch (error) {
    ctx.signal.throwIfAborted();
    const what = `clients of the source may read there still: ${failureOf(error).message}`;
    await ctx.record({type: 'step.progressed', step: 'hand-over', done: 1, total: 1, what});
  }
}

async function endClientsOfSource(ctx: StepContext): Promise<void> {
  if (!stopsItself(ctx.config)) return;
  const source = await ctx.session('source');
  const {clock} = await source.one(readServerClock());
  const met = await source.run(endClients(source.version, ownSessions(ctx.config), clock));
  await noteVisits(ctx, met);
}

/** A client that was just connecting when the target was opened is not seen at once, and refuses writes for as long as it lives. */
async function endLateComers(ctx: StepContext, clock: string): Promise<void> {
  const target = await ctx.session('target');
  await target.run(endClients(target.version, ownSessions(ctx.config), clock)).catch(() => undefined);
}
