import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import type {Session} from '../../pg/session/session.ts';
import {SQLSTATE, sqlStateOf} from '../../pg/session/sqlstate.ts';
import {readWalDirectory} from '../../pg/replication/wal-directory.ts';
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
      const bytes = await readUnlessForbidden(session);
      return {probe: 'wal', server, walBytes: bytes, why: bytes === null ? remedyFor(session) : null};
    },
  };
}

async function readUnlessForbidden(session: Session): Promise<number | null> {
  try {
    return (await session.one(readWalDirectory(session.version))).bytes;
  } catch (error) {
    if (error instanceof LonghaulError && sqlStateOf(error) === SQLSTATE.insufficientPrivilege) return null;
    throw error;
  }
}

function remedyFor(session: Session): string {
  return maybe('monitorRole', session.version) === null
    ? 'only a superuser may list pg_xlog before 10'
    : 'needs GRANT pg_monitor';
}
