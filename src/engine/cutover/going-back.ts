import {claimedBack, claimedBackSubscriptions} from '../../domain/run/back/claimed-back.ts';
import type {ShownAction} from '../../domain/run/command.ts';
import type {Actor} from '../../domain/run/event.ts';
import {isTargetOpened} from '../../domain/run/cutover/cutover.ts';
import {asSaid, asWritten} from '../back/mirrored.ts';
import {reverseOf} from '../back/reverse-of.ts';
import type {Action} from '../action.ts';
import {remark} from '../make-action.ts';
import {endCutoverSessions} from '../run/own-statements.ts';
import {withoutStatement} from '../../pg/session/server-error.ts';
import {SQLSTATE, sqlStateOf} from '../../pg/session/sqlstate.ts';
import {failureOf} from '../run/run-steps.ts';
import type {StepContext} from '../step.ts';
import {abortable} from '../waiting/abortable.ts';
import {planJobsOnAgain, restartJobs} from './jobs/swap-jobs.ts';
import {resumeCapture} from './own-slots.ts';
import {NOT_UNDONE, showCommand, undoCommand, undoingOf} from './commands/operator-commands.ts';
import {planNotFiring} from './waiting-objects.ts';
import {laterReadOnlyClients, planWritesAllowed} from './write-stop.ts';

/** Who wants a cutover taken back, and why. */
export interface BackOrder {
  readonly by: Actor;
  readonly reason: string;
  /** Set where a target that is away is waited for afterwards. */
  readonly isPatient?: true;
}

/**
 * Takes a cutover back: the source takes writes again, the operator's commands are undone, change capture goes on. Only that needs the target. Throws where the source does not
 * answer; it may be repeated. Refuses nothing: who calls it has seen that the target was not opened.
 */
export async function goBack(ctx: StepContext, {by, reason, isPatient}: BackOrder): Promise<CaptureLeft> {
  const {cutover} = ctx.state();
  if (cutover === null || isTargetOpened(cutover)) throw new Error('bug: this cutover cannot be taken back');
  for (const action of planWritesAllowed(ctx)) await action.execute();
  const endLater = await laterReadOnlyClients(ctx);
  await ctx.fence.drop();
  await endCutoverSessions(ctx, 'source');
  const undone = [...(await restartJobs(ctx)), ...(await undoCommands(ctx, cutover.commands))];
  // A target that is away, or cut off without a word, keeps the operator's commands from nothing: the end of the comparison connects there.
  await ctx.final.stop();
  await endCutoverSessions(ctx, 'target');
  // Once it is noted that the cutover was taken back, the journal has them no more.
  const notFiring = planNotFiring(ctx);
  const capture = await captureAgain(ctx, notFiring, isPatient === true ? AGAIN : '');
  await endLater();
  await ctx.record({type: 'cutover.gone-back', by, reason: [reason, ...undone, ...capture].join('; ')});
  return capture.length === 0 ? null : async () => (await captureAgain(ctx, notFiring)).length === 0;
}

/** What allows the writes again, for whoever decides: what is done on the source and by the operator's commands. */
export async function planBackOut(ctx: StepContext): Promise<readonly ShownAction[]> {
  const {commands = []} = ctx.state().cutover ?? {};
  const undone = commands.toReversed().flatMap((name): ShownAction[] => {
    const undoing = undoingOf(ctx, name);
    if ('why' in undoing)
      return [
        {on: 'jump box', text: remark(`cutover.${name} is not undone: ${asWritten(ctx, undoing.why)}`, '').trim()},
      ];
    return undoing.run === null ? [] : [{on: 'jump box', text: showCommand(ctx.config, undoing.run)}];
  });
  return [...planWritesAllowed(ctx), {on: 'source', text: 'ROLLBACK'}, ...planJobsOnAgain(ctx), ...undone];
}

/** Tries once more to have change capture go on, and gives whether it does; null where it goes on already. */
type CaptureLeft = (() => Promise<boolean>) | null;

/** Where change capture was turned round already, changes come the one way again. */
async function resumeChanges(ctx: StepContext): Promise<void> {
  const {claimed, back} = ctx.state();
  // In a way back the slots of the other direction went at the hand-over; its subscriptions are there, and ours of that direction was disabled.
  const made = isTargetOpened(back) ? claimedBackSubscriptions(claimed) : claimedBack(claimed, 'back-slot');
  if (made.length === 0) return;
  for (const action of (await reverseOf(ctx)?.planUndo(ctx)) ?? []) await action.execute();
}

const NOT_ON = 'does NOT go on';

/** Whether every command of the operator was undone, by the reason that the journal has. Pure. */
export function isAllUndone(reason: string): boolean {
  return !reason.includes(NOT_UNDONE);
}

/** The same, and change capture goes on. Pure. */
export function isGoneBackWhole(reason: string): boolean {
  return isAllUndone(reason) && !reason.includes(NOT_ON);
}

/** From the last to the first. One that cannot be undone keeps none of the others from it, and is told. */
async function undoCommands(ctx: StepContext, names: readonly string[]): Promise<string[]> {
  const wrong: string[] = [];
  for (const name of names.toReversed()) {
    const undoing = undoingOf(ctx, name);
    if ('why' in undoing) {
      wrong.push(`cutover.${name} was ${NOT_UNDONE}: ${asWritten(ctx, undoing.why)}`);
      continue;
    }
    try {
      await undoCommand(ctx, name, undoing);
    } catch (error) {
      const shown = asWritten(ctx, showCommand(ctx.config, undoing.run ?? []));
      wrong.push(`cutover.${name} was ${NOT_UNDONE}, do it by hand: ${shown} (${failureOf(error).message})`);
    }
  }
  return wrong;
}

/** Has changes come the one way again, as before the cutover: what fires while they are applied is kept from it first. */
export async function turnForward(ctx: StepContext, notFiring: readonly Action[] = planNotFiring(ctx)): Promise<void> {
  for (const action of notFiring) await action.execute();
  await resumeChanges(ctx);
  await resumeCapture(ctx);
}

/** Until a session that the server has ended is known to be lost. */
const LOST_MS = 200;

/** Nothing of this keeps writes from being allowed. What cuts off a walk that was halted may end the session under this as well: then it is tried once more. */
async function captureAgain(ctx: StepContext, notFiring: readonly Action[], again = ''): Promise<string[]> {
  for (let tries = 1; ; tries += 1) {
    try {
      await turnForward(ctx, notFiring);
      return [];
    } catch (error) {
      if (tries > 1 || sqlStateOf(error) !== SQLSTATE.adminShutdown)
        return [`change capture ${NOT_ON}${again}: ${withoutStatement(asSaid(ctx, failureOf(error).message))}`];
      await ctx.sleep(LOST_MS).catch(() => undefined);
    }
  }
}

const AGAIN_MS = 2_000;
/** A server that crashed is there again by then. */
const RESUMES_MS = 300_000;
/** As the reason has it, which stays. */
const AGAIN = ` at once, and is tried again for ${RESUMES_MS / 60_000} min`;

/**
 * Goes back, and tries it until it has worked or the run's signal is aborted: writers wait for it. Then it waits for a target that is away, so that change capture goes on there, but not for ever, and not
 * once `hurried` is aborted.
 */
export async function goBackPatiently(ctx: StepContext, order: BackOrder, hurried: AbortSignal): Promise<void> {
  const resume = await goBackForSure(ctx, {...order, isPatient: true});
  const end = ctx.steady() + RESUMES_MS;
  const isWaiting = (): boolean => !ctx.signal.aborted && !hurried.aborted && ctx.steady() < end;
  for (let isOn = resume === null; !isOn && isWaiting();) {
    await Promise.race([ctx.sleep(AGAIN_MS).catch(() => undefined), abortable(hurried)]);
    if (isWaiting()) isOn = (await resume?.()) ?? true;
  }
}

async function goBackForSure(ctx: StepContext, order: BackOrder): Promise<CaptureLeft> {
  for (;;) {
    try {
      return await goBack(ctx, order);
    } catch (error) {
      if (ctx.signal.aborted) throw error;
      const {message} = failureOf(error);
      await ctx.record({
        type: 'step.progressed',
        step: 'stop-writes',
        done: 0,
        total: 1,
        what: `going back, tried again and again: ${message}`,
      });
      await ctx.sleep(AGAIN_MS);
    }
  }
}
