import {endClients, readServerClock} from '../../pg/cutover/clients.ts';
import {putBackReadOnly, readReadOnlySetting} from '../../pg/cutover/read-only.ts';
import {isReadOnly, planOpen} from '../capture/read-only-target.ts';
import {executeAll} from '../make-action.ts';
import type {StepContext} from '../step.ts';
import {ownSessions} from './quiet.ts';
import {letThrough} from './shut.ts';

/** Opens the target, whoever has closed it: new sessions may write, and clients that came while it was read-only are ended, for they would go on being so. */
export async function openTarget(ctx: StepContext): Promise<void> {
  const target = await ctx.session('target');
  const {database} = await target.one(readReadOnlySetting());
  await letThrough(ctx);
  await executeAll(await planOpen(ctx, database));
  if (await isReadOnly(ctx)) await target.run(putBackReadOnly(database, null));
  const {clock} = await target.one(readServerClock());
  await target.run(endClients(target.version, ownSessions(ctx.config), clock));
}
