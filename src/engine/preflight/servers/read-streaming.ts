import {compareLsn, type Lsn} from '../../../domain/pg/lsn.ts';
import {readReceiving, readReplicaPosition} from '../../../pg/replication/replica.ts';
import {readSenders, type Sender} from '../../../pg/replication/senders.ts';
import type {StepContext} from '../../step.ts';

/**
 * Whether WAL arrives at the replica by streaming: its own WAL receiver from 9.6 on, before that whether one of the source's senders is where the replica
 * is. Null where neither server tells.
 */
export async function readStreaming(ctx: StepContext): Promise<boolean | null> {
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
