import {cancelBackend, readOwnPid} from '../../../pg/load/backends.ts';
import type {Session} from '../../../pg/session/session.ts';
import {SQLSTATE, sqlStateOf} from '../../../pg/session/sqlstate.ts';
import {HELD} from '../../../domain/ends/work.ts';
import type {StepContext} from '../../step.ts';
import type {TellPhase} from '../../waiting/under-way.ts';

/** How often a comparison asks whether it is held. */
const EVERY_MS = 500;
/** A scan that is at work when the comparison is held may take so much longer; what it has read by then is lost. */
const LETS_END_MS = 60_000;

type Holding = Pick<StepContext, 'state' | 'sleep' | 'steady'>;

/** Waits until nothing is held (`longhaul pause --start`), and says so. */
export async function whileHeld(ctx: Holding, tell: TellPhase = () => undefined): Promise<void> {
  if (!ctx.state().held) return;
  tell(HELD);
  while (ctx.state().held) await ctx.sleep(EVERY_MS);
  tell(null);
}

/** Scans once nothing is held. `cancel` ends a scan on its server that goes on for too long after the comparison was held; it is made again once that is over. */
export async function unlessHeld<T>(
  ctx: Holding,
  scan: () => Promise<T>,
  {cancel, tell}: {readonly cancel: () => Promise<void>; readonly tell: TellPhase},
): Promise<T> {
  for (;;) {
    await whileHeld(ctx, tell);
    const watch = watchHold(ctx, cancel);
    try {
      return await scan();
    } catch (error) {
      if (!watch.hasCancelled() || sqlStateOf(error) !== SQLSTATE.queryCanceled) throw error;
    } finally {
      watch.end();
    }
  }
}

function watchHold(ctx: Holding, cancel: () => Promise<void>): {hasCancelled(): boolean; end(): void} {
  let heldSince: number | null = null;
  let hasCancelled = false;
  const look = (): void => {
    if (!ctx.state().held) heldSince = null;
    else heldSince ??= ctx.steady();
    if (hasCancelled || heldSince === null || ctx.steady() - heldSince < LETS_END_MS) return;
    hasCancelled = true;
    // It goes on where its server cannot be told.
    void cancel().catch(() => (hasCancelled = false));
  };
  const timer = setInterval(look, EVERY_MS);
  timer.unref();
  return {hasCancelled: () => hasCancelled, end: () => clearInterval(timer)};
}

/** Has the server of a session end the statement that the session is at, by another one. */
export async function cancelOf(ctx: Pick<StepContext, 'session'>, session: Session): Promise<() => Promise<void>> {
  const {pid} = await session.one(readOwnPid());
  return async () => void (await (await ctx.session(session.role)).run(cancelBackend(pid)));
}
