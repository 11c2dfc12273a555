import {movesRows, type Inventory} from '../../domain/pg/inventory.ts';
import type {RelationName} from '../../domain/pg/relation.ts';
import type {PlannedSlot, SlotPlan} from '../../domain/pg/slot-plan.ts';
import {SENTINEL_SCHEMA} from '../../pg/capture/sentinels.ts';

/**
 * Plans the slots by the users' tables alone, and puts each slot's sentinel into it. A sentinel whose slot got no table is carried by the first slot:
 * nobody writes to it. Pure.
 */
export function withSentinels(inventory: Inventory, plan: (inventory: Inventory) => SlotPlan): SlotPlan {
  const sentinels = inventory.tables
    .filter((table) => movesRows(table) && isSentinel(table.relation))
    .map(({relation}) => relation);
  const users = inventory.tables.filter(({relation}) => !isSentinel(relation));
  if (sentinels.length === 0 || !users.some(movesRows)) return plan(inventory);
  const {slots} = plan({...inventory, tables: users});
  const planned = new Set(slots.map(({name}) => name));
  const left = sentinels.filter(({name}) => !planned.has(name));
  return {
    slots: slots.map((slot, index): PlannedSlot => {
      const own = sentinels.filter(({name}) => name === slot.name);
      return {...slot, tables: [...slot.tables, ...own, ...(index === 0 ? left : [])]};
    }),
  };
}

function isSentinel({schema}: RelationName): boolean {
  return schema === SENTINEL_SCHEMA;
}
