import {lsnDistance} from '../../domain/pg/lsn.ts';
import {readReceiving, readReplicaPosition} from '../../pg/replication/replica.ts';
import type {ServerProbe} from './probe.ts';

/** How far the replica has replayed, and how much WAL it has received that it may not replay yet. */
export function replicaProbe(everyMs: number): ServerProbe {
  return {
    name: 'replica',
    server: 'replica',
    everyMs,
    async read(session) {
      const {paused, receiveLsn, replayLsn, postmasterStart, inRecovery} = await session.one(
        readReplicaPosition(session.version),
      );
      const {receiving} = await session.one(readReceiving(session.version));
      return {
        probe: 'replica',
        inRecovery,
        paused,
        receiving,
        receiveLsn,
        replayLsn,
        postmasterStart,
        // From an archive nothing is received: the receive position then stays behind the replayed one, or null.
        backlogBytes:
          receiveLsn === null || replayLsn === null ? null : Math.max(0, lsnDistance(replayLsn, receiveLsn)),
      };
    },
  };
}
