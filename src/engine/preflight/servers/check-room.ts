import type {Finding} from '../../../domain/run/finding.ts';
import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import type {DiskReading} from '../../../domain/reading/reading.ts';
import {SERVER_ROLES, type ServerRole} from '../../../domain/pg/server-role.ts';
import {formatBytes} from '../../../domain/base/units.ts';
import {readDatabaseSize} from '../../../pg/session/database-sizes.ts';
import {readTables} from '../../../pg/catalog/inventory.ts';
import {readDisk} from '../../../probes/watched/disk.ts';
import {captureNeeds} from '../../capture/needs.ts';
import {isWanted} from '../../inventory/is-wanted.ts';
import type {StepContext} from '../../step.ts';
import {found} from '../found.ts';
import type {PreflightContext} from '../read-once.ts';

/** Room: for WAL that the slots hold on the source and that waits on the replica, and for the data on the target. */
export async function checkRoom(ctx: PreflightContext): Promise<Finding[]> {
  const {version} = await ctx.session('source');
  const tables = (await ctx.once('source', readTables(version))).filter((table) => isWanted(table, ctx.config.tables));
  const sum = (of: (table: (typeof tables)[number]) => number): number =>
    tables.reduce((total, table) => total + of(table), 0);
  const findings: Finding[] = [];
  for (const server of serversThatFill(ctx)) {
    const session = await ctx.session(server);
    const disk = await lookAt(async () => readDisk(server, ctx.config.disks[server], {session, env: ctx.env}));
    findings.push(
      ...judgeRoom(server, disk, {
        dataBytes: sum(({heapBytes, toastBytes}) => heapBytes + toastBytes),
        indexBytes: sum(({indexBytes}) => indexBytes),
        thereBytes: server === 'target' ? (await session.one(readDatabaseSize())).bytes : 0,
      }),
    );
  }
  return findings;
}

/** Without slots nothing is held on the source, whatever room it has. */
function serversThatFill({config}: Pick<StepContext, 'config'>): readonly ServerRole[] {
  return SERVER_ROLES.filter((server) => server !== 'source' || captureNeeds(config).slots !== null);
}

async function lookAt(read: () => Promise<DiskReading>): Promise<DiskReading | string> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof LonghaulError) || error.code !== 'failed') throw error;
    return error.message;
  }
}

/** What is to come to the target, and how large its database is already. Bytes of the source's files. */
export interface RoomNeeded {
  readonly dataBytes: number;
  readonly indexBytes: number;
  readonly thereBytes: number;
}

const HOLDS: Readonly<Record<ServerRole, string>> = {
  source:
    'the slots hold all WAL from their creation until change capture reads it, and a full WAL volume stops production',
  replica: 'while replay is paused, all WAL that arrives lies on its disk',
  target: 'the load and its indexes have to fit',
};

/** `disk` is a reading, or why there is none. Pure. */
export function judgeRoom(server: ServerRole, disk: DiskReading | string, needed: RoomNeeded): Finding[] {
  const {blocker, warning, note} = found(server);
  if (typeof disk === 'string') {
    return [warning('room', `its free space could not be asked for: ${disk}`, `mend disks.${server} in longhaul.yaml`)];
  }
  if (disk.freeBytes === null) {
    return [
      warning(
        'room',
        `its free space is unknown, so nobody can say when it is full; ${HOLDS[server]}`,
        `set disks.${server}.command or disks.${server}.volume in longhaul.yaml`,
      ),
    ];
  }
  const free = `${formatBytes(disk.freeBytes)} of ${formatBytes(disk.totalBytes)} are free`;
  if (server !== 'target') return [note('room', `${free}; ${HOLDS[server]}`)];
  const data = Math.max(0, needed.dataBytes - needed.thereBytes);
  const all = Math.max(0, needed.dataBytes + needed.indexBytes - needed.thereBytes);
  const remedy =
    'make the volume larger (on RDS: modify the allocated storage, or let it scale by itself and set disks.target.volume to its limit)';
  if (disk.freeBytes < data) return [blocker('room', `${free}, and ${formatBytes(data)} of rows are to come`, remedy)];
  if (disk.freeBytes < all)
    return [warning('room', `${free}, and ${formatBytes(all)} of rows and indexes are to come`, remedy)];
  return [note('room', `${free}; what is still to come, rows and indexes, is ${formatBytes(all)}`)];
}
