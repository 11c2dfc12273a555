import type {Boundary} from '../../domain/boundary.ts';
import {fenceLine} from '../../domain/boundary.ts';
import {quoteRelation, type RelationName} from '../../domain/relation.ts';
import type {ServerVersion} from '../../domain/server-version.ts';
import {ledgerClosing, ledgerOpening, type LedgerEntry} from '../../pg/ledger.ts';
import {readFence} from '../../pg/replica.ts';
import {renderStatement} from '../../pg/statement.ts';
import type {Tools} from '../tools.ts';
import {shellCommand} from './shell-quote.ts';

/** What a lane needs to know to load one unit. The two conninfos carry no password. */
export interface LanePlan {
  readonly entry: LedgerEntry;
  readonly boundary: Boundary;
  readonly replicaVersion: ServerVersion;
  /** From dumpSelection(). */
  readonly selection: readonly string[];
  /** Tables that hold this run's rows of an older boundary: emptied in the same transaction. */
  readonly replaced: readonly RelationName[];
  readonly tools: Tools;
  readonly replica: string;
  readonly target: string;
}

/** The files of a lane's folder before it starts, by name. Pure. libexec/lane.sh reads them; `cmd` is for people. */
export function laneFiles(plan: LanePlan): Record<string, string> {
  const dump = dumpCommand(plan);
  const load = loadCommand(plan);
  return {
    cmd: `${dump} \\\n  | ${load}\n`,
    'dump.sh': `exec ${dump}\n`,
    'load.sh': `exec ${load}\n`,
    'fence.sh': `exec ${fenceCommand(plan)}\n`,
    'fence.expected': `${fenceLine(plan.boundary)}\n`,
    'opening.sql': ledgerOpening(plan.entry) + truncation(plan.replaced),
    'closing.sql': ledgerClosing(plan.entry),
  };
}

/** Data only: without that, pg_dump re-creates the indexes that were stripped. Unlogged tables are empty on a standby. */
function dumpCommand(plan: LanePlan): string {
  return shellCommand([
    plan.tools.pgDump.path,
    '--data-only',
    '--no-password',
    '--quote-all-identifiers',
    '--no-unlogged-table-data',
    '--no-comments',
    '--no-publications',
    '--no-subscriptions',
    '--no-security-labels',
    ...plan.selection,
    '-d',
    plan.replica,
  ]);
}

/** `-e` prints each statement before its row count, which tells the counts of the tables apart; verbose errors carry the SQLSTATE. */
function loadCommand(plan: LanePlan): string {
  return shellCommand([
    plan.tools.psql.path,
    '-X',
    '--no-password',
    '-e',
    '-v',
    'ON_ERROR_STOP=1',
    '-v',
    'VERBOSITY=verbose',
    '-d',
    plan.target,
  ]);
}

function fenceCommand(plan: LanePlan): string {
  const fence = renderStatement(readFence(plan.replicaVersion));
  return shellCommand([plan.tools.psql.path, '-XAtq', '--no-password', '-c', fence, '-d', plan.replica]);
}

function truncation(tables: readonly RelationName[]): string {
  return tables.length === 0 ? '' : `TRUNCATE ONLY ${tables.map((table) => quoteRelation(table)).join(', ONLY ')};\n`;
}
