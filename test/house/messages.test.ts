import {describe, expect, test} from 'vitest';
import {readsOfMessages} from './reads-text.ts';
import {readSources} from './sources.ts';

/** Files that look into a text which is no message: a format that somebody else defines, or an identifier. */
const FORMATS: Readonly<Record<string, string>> = {
  'src/cli/commands.ts': 'the words of the command line',
  'src/cli/run/quick-line.ts': 'two keys of longhaul.yaml, for tmux',
  'src/config/conninfo/parse-conninfo.ts': 'a conninfo, as libpq reads it',
  'src/config/conninfo/pgpass.ts': 'a .pgpass file',
  'src/config/conninfo/service-file.ts': 'a service file',
  'src/config/quantities.ts': 'a quantity with its unit: 30 min',
  'src/domain/pg/identifier.ts': 'an identifier with a NUL byte',
  'src/domain/pg/lsn.ts': 'the form of an LSN',
  'src/domain/pg/relation.ts': 'a qualified name',
  'src/engine/load/host/lane-folder.ts': 'what lane.sh wrote: numbers',
  'src/engine/load/host/proc.ts': '/proc/PID/stat',
  'src/engine/preflight/name-list.ts': 'a list of names in a setting',
  'src/engine/schema/copy/toc.ts': 'pg_restore --list, of which no other form exists: docs/decisions/0005',
  'src/engine/tools/find-tools.ts': 'what --version prints',
  'src/engine/tools/shell-quote.ts': 'a word for a shell',
  'src/lab/cluster/lab-server.ts': 'rows that psql prints',
  'src/lab/cluster/server-programs.ts': 'what --version prints',
  'src/pg/session/as-here.ts': 'a definition as PostgreSQL prints it',
  'src/ui/actions/log.ts': 'where a line of a log ends',
  'src/ui/panes/log-rows.ts': 'what the operator looks for in a log',
  'src/ui/screen/screen-text.ts': 'which characters a text has',
  'src/ui/screen/to-ascii.ts': 'which characters a text has',
  'src/ui/screen/width.ts': 'which characters a text has',
};

/** Files that look into what somebody else says, because it comes without a code. */
const WORDS_OF_OTHERS: Readonly<Record<string, string>> = {
  'src/engine/load/pipeline/tool-errors.ts':
    'pg_dump and psql say in words, and only there, which end failed and with which SQLSTATE',
  'src/engine/tools/run-tool.ts': 'which lines of a tool are shown; nothing is decided by them',
  'src/pg/session/unreachable.ts':
    'node-postgres throws it without a code where a password is asked for and none was found',
  'src/config/load.ts': 'our own problems, put in the order of their lines to be shown',
  'src/probes/judge/disk-alarms.ts': 'one of three literals of the type Forecast, which the compiler knows',
};

describe('no decision is made by what a message says', () => {
  test('but where what is read is no message, or comes without a code', () => {
    const allowed = {...FORMATS, ...WORDS_OF_OTHERS};
    const found = readSources().flatMap(({path, text}) =>
      readsOfMessages(text).map(({line, code}) => ({path, place: `${path}:${line} ${code}`})),
    );
    expect(
      found.filter(({path}) => !Object.hasOwn(allowed, path)).map(({place}) => place),
      'give the event, the failure or the reading a code, and decide by that',
    ).toEqual([]);
    // Nothing is allowed that nobody does any more.
    const doing = new Set(found.map(({path}) => path));
    expect(Object.keys(allowed).filter((path) => !doing.has(path))).toEqual([]);
  });

  test.each([
    "if (entry.reason.startsWith('reached')) stop();",
    "const gone = error.message.includes('does not exist');",
    'const gone = /does not exist/.test(error.message);',
    'const [, name] = NAME.exec(failure.message) ?? [];',
    "if (last.failure.message === 'a step failed') stop();",
    "if (refused.some((one) => one.includes('permission denied for'))) stop();",
    'const code = said.match(/exit (\\d)/);',
    'if (words.some((remedy) => remedy.endsWith(`longhaul run`))) stop();',
  ])('and it is noticed where one is: %s', (planted) => {
    const source = `// before\nexport function planted(): void {\n  ${planted}\n}\n`;
    expect(readsOfMessages(source)).toMatchObject([{line: 3}]);
  });

  test.each([
    "if (sqlStateOf(error) === '42501') stop();",
    "if (names.includes('pglogical')) stop();",
    "if (error.code === 'ENOENT') stop();",
    "if (message === '') stop();",
    "if (command.type === 'pause-unit') stop();",
  ])('a code is none: %s', (planted) => {
    expect(readsOfMessages(`export function planted(): void {\n  ${planted}\n}\n`)).toEqual([]);
  });
});
