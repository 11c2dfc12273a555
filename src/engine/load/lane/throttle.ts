import type {ShownAction} from '../../../domain/run/command.ts';
import {rateOf, type RunState} from '../../../domain/run/run-state.ts';
import type {StepContext} from '../../step.ts';
import {shellCommand} from '../../tools/shell-quote.ts';
import {formatRate, RATE, type Throttle} from '../pipeline/lane-files.ts';
import {runningUnits, type RunningUnit} from '../running-units.ts';

/** pv takes no word that there is no limit; no pipe carries so much. */
const NO_LIMIT = 1024 ** 4;

/** One that does not listen is asked again so much later: it is just being started, or is none. */
const AGAIN_MS = 1_000;

type Throttling = Pick<StepContext, 'state' | 'config' | 'tools' | 'lanes' | 'steady'>;

/** Lanes that are stopped carry nothing, and leave their share to the others. */
function carrying(state: RunState): RunningUnit[] {
  return runningUnits(state).filter((unit) => unit.state.paused === null);
}

/** What one of so many lanes may carry in a second, of what all may. Pure. */
export function shareOf(bytesPerSecond: number | null, lanes: number): number | null {
  return bytesPerSecond === null ? null : Math.max(1, Math.floor(bytesPerSecond / Math.max(1, lanes)));
}

/** The pv of a lane that is about to start, with its share among those that run; null where there is no pv. */
export function throttleAtStart({
  state,
  config,
  tools,
}: Pick<Throttling, 'state' | 'config' | 'tools'>): Throttle | null {
  if (tools.pv === null) return null;
  const rate = rateOf(state(), config.load.rateBytes);
  return {pv: tools.pv, bytesPerSecond: shareOf(rate, carrying(state()).length + 1)};
}

/**
 * Keeps every lane at its share of the rate: called again and again, it tells each pv whose share has become another. It waits for none of them: a pv answers
 * within a second, and the load has other things to do meanwhile. What a lane was last told is in its folder, so that another supervisor goes on from there.
 */
export function createThrottling(ctx: Throttling): () => void {
  const askAgainAt = new Map<string, number>();
  let isTelling = false;
  return () => {
    if (isTelling || ctx.tools.pv === null) return;
    isTelling = true;
    void tellAll(ctx, ctx.tools.pv.path, askAgainAt)
      // The lane's host could not be asked; the load itself asks it, and says so.
      .catch(() => undefined)
      .finally(() => {
        isTelling = false;
      });
  };
}

async function tellAll(ctx: Throttling, pv: string, askAgainAt: Map<string, number>): Promise<void> {
  const lanes = carrying(ctx.state());
  const share = shareOf(rateOf(ctx.state(), ctx.config.load.rateBytes), lanes.length) ?? NO_LIMIT;
  await Promise.all(
    lanes.map(async ({id, state: {folder}}) => {
      if ((askAgainAt.get(folder) ?? -Infinity) > ctx.steady() || (await lastTold(ctx, folder)) === share) return;
      // One thing at a time is asked of a lane: a signal that stops it must not meet a pv that is being told.
      await ctx.lanes.keep(id, async () => {
        const isCarrying = carrying(ctx.state()).some((unit) => unit.state.folder === folder);
        if (isCarrying && !(await tell(ctx, folder, {pv, share}))) askAgainAt.set(folder, ctx.steady() + AGAIN_MS);
      });
    }),
  );
}

async function lastTold({lanes}: Throttling, folder: string): Promise<number> {
  const known = lanes.rates.get(folder);
  if (known !== undefined) return known;
  const [written = ''] = await lanes.host.read(folder, [RATE]);
  const rate = parseRate(written);
  lanes.rates.set(folder, rate);
  return rate;
}

async function tell(
  {lanes}: Throttling,
  folder: string,
  {pv, share}: {readonly pv: string; readonly share: number},
): Promise<boolean> {
  const isTold = await lanes.host.throttle(folder, pv, share);
  // A full disk keeps no lane from its rate.
  if (isTold) await lanes.host.leave(folder, RATE, formatRate(share)).catch(() => undefined);
  if (isTold) lanes.rates.set(folder, share);
  return isTold;
}

function parseRate(text: string): number {
  return /^\d+\s*$/.test(text) ? Number(text) : NO_LIMIT;
}

/** What would be told to the lanes that run, for people; of the others only that they begin so. */
export async function showRate(ctx: Throttling, bytesPerSecond: number | null): Promise<readonly ShownAction[]> {
  const lanes = carrying(ctx.state());
  const lives = await ctx.lanes.host.life(lanes.map(({state}) => state.folder));
  const share = shareOf(bytesPerSecond, lanes.length) ?? NO_LIMIT;
  return lanes.map(({id}, index): ShownAction => {
    const life = lives[index];
    const pid =
      life !== undefined && 'processes' in life ? life.processes.find(({command}) => command === 'pv')?.pid : null;
    const words = [ctx.tools.pv?.path ?? 'pv', '-q', '-R', String(pid ?? '<pid>'), '-L', String(share)];
    return {on: 'jump box', text: `${shellCommand(words)}   # the lane of ${id}`};
  });
}
