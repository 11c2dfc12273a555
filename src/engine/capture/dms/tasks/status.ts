import {isoTime} from '../../../../domain/base/iso-time.ts';
import type {ReplicationTask} from '@aws-sdk/client-database-migration-service';
import {LonghaulError} from '../../../../domain/base/longhaul-error.ts';
import {lsnDistance} from '../../../../domain/pg/lsn.ts';
import {insertSetOf} from '../../../../domain/pg/slot-plan.ts';
import {formatRelation} from '../../../../domain/pg/relation.ts';
import {findExceptions, readExceptions, type ApplyExceptions} from '../../../../pg/capture/dms-exceptions.ts';
import {countSentinels, readSentinelsSince} from '../../../../pg/capture/sentinels.ts';
import {readInsertPosition} from '../../../../pg/replication/insert-position.ts';
import {readSetMembers} from '../../../../pg/replication/pglogical.ts';
import {readSlots} from '../../../../pg/replication/slots.ts';
import type {Session} from '../../../../pg/session/session.ts';
import type {Servers, SlotStatus} from '../../capture.ts';
import {withDms} from '../api/client.ts';
import {readTasks, type OfRun} from '../api/read-tasks.ts';

/**
 * How each task is: by DMS where it may be asked (`of` is null where nobody says how), by the slots and the target in any case. The target is asked first: what it has of the sentinels, the source had before.
 */
export async function readStatus(
  {source, target}: Servers,
  slots: readonly string[],
  of: OfRun | null,
): Promise<SlotStatus[]> {
  if (slots.length === 0) return [];
  const counts = await target.run(countSentinels(slots));
  const exceptions = await readAllExceptions(target);
  const since = await source.run(readSentinelsSince(counts));
  const kept = await source.run(readSlots(source.version));
  const slotsOfTable = exceptions.length === 0 ? new Map<string, string>() : await readSlotsOfTables(source, slots);
  const {insertLsn} = await source.one(readInsertPosition(source.version));
  const tasks = await askDms(of, slots);
  return slots.map((slot): SlotStatus => {
    const one = kept.find(({name}) => name === slot);
    const confirmedLsn = one?.confirmedFlushLsn ?? null;
    const written = since.find((row) => row.slot === slot);
    const ran = lastRanOf(tasks?.get(slot));
    const failed = exceptions.filter((row) => slotsOfTable.get(formatRelation(row)) === slot);
    return {
      slot,
      state: stateOf(tasks?.get(slot) ?? null, one?.active === true),
      waitsFor: [],
      ...(ran === null ? {} : {lastRan: ran}),
      receivedLsn: null,
      appliedLsn: confirmedLsn,
      confirmedLsn,
      lagBytes: confirmedLsn === null ? null : Math.max(0, lsnDistance(confirmedLsn, insertLsn)),
      lagSeconds: Math.max(0, written?.waitingSeconds ?? 0),
      quietSeconds: written?.quietSeconds ?? null,
      errors: failed.reduce((sum, {count}) => sum + count, 0),
      sentinels: {source: written?.rowsUpTo ?? 0, target: counts.find((row) => row.slot === slot)?.rows ?? 0},
    };
  });
}

/** Null where nobody may ask, or AWS does not answer: what the servers say is enough to go by. */
async function askDms(
  of: OfRun | null,
  slots: readonly string[],
): Promise<ReadonlyMap<string, ReplicationTask> | null> {
  if (of === null || of.dms.mode === 'files') return null;
  try {
    return await withDms(of.dms, async (client) => readTasks(client, of, {slots, withSettings: false}));
  } catch (error) {
    if (error instanceof LonghaulError) return null;
    throw error;
  }
}

/** `task`: null where DMS was not asked. One that has failed does not go on by itself. A slot that is read is applied; one that is not may be between two connections. Pure. */
export function stateOf(task: Pick<ReplicationTask, 'Status'> | null, isRead: boolean): SlotStatus['state'] {
  if (task !== null && ['stopped', 'stopping', 'ready', 'failed'].includes(task.Status ?? '')) return 'stopped';
  return isRead ? 'running' : 'down';
}

/** Null where DMS does not say it. */
function lastRanOf(task: Pick<ReplicationTask, 'ReplicationTaskStats'> | undefined): string | null {
  const {StartDate: began, StopDate: ended} = task?.ReplicationTaskStats ?? {};
  if (began === undefined && ended === undefined) return null;
  return [began, ended].map((moment) => (moment === undefined ? 'never' : isoTime(moment.getTime()))).join(' ');
}

async function readAllExceptions(target: Session): Promise<ApplyExceptions[]> {
  const rows: ApplyExceptions[] = [];
  for (const table of await target.run(findExceptions())) rows.push(...(await target.run(readExceptions(table))));
  return rows;
}

/** Which slot captures a table: `public.events` → `dms_slot_01`. */
async function readSlotsOfTables(source: Session, slots: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const slotOfSet = new Map(slots.map((slot) => [insertSetOf(slot), slot]));
  const members = await source.run(readSetMembers());
  return new Map(
    members.flatMap(({set, schema, name}) => {
      const slot = slotOfSet.get(set);
      return slot === undefined ? [] : [[formatRelation({schema, name}), slot] as const];
    }),
  );
}
