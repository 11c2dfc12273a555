import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import type {Actor} from '../../../domain/run/event.ts';
import type {ServerRole} from '../../../domain/pg/server-role.ts';
import {dropHold, dropHoldTrigger} from '../../../pg/compare/again-fence.ts';
import {terminateBackends} from '../../../pg/load/backends.ts';
import {readReplicaPosition, resumeReplay} from '../../../pg/replication/replica.ts';
import {captureOf} from '../../capture/own-capture.ts';
import {sessionName} from '../../load/host/lane-name.ts';
import {withoutStatement} from '../../../pg/session/server-error.ts';
import type {Action} from '../../action.ts';
import {statementAction} from '../../make-action.ts';
import type {StepContext} from '../../step.ts';
import type {TellWaiting} from '../../waiting/outage.ts';

/** The name of the sessions that hold replica and target. */
export const HOLDING = 'hold';

/**
 * What lets apply and replay go on, whoever has held them and however far he came: each part looks first, or may be repeated. Nothing where the journal has
 * no fence. A server that does not answer keeps none of the others from going on; then the journal has the fence still, and it is tried again.
 */
export function planTakeBack(ctx: StepContext, by: Actor): Action[] {
  const {fence} = ctx.state();
  return fence === null ? [] : planLetGo(ctx, fence.slots, by);
}

/** The same for a fence of these slots, whether the journal has it by now or not. */
export function planLetGo(ctx: StepContext, slots: readonly string[], by: Actor): Action[] {
  const parts = [
    ...(['source', 'replica', 'target'] as const).map((on) => endOfHolders(ctx, on)),
    ...[...slots.map((slot) => dropHoldTrigger(slot)), dropHold()].map((statement) =>
      statementAction(statement, {on: 'target', session: async () => ctx.session('target')}),
    ),
    goingOn(ctx),
    ...slots.map((slot) => applying(ctx, slot)),
  ];
  const failures: unknown[] = [];
  const noting: Action = {
    on: 'jump box',
    text: 'note in the journal: apply and replay go on',
    execute: async () => {
      if (failures.length > 0) throw failures[0];
      await ctx.record({type: 'fence.lowered', by});
    },
  };
  return [...parts.map((part) => keepingOn(part, failures)), noting];
}

/** Lets apply and replay go on. Throws where a part could not be done, once all others are. */
export async function takeBack(ctx: StepContext, by: Actor): Promise<boolean> {
  const actions = planTakeBack(ctx, by);
  for (const action of actions) await action.execute();
  return actions.length > 0;
}

/** How long a server that is away is left alone before it is asked again. */
const AGAIN_MS = 5_000;

/** Tells what a comparison waits for, in its step's progress; of an operator's own the header says which server is away. */
export function tellWaiting(ctx: StepContext, by: Actor): TellWaiting {
  return async (what) => {
    if (by !== 'compare-again') return;
    const {done, tables} = ctx.state().again ?? {done: [], tables: 1};
    const total = Math.max(1, tables);
    const far = {done: Math.min(done.length, total - 1), total};
    await ctx.record({type: 'step.progressed', step: 'compare-again', ...far, what});
  };
}

/** The same, again and again until it is done or the run's signal is aborted. Of this fence only: one that is raised since is somebody else's. */
export async function takeBackForSure(ctx: StepContext, by: Actor): Promise<void> {
  const {fence: held} = ctx.state();
  if (held === null) return;
  const isHeld = (): boolean => ctx.state().fence?.since === held.since;
  while (isHeld() && !ctx.signal.aborted) {
    try {
      await takeBack(ctx, by);
    } catch (error) {
      if (!(error instanceof LonghaulError)) throw error;
      const why = withoutStatement(error.message);
      await tellWaiting(ctx, by)(`waiting until all that was held can go on, which is tried again and again: ${why}`);
      await ctx.sleep(AGAIN_MS).catch(() => undefined);
    }
  }
}

function keepingOn(action: Action, failures: unknown[]): Action {
  const execute = async (): Promise<void> => {
    try {
      await action.execute();
    } catch (error) {
      failures.push(error);
    }
  };
  return {...action, execute};
}

/** Whoever is cut off holds his locks until the server notices. */
function endOfHolders(ctx: StepContext, on: ServerRole): Action {
  return statementAction(terminateBackends([sessionName(ctx.config.run, HOLDING)]), {
    on,
    session: async () => ctx.session(on),
  });
}

function goingOn(ctx: StepContext): Action {
  return {
    on: 'replica',
    text: '/* where it is paused: pg_wal_replay_resume(), before 10 pg_xlog_replay_resume() */',
    execute: async () => {
      const replica = await ctx.session('replica');
      const {paused, inRecovery} = await replica.one(readReplicaPosition(replica.version));
      if (paused && inRecovery) await replica.run(resumeReplay(replica.version));
    },
  };
}

function applying(ctx: StepContext, slot: string): Action {
  return {
    on: 'target',
    text: `/* lets the changes of ${slot} be applied, where they are not, and no operator has paused them */`,
    execute: async () => {
      const capture = captureOf(ctx);
      if (capture === null || !capture.slots.includes(slot)) return;
      // An operator has stopped this one, and lets it go on himself.
      if (ctx.state().capture.paused.some((one) => one.slot === slot)) return;
      for (const action of await capture.live.planResume(ctx, slot)) await action.execute();
    },
  };
}
