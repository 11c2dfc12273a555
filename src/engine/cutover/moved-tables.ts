import {quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import {tablesOf} from '../../domain/run/load-unit.ts';
import {SENTINEL_SCHEMA} from '../../pg/capture/sentinels.ts';
import {readPlan} from '../plan/plan-file.ts';
import type {StepContext} from '../step.ts';

/** Every table that moves, those that were taken in since among them, each once, but for the sentinels': into those Longhaul itself writes until the target is open. */
export async function readMovedTables(ctx: Pick<StepContext, 'folder' | 'config' | 'state'>): Promise<RelationName[]> {
  const {slots, units} = await readPlan(ctx);
  const adopted = ctx.state().capture.adopted.map(({table}) => table);
  const all = [...slots.slots.flatMap(({tables}) => tables), ...tablesOf(units), ...adopted];
  const once = new Map(all.map((table) => [quoteRelation(table), table]));
  return [...once.values()].filter(({schema}) => schema !== SENTINEL_SCHEMA);
}
