import {writeSentinels} from '../../../pg/capture/sentinels.ts';
import {readPrimaryPosition} from '../../../pg/replication/slots.ts';
import type {Action} from '../../action.ts';
import {statementAction} from '../../make-action.ts';
import {readPlan} from '../../plan/plan-file.ts';
import type {Step, StepContext} from '../../step.ts';
import {createSlots} from '../slots/create-slots.ts';

/** The slots, and behind them a sentinel in each: it is in the load and in what its slot keeps, and must be on the target once. */
export const createNativeSlots: Step<'create-slots'> = {
  ...createSlots,

  /** Whoever was stopped between the last slot and the sentinel has to write it still. */
  async check(ctx) {
    const seen = await createSlots.check(ctx);
    if (seen.done === null || !('slots' in seen.done)) return seen;
    const sentinelLsn = ctx.state().evidence['create-slots']?.sentinelLsn;
    return {...seen, done: sentinelLsn === undefined ? null : {...seen.done, sentinelLsn}};
  },

  async plan(ctx) {
    return [...(await createSlots.plan(ctx)), await planSentinel(ctx)];
  },

  async run(ctx) {
    const evidence = await createSlots.run(ctx);
    if (!('slots' in evidence)) return evidence;
    await (await planSentinel(ctx)).execute();
    const source = await ctx.session('source');
    const {insertLsn} = await source.one(readPrimaryPosition(source.version));
    return {...evidence, sentinelLsn: insertLsn};
  },
};

/** A row into the table of every planned slot. */
export async function planSentinel(ctx: StepContext): Promise<Action> {
  const names = (await readPlan(ctx)).slots.slots.map(({name}) => name);
  return statementAction(writeSentinels(names), {on: 'source', session: async () => ctx.session('source')});
}
