import {printable} from '../../domain/base/printable.ts';
import {readWorkerBlockers} from '../../pg/replication/blockers.ts';
import {captureOf} from '../capture/own-capture.ts';
import type {StepContext} from '../step.ts';
import {namesOf} from '../waiting/name-blockers.ts';

/**
 * Of these slots those whose worker waits for a lock on the target, with the table and who has it: `its worker waits for a lock on public.moves, which is held by pid 4711 of app (psql), idle in
 * transaction, open for 00:01:02`. Asks both servers, as the status of change capture does.
 */
export async function readApplyBlockers(
  ctx: StepContext,
  slots: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const capture = captureOf(ctx);
  const words = new Map<string, string>();
  if (capture === null) return words;
  const target = await ctx.session('target');
  const status = await capture.live.status({source: await ctx.session('source'), target}, slots);
  for (const {slot, waitsFor, workerPid = null} of status) {
    if (waitsFor.length === 0 || workerPid === null) continue;
    const blockers = await target.run(readWorkerBlockers(target.version, workerPid));
    const [first] = blockers;
    if (first === undefined) continue;
    const table = first.table === null ? '' : ` on ${printable(first.table)}`;
    words.set(slot, `its worker waits for a lock${table}, which is held by ${namesOf(blockers)}`);
  }
  return words;
}
