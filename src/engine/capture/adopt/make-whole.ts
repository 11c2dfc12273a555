import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {executeAll} from '../../make-action.ts';
import type {StepContext} from '../../step.ts';
import {waitUntil} from '../../waiting/wait-until.ts';
import type {MakingWhole} from '../capture.ts';
import type {Adopting} from './adopt.ts';

/** A slot that is further behind is waited for by nobody with a lock in his hand. */
export const AT_SENTINEL_MS = 60_000;

/** A worker that began before goes by what its subscription asked for then, and lets the slot go on past the rest. */
export async function makeWhole(ctx: StepContext, adopting: Adopting): Promise<void> {
  await carryOut(ctx, adopting, await adopting.adoption.planWhole(ctx, adopting.slot));
}

/** What is applied of the table before its copy is in is in that as well, or would fail at rows that the target has not. */
export async function passOverUntilCopied(ctx: StepContext, adopting: Adopting): Promise<void> {
  const {adoption, slot, table} = adopting;
  const plan = await adoption.planPassingOver?.(ctx, slot, table);
  if (plan !== undefined) await carryOut(ctx, adopting, plan);
}

async function carryOut(
  ctx: StepContext,
  {slot, live}: Pick<Adopting, 'slot' | 'live'>,
  {actions, beginsAnew}: MakingWhole,
): Promise<void> {
  if (!beginsAnew) return executeAll(actions);
  const workerOf = async (): Promise<number | null> => {
    const servers = {source: await ctx.session('source'), target: await ctx.session('target')};
    return (await live.status(servers, [slot]))[0]?.workerPid ?? null;
  };
  const before = await workerOf();
  await executeAll(actions);
  const anew = await waitUntil(ctx, AT_SENTINEL_MS, async () => {
    const pid = await workerOf();
    return pid !== null && pid !== before ? true : null;
  });
  if (anew === null)
    throw new LonghaulError({
      code: 'failed',
      message: `what ${slot} asks for is as an adoption needs it, and no worker has begun with that within a minute: nothing was copied`,
      remedy: `see in longhaul status how ${slot} is; once it runs, give the command again`,
    });
}
