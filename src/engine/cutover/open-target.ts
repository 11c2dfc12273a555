import {endClients, readServerClock} from '../../pg/cutover/clients.ts';
import {putBackReadOnly, readReadOnlySetting} from '../../pg/cutover/read-only.ts';
import type {StepContext} from '../step.ts';
import {ownSessions} from './quiet.ts';

/** Whether the target's database takes writes from everybody. */
export async function isTargetOpen(ctx: Pick<StepContext, 'session'>): Promise<boolean> {
  const {before} = await (await ctx.session('target')).one(readReadOnlySetting());
  return before !== 'on';
}

/** Opens it: new sessions may write, and clients that came while it was read-only are ended, for they would go on being so. */
export async function openTarget(ctx: Pick<StepContext, 'session' | 'config'>): Promise<void> {
  const target = await ctx.session('target');
  const {database, before} = await target.one(readReadOnlySetting());
  if (before === null) return;
  await target.run(putBackReadOnly(database, null));
  const {clock} = await target.one(readServerClock());
  await target.run(endClients(target.version, ownSessions(ctx.config), clock));
}
