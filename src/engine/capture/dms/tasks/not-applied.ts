import {within} from '../../../../domain/pg/relation.ts';
import type {NotCaptured, SlotsOfPlan} from '../../guard/not-captured.ts';
import {withDms} from '../api/client.ts';
import {readSuspended, type OfRun} from '../api/read-tasks.ts';

/** The tables that a task has suspended after an error, as SUSPEND_TABLE has it: it goes on without them, and its sentinels come. Nobody may be asked where the calls are files. */
export async function readNotApplied(of: OfRun, {slots}: SlotsOfPlan): Promise<NotCaptured[]> {
  if (of.dms.mode === 'files') return [];
  const names = slots.map(({name}) => name);
  const suspended = await withDms(of.dms, async (client) => readSuspended(client, of, names));
  return slots.flatMap(({name, tables}) => {
    const own = suspended.flatMap(({slot, table}) => (slot === name ? [table] : []));
    return within(tables, own).map((table) => ({table, through: name}));
  });
}
