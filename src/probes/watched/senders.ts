import {readSenders} from '../../pg/replication/senders.ts';
import type {ServerProbe} from './probe.ts';

/** Who streams WAL from the primary: the replica, and later the readers of the slots. */
export function sendersProbe(everyMs: number): ServerProbe {
  return {
    name: 'senders',
    server: 'source',
    everyMs,
    async read(session) {
      const senders = await session.run(readSenders(session.version));
      return {
        probe: 'senders',
        senders: senders.map(({applicationName, state, unsentBytes}) => ({applicationName, state, unsentBytes})),
      };
    },
  };
}
