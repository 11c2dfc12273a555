import {partOf} from '../../../domain/run/table-part.ts';
import {shellCommand} from '../../tools/shell-quote.ts';
import {copiedRows, parseCopyLog} from './copy-log.ts';
import {dumpSelection} from './dump-selection.ts';
import type {Carried, LaneSecrets, Pipeline} from './pipeline.ts';
import {parseDumpError, parsePsqlError} from './tool-errors.ts';

/** The written way: `pg_dump | psql`, data only. It carries every kind of unit, tables whole. */
export const PG_DUMP: Pipeline = {
  method: 'pg_dump',
  carries: ({id}) => partOf(id) === null,
  wantsColumns: false,
  freezes: false,
  ends: (carried) => {
    const dump = dumpCommand(carried);
    const load = loadCommand(carried);
    const objects = carried.unit.kind === 'large-objects';
    const filtered = objects ? `${dump} \\\n  | ${WITHOUT_COMMITS}` : dump;
    return {
      dump: objects ? filteredDump(dump) : `exec ${dump}\n`,
      load: `exec ${load}\n`,
      shown: `${filtered} \\\n  | ${load}\n`,
    };
  },
  environment: toolEnvironment,
  producer: {name: 'pg_dump', errorIn: parseDumpError},
  consumer: {name: 'psql', errorIn: parsePsqlError},
  readProgress: (log) => {
    const copies = parseCopyLog(log);
    return {rows: copiedRows(copies), current: copies.current};
  },
};

function toolEnvironment({replica, target}: LaneSecrets): Record<string, string> {
  return {
    LC_ALL: 'C.UTF-8',
    ...(replica === null ? {} : {LONGHAUL_REPLICA_PASSWORD: replica}),
    ...(target === null ? {} : {LONGHAUL_TARGET_PASSWORD: target}),
  };
}

/**
 * pg_dump writes the contents of large objects between its own BEGIN and COMMIT, which would commit the unit before its token. Nothing
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
function dumpCommand({unit, all, wanted, tools, replica}: Carried): string {
  return shellCommand([
    tools.pgDump.path,
    '--no-password',
    '--quote-all-identifiers',
    '--no-unlogged-table-data',
    '--no-comments',
    '--no-publications',
    '--no-subscriptions',
    '--no-security-labels',
    ...dumpSelection(unit, all, wanted),
    '-d',
    replica,
  ]);
}

/**
 * `-e` prints each statement before its row count, which tells the counts of the tables apart; verbose errors carry the SQLSTATE. The
 * statements of large objects hold their contents: of those nothing is printed, or the log would be twice as large as they are. `scripts` are read one after the
 * other in one session, `-` being the pipe; without them the pipe is all.
 */
export function loadCommand({unit, tools, target}: Carried, scripts: readonly string[] = []): string {
  return shellCommand([
    tools.psql.path,
    '-X',
    '--no-password',
    ...(unit.kind === 'large-objects' ? ['-q', '-o', '/dev/null'] : ['-e']),
    '-v',
    'ON_ERROR_STOP=1',
    '-v',
    'VERBOSITY=verbose',
    ...scripts.flatMap((script) => ['-f', script]),
    '-d',
    target,
  ]);
}
