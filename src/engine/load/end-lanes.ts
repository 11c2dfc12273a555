import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import type {StepContext} from '../step.ts';
import {waitUntil} from '../waiting/wait-until.ts';
import {markEnding} from './lane/remains.ts';
import {createSettling} from './lane/settle.ts';
import {askToEnd} from './lane/signal-lane.ts';
import type {Ending} from './outcome.ts';
import {runningUnits} from './running-units.ts';

const LIMIT_MS = 60_000;

/** Asks every lane that runs to end, and those that are just being started, without waiting for their ends. */
export async function askAllToEnd(ctx: StepContext, ending: Ending): Promise<void> {
  const open = ctx.state().units.filter(({state}) => state.status !== 'committed');
  await Promise.all(open.map(async ({id}) => endOne(ctx, id, ending)));
}

async function endOne(ctx: StepContext, id: string, ending: Ending): Promise<void> {
  await ctx.lanes.keep(id, async () => {
    const unit = runningUnits(ctx.state()).find((one) => one.id === id);
    if (unit !== undefined) await askToEnd(ctx, unit, ending);
  });
}

/** Lanes of this run that live though the journal has nothing running in their folders: what is left of an attempt that was decided. */
async function endStrays(ctx: StepContext, ending: Ending): Promise<void> {
  const {host} = ctx.lanes;
  const known = runningUnits(ctx.state()).map(({state}) => state.folder);
  const others = (await host.list(ctx.folder.lanes)).filter((folder) => !known.includes(folder));
  const lives = await host.life(others);
  for (const [index, folder] of others.entries()) {
    const life = lives[index]?.life;
    if (life !== 'running' && life !== 'orphaned') continue;
    await markEnding(host, folder, ending).catch(() => undefined);
    await host.signal(folder, 'SIGKILL');
  }
}

/**
 * Ends every lane and waits until no process and no backend of any is left and each unit is decided. Whoever takes a new P, or leaves, must
 * know that nothing can commit behind his back. Throws when a lane cannot be ended.
 */
export async function endLanes(ctx: StepContext, ending: Ending): Promise<void> {
  await endStrays(ctx, ending);
  const settle = createSettling(ctx);
  const deciding = waitUntil(ctx, LIMIT_MS, async () => {
    await settle();
    return runningUnits(ctx.state()).length === 0 ? true : null;
  });
  const [ended] = await Promise.all([deciding, askAllToEnd(ctx, ending)]);
  if (ended !== null) return;
  throw notEnded(
    ctx.config.run,
    runningUnits(ctx.state()).map(({id}) => id),
  );
}

/** Lanes that were told to end and are not decided: what keeps them. */
export function notEnded(run: string, units: readonly string[]): LonghaulError {
  return new LonghaulError({
    code: 'failed',
    message: `the lanes of ${units.join(', ')} do not end: one of their backends is still there on the target`,
    remedy: `on the target: SELECT pid, state, query FROM pg_stat_activity WHERE application_name LIKE 'longhaul/${run}/%'; end them (pg_terminate_backend; what that does not end, the target's disk or a restart of the target does), then the same again, or longhaul run`,
  });
}
