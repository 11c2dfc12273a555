import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {readMayListWal, readWalDirectory} from '../../pg/replication/wal-directory.ts';
import type {Session} from '../../pg/session/session.ts';
import {maybe} from '../../pg/session/versions.ts';
import type {ServerProbe} from './probe.ts';

/** One stat() for every 16 MB of WAL: terabytes behind a slot make it cost. */
const AT_MOST = 0.001;

/** Size of pg_wal; null with the reason where the role may not read it. */
export function walProbe(server: 'source' | 'replica', everyMs: number): ServerProbe {
  return {
    name: `wal:${server}`,
    server,
    everyMs,
    atMostShare: AT_MOST,
    async read(session) {
      const bytes = await measureWalDirectory(session);
      return {probe: 'wal', server, walBytes: bytes, why: bytes === null ? remedyFor(session.version) : null};
    },
  };
}

/** Bytes in the server's WAL directory; null where the role may not read it, which the server is then not asked for. */
export async function measureWalDirectory(session: Session): Promise<number | null> {
  const {may} = await session.one(readMayListWal(session.version));
  return may ? (await session.one(readWalDirectory(session.version))).bytes : null;
}

function remedyFor(version: ServerVersion): string {
  return maybe('monitorRole', version) === null
    ? 'only a superuser may list pg_xlog before 10'
    : 'needs GRANT pg_monitor';
}
