import type {Boundary} from '../../../domain/pg/boundary.ts';
import {fenceLine} from '../../../domain/pg/boundary.ts';
import type {LoadUnit} from '../../../domain/run/load-unit.ts';
import {quoteRelation, type RelationName} from '../../../domain/pg/relation.ts';
import type {ServerVersion} from '../../../domain/pg/server-version.ts';
import {
  ledgerClosing,
  ledgerOpening,
  mustBeEmpty,
  mustHaveNoObjects,
  type LedgerEntry,
} from '../../../pg/load/ledger.ts';
import {fenceScript} from '../../../pg/replication/replica.ts';
import type {Tools} from '../../tools/tools.ts';
import type {ObjectFrame} from '../object-rights.ts';
import {shellCommand} from '../../tools/shell-quote.ts';

/** What a lane needs to know to load one unit. The two conninfos carry no password. */
export interface LanePlan {
  readonly kind: LoadUnit['kind'];
  readonly entry: LedgerEntry;
  readonly boundary: Boundary;
  readonly replicaVersion: ServerVersion;
  readonly targetVersion: ServerVersion;
  /** From dumpSelection(). */
  readonly selection: readonly string[];
  /** SQL around the contents of large objects; empty for tables. */
  readonly frame: ObjectFrame;
  /** Whether the target holds this run's data of an older boundary: it goes in the same transaction. */
  readonly replaces: boolean;
  /** The tables that hold such rows. */
  readonly replaced: readonly RelationName[];
  readonly tools: Tools;
  readonly replica: string;
  readonly target: string;
}

/** The files of a lane's folder before it starts, by name. Pure. libexec/lane.sh reads them; `cmd` is for people. */
export function laneFiles(plan: LanePlan): Record<string, string> {
  const dump = dumpCommand(plan);
  const load = loadCommand(plan);
  const filtered = plan.kind === 'large-objects' ? `${dump} \\\n  | ${WITHOUT_COMMITS}` : dump;
  return {
    cmd: `${filtered} \\\n  | ${load}\n`,
    'dump.sh': plan.kind === 'large-objects' ? filteredDump(dump) : `exec ${dump}\n`,
    'load.sh': `exec ${load}\n`,
    'fence.sh': `exec ${fenceCommand(plan)}\n`,
    'fence.sql': fenceScript(plan.replicaVersion, fenceLine(plan.boundary), DATA),
    'fence.expected': `${expectedOfFence(plan.boundary)}\n`,
    'opening.sql':
      ledgerOpening(plan.targetVersion, plan.entry) +
      (plan.replaces ? emptying(plan) : '') +
      plan.frame.before +
      (plan.kind === 'large-objects' ? mustHaveNoObjects() : mustBeEmpty(plan.entry.tables)),
    'closing.sql': plan.frame.after + ledgerClosing(plan.entry),
  };
}

/**
 * What the fence's psql runs between its two looks at the replica. Descriptor 7 is the pipe to the target (lane.sh); what this prints
 * itself stands between the two lines of the fence, so that one text says all that must be so.
 */
const DATA = `sh ./dump.sh >&7 2>> dump.log; dump=$?; printf '%s' "$dump" 1<> dump.exit; echo "dump $dump"`;

/** What fence.sh prints where the unit may commit: the replica at P before the data, a dump that ended well, the replica at P after it. */
export function expectedOfFence(boundary: Boundary): string {
  const line = fenceLine(boundary);
  return `${line}\ndump 0\n${line}`;
}

/**
 * pg_dump writes the contents of large objects between a BEGIN and a COMMIT of its own, which would commit the unit before its token. Nothing
 * in such a dump comes from the database but numbers and contents, and these are hexadecimal: owners, grants and comments are left out.
 */
const WITHOUT_COMMITS = shellCommand(['sed', '-e', '/^BEGIN;$/d', '-e', '/^COMMIT;$/d']);

/** The dump's own exit status is what counts; a sed that dies leaves pg_dump with a broken pipe. */
function filteredDump(dump: string): string {
  return [
    `{ ${dump}; echo $? > dump.status; } | ${WITHOUT_COMMITS} || exit 1`,
    `read -r status < dump.status && exit "$status"`,
    'exit 1',
    '',
  ].join('\n');
}

/** Unlogged tables are empty on a standby. */
function dumpCommand(plan: LanePlan): string {
  return shellCommand([
    plan.tools.pgDump.path,
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

/**
 * `-e` prints each statement before its row count, which tells the counts of the tables apart; verbose errors carry the SQLSTATE. The
 * statements of large objects hold their contents: of those nothing is printed, or the log would be twice as large as they are.
 */
function loadCommand(plan: LanePlan): string {
  return shellCommand([
    plan.tools.psql.path,
    '-X',
    '--no-password',
    ...(plan.kind === 'large-objects' ? ['-q', '-o', '/dev/null'] : ['-e']),
    '-v',
    'ON_ERROR_STOP=1',
    '-v',
    'VERBOSITY=verbose',
    '-d',
    plan.target,
  ]);
}

/** A session that waits as long as the data take: the conninfo's keepalives hold it through firewalls. */
function fenceCommand(plan: LanePlan): string {
  const {psql} = plan.tools;
  const words = ['-XAtq', '--no-password', '-v', 'ON_ERROR_STOP=1', '-f', 'fence.sql', '-d', plan.replica];
  return shellCommand([psql.path, ...words]);
}

function emptying({kind, replaced: tables}: LanePlan): string {
  if (kind === 'large-objects')
    return 'SELECT count(pg_catalog.lo_unlink(oid)) FROM pg_catalog.pg_largeobject_metadata;\n';
  return tables.length === 0 ? '' : `TRUNCATE ONLY ${tables.map((table) => quoteRelation(table)).join(', ONLY ')};\n`;
}
