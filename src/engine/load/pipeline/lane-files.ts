import {fenceLine, type Boundary} from '../../../domain/pg/boundary.ts';
import {partOf} from '../../../domain/run/table-part.ts';
import type {ServerVersion} from '../../../domain/pg/server-version.ts';
import {ledgerClosing, ledgerOpening, type LedgerEntry} from '../../../pg/load/ledger.ts';
import {emptyForFreeze} from '../../../pg/load/binary/freeze.ts';
import {
  emptyOwnObjects,
  emptyOwnTables,
  mustBeEmpty,
  mustHaveNoObjects,
  mustHaveTaken,
  noteTables,
} from '../../../pg/load/own-tables.ts';
import {fenceScript} from '../../../pg/replication/replica.ts';
import {shellCommand} from '../../tools/shell-quote.ts';
import type {Pv} from '../../tools/tools.ts';
import type {ObjectFrame} from '../object-rights.ts';
import type {Carried, Pipeline} from './pipeline.ts';

/** What a lane needs to know to load one unit. */
export interface LanePlan extends Carried {
  readonly pipeline: Pipeline;
  readonly entry: LedgerEntry;
  readonly boundary: Boundary;
  readonly targetVersion: ServerVersion;
  /** SQL around the contents of large objects, or around tables that hide rows; empty for others. */
  readonly frame: ObjectFrame;
  /** What limits how much the lane carries, and how much that is at first, in bytes a second (null: no limit); null where no pv is in its pipe. */
  readonly throttle: Throttle | null;
}

/** A pv in a lane's pipe. */
export interface Throttle {
  readonly pv: Pv;
  readonly bytesPerSecond: number | null;
}

/**
 * The files of a lane's folder before it starts, by name: the same for every method but for the commands of both ends. Pure. libexec/lane.sh
 * reads them; `cmd` is for people.
 */
export function laneFiles(plan: LanePlan): Record<string, string> {
  const {dump, load, shown, files = {}, afterData = '', token} = plan.pipeline.ends(plan);
  const throttle = plan.throttle === null ? null : throttleCommand(plan.throttle);
  const closing = afterData + plan.frame.after + ledgerClosing(plan.entry);
  return {
    ...files,
    method: `${plan.pipeline.method}\n`,
    cmd: throttle === null ? shown : `${shown}\n-- in the pipe: ${throttle}\n`,
    'dump.sh': dump,
    'load.sh': load,
    ...(throttle === null
      ? {}
      : {[THROTTLE]: `exec ${throttle}\n`, [RATE]: formatRate(plan.throttle?.bytesPerSecond ?? null)}),
    'fence.sh': `exec ${fenceCommand(plan)}\n`,
    'fence.sql': fenceScript(plan.replicaVersion, fenceLine(plan.boundary), DATA),
    'fence.expected': `${expectedOfFence(plan.boundary)}\n`,
    'opening.sql': before(plan) + ledgerOpening(plan.targetVersion, plan.entry) + takingOf(plan),
    'closing.sql': closing,
    // There with its room, so that no disk is too full for it.
    ...(token === undefined ? {} : {[token]: `${' '.repeat(Buffer.byteLength(closing))}\n`}),
  };
}

/** The file of a lane's folder that is there where a pv is in its pipe. */
export const THROTTLE = 'throttle.sh';

/** The file of a lane's folder with what its pv was told last; without a number it was told nothing. */
export const RATE = 'rate';

/** What is in it. Pure. */
export function formatRate(bytesPerSecond: number | null): string {
  return `${bytesPerSecond ?? ''}\n`;
}

/** Without a limit pv is there all the same: it can be told one while it runs, and could not be put into a pipe that is open. */
function throttleCommand({pv, bytesPerSecond}: Throttle): string {
  return shellCommand([pv.path, '-q', ...(bytesPerSecond === null ? [] : ['-L', String(bytesPerSecond)])]);
}

/** What cannot be in the unit's transaction: that would need a lock for each of hundreds of thousands of large objects. */
function before({unit, entry, targetVersion}: LanePlan): string {
  return unit.kind === 'large-objects' ? emptyOwnObjects(targetVersion, entry) : '';
}

/** Takes what the unit is to fill: what is ours goes, what is somebody's ends the unit. As our own role, before anything is made as another. */
function takingOf({unit, entry, frame, freeze}: LanePlan): string {
  const emptied = freeze ? unit.tables.map((table) => emptyForFreeze(table)).join('') : '';
  if (partOf(unit.id) !== null) return frame.before + mustHaveTaken(entry);
  return unit.kind === 'large-objects'
    ? frame.before + mustHaveNoObjects()
    : emptyOwnTables(entry) + frame.before + mustBeEmpty(entry.tables) + emptied + noteTables(entry);
}

/**
 * What the fence's psql runs between its two questions to the replica. Descriptor 7 is the pipe to the target (lane.sh); what this prints
 * itself comes between the two lines of the fence, so that one text says all that must be so.
 */
const DATA = `sh ./dump.sh >&7 2>> dump.log; dump=$?; printf '%s' "$dump" 1<> dump.exit; echo "dump $dump"`;

/** What fence.sh prints where the unit may commit: the replica at P before the data, a dump that ended well, the replica at P after it. */
export function expectedOfFence(boundary: Boundary): string {
  const line = fenceLine(boundary);
  return `${line}\ndump 0\n${line}`;
}

/** A session that waits as long as the data take: the conninfo's keepalives hold it through firewalls. */
function fenceCommand(plan: LanePlan): string {
  const {psql} = plan.tools;
  const words = ['-XAtq', '--no-password', '-v', 'ON_ERROR_STOP=1', '-f', 'fence.sql', '-d', plan.replica];
  return shellCommand([psql.path, ...words]);
}
