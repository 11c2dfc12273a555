import {describe, expect, test} from 'vitest';
import {readsOfMessages} from './reads-text.ts';
import {readSources} from './sources.ts';

/** Files that look into what somebody says, and why they must. */
const ALLOWED: Readonly<Record<string, string>> = {
  'src/report/measured/disk-forecast.ts': 'a reading has no other word for a disk that does not grow',
  'src/cli/run/hide-rows.ts': 'what of a log may be shown: values in messages may be rows',
  'src/config/load.ts': 'our own problems, put in the order of their lines to be shown',
  'src/config/read-text.ts': 'where a colon is written',
  'src/domain/run/back/mirror.ts':
    'whether words that are shown are turned round, or are a server’s own; nothing is decided by it',
  'src/domain/base/without-rows.ts': 'what of a message may be shown: values in messages may be rows',
  'src/engine/doctor/lane-log.ts': 'which lines of a log go into a bug report',
  'src/engine/load/pipeline/tool-errors.ts':
    'pg_dump and psql say in words, and only there, which end failed and with which SQLSTATE',
  'src/engine/schema/copy/refusals.ts':
    'psql prints the SQLSTATE and the line of an error, and gives them nowhere else',
  'src/engine/tools/run-tool.ts': 'which lines of a tool are shown; nothing is decided by them',
  'src/lab/cluster/lab-server.ts': 'rows that psql prints',
  'src/pg/session/as-here.ts': 'a definition as PostgreSQL prints it, which is no message',
  'src/pg/session/server-error.ts':
    'node-postgres has no code for a connection that has ended; it is said in other words, and nothing is decided by it',
  'src/pg/session/unreachable.ts':
    'node-postgres throws it without a code where a password is asked for and none was found',
  'src/probes/watched/work.ts':
    'the table in our own query’s line of an index build; shown, and nothing is decided by it',
  'src/probes/judge/filling/disk-alarms.ts': 'one of three literals of the type Forecast, which the compiler knows',
};

describe('no decision is made by what a message says', () => {
  test('but where what is read is no message, or comes without a code', () => {
    const found = readSources().flatMap(({path, text}) =>
      readsOfMessages(text).map(({line, code}) => ({path, place: `${path}:${line} ${code}`})),
    );
    expect(
      found.filter(({path}) => !Object.hasOwn(ALLOWED, path)).map(({place}) => place),
      'give the event, the failure or the reading a code, and decide by that',
    ).toEqual([]);
    // Nothing is allowed that nobody does any more.
    const doing = new Set(found.map(({path}) => path));
    expect(Object.keys(ALLOWED).filter((path) => !doing.has(path))).toEqual([]);
  });

  test.each([
    "if (entry.reason.startsWith('reached')) stop();",
    "const gone = error.message.includes('does not exist');",
    'const gone = /does not exist/.test(error.message);',
    'const [, name] = NAME.exec(failure.message) ?? [];',
    "if (last.failure.message === 'a step failed') stop();",
    "if (refused.some((one) => one.includes('permission denied for'))) stop();",
    'const code = said.match(/exit (\\d)/);',
    'const AWAY = /connection .* lost/; if (AWAY.test(line)) stop();',
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
    'if (/^lsn: (\\d+)$/.test(line)) stop();',
    "if (command.type === 'pause-unit') stop();",
  ])('a code is none: %s', (planted) => {
    expect(readsOfMessages(`export function planted(): void {\n  ${planted}\n}\n`)).toEqual([]);
  });
});
