import {compareLsn, type Lsn} from '../../../domain/pg/lsn.ts';
import {readReceiving, readReplicaPosition, type ReplicaPosition} from '../../../pg/replication/replica.ts';
import {readSenders, type Sender} from '../../../pg/replication/senders.ts';
import type {StepContext} from '../../step.ts';
import {waitUntil} from '../../waiting/wait-until.ts';

/**
 * A standby whose connection was cut, as by a restart of the primary, tries again after wal_retrieve_retry_interval, 5 s by default. Whoever asks whether
 * a replica streams waits as long as this, and nobody waits beside it.
 */
const RECONNECT_MS = 10_000;

/** The replica's position, and whether WAL arrives there by streaming; null where neither server tells. */
export interface Streaming {
  readonly position: ReplicaPosition;
  readonly receiving: boolean | null;
}

/**
 * Whether WAL arrives at the replica by streaming. One that does not has the time that it takes to connect again, but for a paused one, which does
 * not try.
 */
export async function readStreaming(ctx: StepContext): Promise<Streaming> {
  const replica = await ctx.session('replica');
  let last: Streaming | null = null;
  const settled = await waitUntil(ctx, RECONNECT_MS, async () => {
    const receiving = await askStreaming(ctx);
    // Read after it: a replica that has just connected has a receive position only then.
    last = {receiving, position: await replica.one(readReplicaPosition(replica.version))};
    return receiving !== false || last.position.paused ? last : null;
  });
  const streaming = settled ?? last;
  if (streaming === null) throw new Error('bug: the replica was not asked');
  return streaming;
}

/** By its own WAL receiver from 9.6 on, before that by whether one of the source's senders is where the replica is. */
async function askStreaming(ctx: StepContext): Promise<boolean | null> {
  const replica = await ctx.session('replica');
  const {receiving} = await replica.one(readReceiving(replica.version));
  if (receiving !== null) return receiving;
  const source = await ctx.session('source');
  const before = await source.run(readSenders(source.version));
  const {receiveLsn} = await replica.one(readReplicaPosition(replica.version));
  const after = await source.run(readSenders(source.version));
  return isSentTo(receiveLsn, {before, after});
}

/**
 * Whether a sender, read before and after the replica's receive position, has that position between what was on the other end's disk before and what it had
 * sent after: the position of a replica that receives nothing stays behind all of them. Null where a sender may not be seen. Pure.
 */
export function isSentTo(
  receiveLsn: Lsn | null,
  {before, after}: {readonly before: readonly Sender[]; readonly after: readonly Sender[]},
): boolean | null {
  if (receiveLsn === null) return false;
  const fits = before.some(({pid, flushLsn}) => {
    const sentLsn = after.find((sender) => sender.pid === pid)?.sentLsn ?? null;
    if (flushLsn === null || sentLsn === null) return false;
    return compareLsn(flushLsn, receiveLsn) <= 0 && compareLsn(receiveLsn, sentLsn) <= 0;
  });
  if (fits) return true;
  return before.some(({sentLsn}) => sentLsn === null) ? null : false;
}
