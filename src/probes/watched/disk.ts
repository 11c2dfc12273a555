import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import type {DiskReading, ReadingBody} from '../../domain/reading/reading.ts';
import {SERVER_ROLES, type ServerRole} from '../../domain/pg/server-role.ts';
import {readAllDatabaseSizes} from '../../pg/load/database-sizes.ts';
import {readSpilledBytes} from '../../pg/capture/spill.ts';
import {SQLSTATE, sqlStateOf} from '../../pg/session/sqlstate.ts';
import type {Session} from '../../pg/session/session.ts';
import type {Probe, ServerProbe} from './probe.ts';
import {measureWalDirectory} from './wal.ts';
import {runCommand} from '../watch/run-command.ts';
import type {DiskQuestion, WatchContext} from '../watch/watch-context.ts';

const TIMEOUT_MS = 15_000;
const AT_MOST = 0.001;

/** The disks whose free space the operator's own command tells, or nobody: asked on this machine. */
export function localDiskProbes(ctx: WatchContext, everyMs: number): Probe[] {
  return SERVER_ROLES.flatMap((server) => {
    const {command, volumeBytes} = ctx.disks[server];
    if (command === null && volumeBytes !== null) return [];
    return [
      {
        name: `disk:${server}`,
        everyMs,
        read: async (): Promise<ReadingBody> => ({
          probe: 'disk',
          server,
          disk: command === null ? NOT_CONFIGURED : await askCommand(server, command, ctx.env),
        }),
      },
    ];
  });
}

/** The disks of which the configuration tells the size, and the server what lies on it. */
export function volumeProbes(disks: Readonly<Record<ServerRole, DiskQuestion>>, everyMs: number): ServerProbe[] {
  return SERVER_ROLES.flatMap((server) => {
    const {command, volumeBytes} = disks[server];
    if (command !== null || volumeBytes === null) return [];
    return [
      {
        name: `disk:${server}`,
        server,
        everyMs,
        atMostShare: AT_MOST,
        read: async (session: Session): Promise<ReadingBody> => ({
          probe: 'disk',
          server,
          disk: await measureVolume(session, server, volumeBytes),
        }),
      },
    ];
  });
}

/** One reading of a server's disk, in the order of the configuration: the operator's command, the volume's size, or unknown. */
export async function readDisk(
  server: ServerRole,
  {command, volumeBytes}: DiskQuestion,
  {session, env}: {readonly session: Session; readonly env: WatchContext['env']},
): Promise<DiskReading> {
  if (command !== null) return askCommand(server, command, env);
  return volumeBytes === null ? NOT_CONFIGURED : measureVolume(session, server, volumeBytes);
}

const NOT_CONFIGURED: DiskReading = {totalBytes: null, freeBytes: null, from: 'not configured'};

async function askCommand(
  server: ServerRole,
  command: readonly string[],
  env: WatchContext['env'],
): Promise<DiskReading> {
  const what = `disks.${server}.command`;
  const said = parseDisk(await runCommand(command, {what, timeoutMs: TIMEOUT_MS, env}));
  if (said !== null) return {...said, from: 'command'};
  throw new LonghaulError({
    code: 'failed',
    message: `${what}: its last line is not two numbers, free and total bytes`,
    remedy: `let it print them, as \`df -B1 --output=avail,size /var/lib/postgresql\` does`,
  });
}

/** Free and total bytes from the last line that is not empty, so that df's heading may come before it; null when they are not there. Pure. */
export function parseDisk(text: string): {freeBytes: number; totalBytes: number} | null {
  const [free, total, ...more] = (text.trimEnd().split('\n').at(-1) ?? '').trim().split(/\s+/);
  if (free === undefined || total === undefined || more.length > 0) return null;
  if (!/^\d{1,15}$/.test(free) || !/^\d{1,15}$/.test(total) || Number(free) > Number(total)) return null;
  return {freeBytes: Number(free), totalBytes: Number(total)};
}

async function measureVolume(session: Session, server: ServerRole, totalBytes: number): Promise<DiskReading> {
  const data = (await session.one(readAllDatabaseSizes())).bytes + (await spilledOn(session, server));
  // A managed target keeps its WAL to itself, and the volume is far larger than that.
  const wal = server === 'target' ? 0 : await measureWalDirectory(session);
  if (wal === null) throw mayNotMeasure(server);
  return judgeVolume({totalBytes, data, wal});
}

/** Every slot spills a large transaction onto the disk of the data, for itself. A role that may not see it leaves it out. */
async function spilledOn(session: Session, server: ServerRole): Promise<number> {
  if (server !== 'source') return 0;
  try {
    return (await session.one(readSpilledBytes(session.version))).bytes;
  } catch (error) {
    if (sqlStateOf(error) === SQLSTATE.insufficientPrivilege) return 0;
    throw error;
  }
}

function mayNotMeasure(server: ServerRole): LonghaulError {
  return new LonghaulError({
    code: 'failed',
    message: `disks.${server}.volume: the role may not see how much of it WAL takes`,
    remedy: `on the source, as superuser, from 10 on: GRANT pg_monitor TO the role in longhaul.yaml; or have it measured there: disks.${server}.command`,
  });
}

/**
 * What is left of a volume of a known size. Databases and WAL together where both fit in it, which they must when they share it; only
 * the WAL where they do not, for then it has its own volume. Other files on it are not seen. Pure.
 */
export function judgeVolume({totalBytes, data, wal}: Record<'totalBytes' | 'data' | 'wal', number>): DiskReading {
  const shared = data + wal <= totalBytes;
  const used = shared ? data + wal : wal;
  return {
    totalBytes,
    freeBytes: Math.max(0, totalBytes - used),
    from: `volume size in longhaul.yaml less ${shared ? 'databases and WAL' : 'WAL'}`,
  };
}
