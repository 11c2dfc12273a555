import {loadedTables} from '../../../domain/run/run-state.ts';
import {partOf} from '../../../domain/run/table-part.ts';
import type {Finding} from '../../../domain/run/finding.ts';
import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import type {LoadUnit} from '../../../domain/run/load-unit.ts';
import type {RelationName} from '../../../domain/pg/relation.ts';
import type {DiskReading} from '../../../domain/reading/reading.ts';
import {SERVER_ROLES, type ServerRole} from '../../../domain/pg/server-role.ts';
import {formatBytes} from '../../../domain/base/units.ts';
import {countRelations} from '../../../pg/load/lock-table.ts';
import {isSchemaWanted} from '../../schema/copy/dump-scope.ts';
import {readObjectBytes} from '../../../pg/load/large-objects.ts';
import {readLargestIndexes} from '../../../pg/catalog/indexes.ts';
import {readTables, type TableRow} from '../../../pg/catalog/inventory.ts';
import {readDisk} from '../../../probes/watched/disk.ts';
import {captureNeeds} from '../../capture/needs.ts';
import {isWanted} from '../../inventory/is-wanted.ts';
import type {StepContext} from '../../step.ts';
import {found} from '../found.ts';
import type {PreflightContext} from '../read-once.ts';
import {roomToCome, type LoadAhead, type RoomToCome, type TableBytes} from './room-to-come.ts';

/** Room: for WAL that the slots hold on the source and that waits on the replica, and for the load on the target, a second one too. */
export async function checkRoom(ctx: PreflightContext): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const server of serversThatFill(ctx)) {
    const session = await ctx.session(server);
    const disk = await diskOrWhyNot(async () => readDisk(server, ctx.config.disks[server], {session, env: ctx.env}));
    findings.push(...(server === 'target' ? judgeTargetRoom(disk, await readAhead(ctx)) : judgeRoom(server, disk)));
  }
  return findings;
}

async function readAhead(ctx: PreflightContext): Promise<RoomToCome> {
  const [source, target] = [await ctx.session('source'), await ctx.session('target')];
  const {load, tables} = ctx.config;
  const [objects] = await source.run(readObjectBytes());
  const [there] = await target.run(readObjectBytes());
  const wanted = (rows: readonly TableRow[]): TableBytes[] => rows.filter((row) => isWanted(row, tables)).map(bytesOf);
  return roomToCome({
    source: [...wanted(await ctx.once('source', readTables(source.version))), objectsOf(objects)],
    target: [...wanted(await ctx.once('target', readTables(target.version))), objectsOf(there)],
    ...(await readUnits(ctx)),
    schema: await readSchemaBytes(ctx),
    lanes: load.lanes,
    largestIndexes: (await source.run(readLargestIndexes(load.indexJobs))).map(({bytes}) => bytes),
    builders: load.indexJobs,
  });
}

function bytesOf({schema, name, heapBytes, toastBytes, indexBytes}: TableRow): TableBytes {
  return {schema, name, rows: heapBytes + toastBytes, indexes: indexBytes};
}

const OBJECTS: RelationName = {schema: 'pg_catalog', name: 'pg_largeobject'};

/** Large objects lie in a table of the catalog, and those that are removed leave their room there. */
function objectsOf(row: {readonly bytes: number} | undefined): TableBytes {
  return {...OBJECTS, rows: row?.bytes ?? 0, indexes: 0};
}

function filledBy({kind, tables}: LoadUnit): readonly RelationName[] {
  return kind === 'large-objects' ? [OBJECTS] : tables;
}

/** An index without rows is a page, and so are most others of what a table has; its descriptions in the catalogs take as much again. */
const BYTES_PER_RELATION = 24 * 1024;

/** What the schema itself takes that is not there yet; a rehearsal takes as much before, and is dropped again. */
async function readSchemaBytes(ctx: PreflightContext): Promise<number> {
  const created = async (server: 'source' | 'target'): Promise<number> =>
    (await ctx.once(server, countRelations()))
      .filter(({schema}) => isSchemaWanted(schema, ctx.config.tables))
      .reduce((sum, one) => sum + one.created, 0);
  return Math.max(0, (await created('source')) - (await created('target'))) * BYTES_PER_RELATION;
}

/** The units of the plan, where there is one yet, and what is loaded at this P and stays. */
async function readUnits(ctx: StepContext): Promise<Pick<LoadAhead, 'units' | 'loaded'>> {
  const {boundary, boundaryMoved, loadBoundary, units} = ctx.state();
  const isAtP = boundary !== null && boundaryMoved === null && loadBoundary === boundary.lsn;
  // A table that is loaded in parts is emptied once, before them: it is a unit by itself.
  const whole = units.filter(({id}) => partOf(id) === null);
  const objects = units.filter(({kind, state}) => kind === 'large-objects' && state.status === 'committed');
  return {
    units: whole.map(filledBy),
    loaded: isAtP ? [...loadedTables(units), ...objects.flatMap(filledBy)] : [],
  };
}

/** Without slots nothing is held on the source, whatever room it has. */
function serversThatFill({config}: Pick<StepContext, 'config'>): readonly ServerRole[] {
  return SERVER_ROLES.filter((server) => server !== 'source' || captureNeeds(config).slots !== null);
}

async function diskOrWhyNot(read: () => Promise<DiskReading>): Promise<DiskReading | string> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof LonghaulError) || error.code !== 'failed') throw error;
    return error.message;
  }
}

const HOLDS: Readonly<Record<ServerRole, string>> = {
  source:
    'the slots hold all WAL from their creation until change capture reads it, and a full WAL volume stops production',
  replica: 'while replay is paused, all WAL that arrives lies on its disk',
  target: 'the load and its indexes have to fit',
};

/** `disk` is a reading, or why there is none. Pure. */
export function judgeRoom(server: ServerRole, disk: DiskReading | string): Finding[] {
  const {note} = found(server);
  const unknown = judgeUnknown(server, disk);
  return unknown ?? [note('room', `${freeOf(disk)}; ${HOLDS[server]}`)];
}

function freeOf(disk: DiskReading | string): string {
  return typeof disk === 'string' || disk.freeBytes === null
    ? ''
    : `${formatBytes(disk.freeBytes)} of ${formatBytes(disk.totalBytes)} are free`;
}

function judgeUnknown(server: ServerRole, disk: DiskReading | string): Finding[] | null {
  const {warning} = found(server);
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
  return null;
}

/** The target's, against what it is to hold at most. Pure. */
export function judgeTargetRoom(disk: DiskReading | string, {rows, all, twice}: RoomToCome): Finding[] {
  const {blocker, warning, note} = found('target');
  const unknown = judgeUnknown('target', disk);
  if (unknown !== null || typeof disk === 'string' || disk.freeBytes === null) return unknown ?? [];
  const free = freeOf(disk);
  const again =
    twice === 0
      ? ''
      : `, ${formatBytes(twice)} of it because the old rows of a unit stay until its new ones are committed`;
  const remedy =
    'make the volume larger (on RDS: modify the allocated storage, or let it scale by itself and set disks.target.volume to its limit)';
  const orEmpty = twice === 0 ? '' : '; or fewer lanes: load.lanes, with which fewer old rows stay at once';
  if (disk.freeBytes < rows)
    return [blocker('room', `${free}, and ${formatBytes(rows)} of rows are to come${again}`, `${remedy}${orEmpty}`)];
  const peak = `${formatBytes(all)} of rows, indexes and what it takes to sort them`;
  if (disk.freeBytes < all) return [warning('room', `${free}, and ${peak} are to come${again}`, `${remedy}${orEmpty}`)];
  return [note('room', `${free}; what is still to come is ${peak}${again}`)];
}
