import {compareLsn, lsnAddress, type Lsn} from '../../../domain/pg/lsn.ts';
import type {PeekedTransaction} from '../../../pg/compare/again-peek.ts';

/** What a slot shows while its changes are held back. */
export interface HeldSlot {
  readonly slot: string;
  /** Whether somebody reads it. */
  readonly isRead: boolean;
  /** The end of the last commit that the target has of it. */
  readonly appliedLsn: Lsn | null;
  readonly confirmedLsn: Lsn | null;
  /** What it keeps; null where that cannot be read. */
  readonly kept: readonly PeekedTransaction[] | null;
}

/**
 * Why replica and target are not at the same commit, in words; null where that is proved. The replica has every commit that begins before `at`, where its
 * replay is paused. Every worker waits in the transaction `sentinel`, with all that was committed before it applied. So nothing of the slots' may have been committed
 * from `at` up to that: it would be on the target alone. Seen twice: by where the target is itself, and by what the slots keep. Pure.
 */
export function judgeFence(
  {at, sentinel}: {readonly at: Lsn; readonly sentinel: string},
  slots: readonly HeldSlot[],
): string | null {
  for (const one of slots) {
    const why = judgeSlot(at, sentinel, one);
    if (why !== null) return `${one.slot}: ${why}`;
  }
  return null;
}

function judgeSlot(at: Lsn, sentinel: string, {isRead, appliedLsn, confirmedLsn, kept}: HeldSlot): string | null {
  if (isRead) return 'somebody reads the slot, so that the target may go on';
  if (appliedLsn === null || confirmedLsn === null) return 'nothing says how far the target is';
  if (compareLsn(appliedLsn, at) > 0) return `the target has changes up to ${appliedLsn}, and the replica is at ${at}`;
  // What is confirmed the slot does not show any more.
  if (compareLsn(confirmedLsn, at) > 0) return `all up to ${confirmedLsn} is confirmed, and the replica is at ${at}`;
  if (kept === null) return null;
  const own = kept.find(({xid}) => xid === sentinel);
  if (own === undefined) return `transaction ${sentinel}, which ends the fence, is not in the slot`;
  const from = lsnAddress(at);
  const between = kept.filter(
    ({xid, changes, commit}) =>
      xid !== sentinel && changes && address(commit) >= from && address(commit) < address(own.commit),
  );
  return between.length === 0 ? null : `${between.length} commits lie between the replica's and the target's`;
}

function address(hexadecimal: string): bigint {
  return BigInt(`0x${hexadecimal}`);
}
