import type {PlannedSlot} from '../../../domain/pg/slot-plan.ts';
import {backObject} from '../../../domain/run/back/claimed-back.ts';
import {countSentinels, createSentinel, dropSentinelsAfter, readSentinelTables} from '../../../pg/capture/sentinels.ts';
import type {Action} from '../../action.ts';
import {claimFirst} from '../../claim-first.ts';
import {statementAction} from '../../make-action.ts';
import type {StepContext} from '../../step.ts';

/** Makes the tables of the way back's sentinels, on both servers: neither carries the other's. */
export async function planBackSentinels(ctx: StepContext, slots: readonly PlannedSlot[]): Promise<Action[]> {
  const objects = slots.map(({name}) => backObject('back-sentinel', name));
  const missing = await Promise.all(
    (['source', 'target'] as const).map(async (on) => {
      const there = new Set((await (await ctx.session(on)).run(readSentinelTables())).map(({name}) => name));
      return slots.filter(({name}) => !there.has(name)).map(({name}) => ({on, name}));
    }),
  );
  return missing
    .flat()
    .map(({on, name}) =>
      claimFirst(ctx, objects, statementAction(createSentinel(name), {on, session: async () => ctx.session(on)})),
    );
}

/**
 * Takes away the sentinels of a direction that has ended which have not arrived: they were written so that a worker hears of its end, nobody brings them any more, and once changes come this way
 * again they would be taken for lost.
 */
export function withoutLate(ctx: StepContext, slots: readonly string[]): Action[] {
  if (slots.length === 0) return [];
  return [
    {
      on: 'source',
      text: '/* takes away the sentinels that have not arrived, for nobody brings them any more */ DELETE FROM longhaul_cdc.… WHERE n > …',
      execute: async () => {
        const arrived = await (await ctx.session('target')).run(countSentinels(slots));
        const source = await ctx.session('source');
        for (const {slot, newest} of arrived) await source.run(dropSentinelsAfter(slot, newest));
      },
    },
  ];
}
