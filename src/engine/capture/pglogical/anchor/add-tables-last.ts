import {anchorPositions} from '../../anchor-positions.ts';
import {addTables} from '../../dms/add-tables.ts';
import {planSentinel} from '../../native/native-slots.ts';
import type {Step} from '../../../step.ts';

/** The tables behind the subscriptions, and behind the tables a sentinel in each slot: it is in the load and in what its slot keeps, and must be on the target once. */
export const addTablesLast: Step<'add-tables'> = {
  ...addTables,

  /** Whoever was stopped between the last table and the sentinel has to write it still. */
  async check(ctx) {
    const seen = await addTables.check(ctx);
    if (seen.done === null || !('memberships' in seen.done)) return seen;
    return anchorPositions(ctx.state()).afterTables === null ? {...seen, done: null} : seen;
  },

  async plan(ctx) {
    return [...(await addTables.plan(ctx)), await planSentinel(ctx)];
  },
};
