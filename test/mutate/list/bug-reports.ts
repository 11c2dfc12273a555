import {mutationsOf, type Mutation} from '../mutation.ts';

const STRANGERS = ['test/pg/session/strangers.test.ts'];

const REDACT = ['test/config/redact.test.ts'];
const ROWS = ['test/domain/base/without-rows.test.ts'];
const LANE_LOG = ['test/engine/doctor/lane-log.test.ts'];
const PACK = ['test/engine/doctor/collect.test.ts'];
const ARCHIVE = ['test/cli/archive.test.ts'];
const TRACE = ['test/engine/trace/trace-file.test.ts'];

/** What leaves the machine with a trace or a pack: no secret and no row. */
export const BUG_REPORTS: readonly Mutation[] = [
  ...mutationsOf(
    'src/config/redact.ts',
    REDACT,
    [
      'passwords of this run go out',
      'known.reduce((kept, secret) => kept.replaceAll(secret, () => MASK), text)',
      'text',
    ],
    ['a password in a literal goes out', '    literal.slice(literal.indexOf("\'") + 1, -1),\n', ''],
    ['a password in a conninfo in a literal goes out', '    inConninfo.replaceAll("\'", "\'\'"),\n', ''],
    ['a password of a URI goes out', '    encodeURIComponent(password),\n', ''],
    ['hashes of roles go out', '  [/\\bmd5[0-9a-f]{32}\\b/g, MASK],\n', ''],
    ['SCRAM secrets go out', '  [/SCRAM-SHA-256\\$[^\\s\'"]+/g, MASK],\n', ''],
  ),
  ...mutationsOf(
    'src/domain/base/without-rows.ts',
    ROWS,
    [
      'nothing quotes rows',
      'return sqlstate === SYNTAX_ERROR || !QUOTES_NOTHING.test(sqlstate);',
      'return sqlstate === SYNTAX_ERROR;',
    ],
    ['a syntax error shows the row that was read', 'return sqlstate === SYNTAX_ERROR || !QUOTES', 'return !QUOTES'],
    [
      'words that quote a row stay',
      'if (state !== undefined && mayQuoteRows(state)) return',
      'if (state === null) return',
    ],
    ['keys stay', "  [/(Key \\([^=]*\\)=)\\(.*\\)/gs, '$1(…)'],\n", ''],
    ['failing rows stay', "  [/(Failing row contains )\\(.*\\)/gs, '$1(…)'],\n", ''],
    ['what COPY read stays', "  [/(COPY [^\\n]*, line \\d+)[^\\n]*/g, '$1'],\n", ''],
  ),
  ...mutationsOf(
    'src/engine/doctor/lane-log.ts',
    LANE_LOG,
    ['what follows a message stays', 'if (ASIDE.test(line)) return {keeps: null, quoting: true};', ''],
    [
      'a row of many lines stays from its second on',
      'if (quoting && !/^pg_dump: (?:error|warning)/.test(line)) return {keeps: null, quoting};',
      '',
    ],
    [
      'a line of no known shape stays',
      'return {keeps: WHOLE_ECHO.test(line) ? line : null, quoting: false};',
      'return {keeps: line, quoting: false};',
    ],
    ['a message that quotes a row stays', 'if (quoting || mayQuoteRows(state)) return', 'if (quoting) return'],
    [
      'a row that reads like a message stays',
      'if (quoting || mayQuoteRows(state)) return',
      'if (mayQuoteRows(state)) return',
    ],
  ),
  ...mutationsOf(
    'src/engine/doctor/journal-without-rows.ts',
    PACK,
    ['why an object differs stays', "    ...('differs' in value ? [why] : []),\n", ''],
    [
      'what a function raised stays',
      "    ...(typeof sqlstate === 'string' && mayQuoteRows(sqlstate) ? [message] : []),\n",
      '',
    ],
    ['the last line of a log stays', "key === 'lastLine' && typeof value", "key === 'last' && typeof value"],
  ),
  ...mutationsOf(
    'src/engine/doctor/journal-without-rows.ts',
    ARCHIVE,
    ['keys and values of rows that differ stay', "key === 'rowsThatDiffer' && isLine", "key === 'rows' && isLine"],
    ['changes that were skipped stay', "('commitLsn' in value && Array", "('commit' in value && Array"],
  ),
  ...mutationsOf(
    'src/cli/commands/inspect/archive.ts',
    ARCHIVE,
    ['the report is made of a journal with rows', 'jsonLinesWithoutRows(written.slice', '(written.slice'],
    ['secrets are archived', 'content: Buffer.from(redact(text))', 'content: Buffer.from(text)'],
    ['arguments of commands are archived', 'withoutArguments(config)', 'config'],
  ),
  ...mutationsOf(
    'src/engine/doctor/collect.ts',
    PACK,
    ['secrets are packed', 'content: Buffer.from(redact(text))', 'content: Buffer.from(text)'],
    [
      'the arguments of a command are packed',
      "`${command[0] ?? ''} (${command.length - 1} arguments left out)`",
      "command.join(' ')",
    ],
    [
      'the supervisor’s log is packed with rows',
      'readEnd(folder.log, MB), linesWithoutRows)',
      'readEnd(folder.log, MB), (text) => text)',
    ],
    ['lanes’ logs are packed with rows', 'read(name, file, laneLogWithoutRows)', 'read(name, file, (text) => text)'],
  ),
  ...mutationsOf(
    'src/engine/trace/trace-file.ts',
    TRACE,
    ['secrets are traced', "typeof value === 'string' ? redact(value) : value", 'value'],
    ['what was not asked for is traced', '    if (!wanted.includes(event.trace)) return;\n', ''],
    [
      'the trace fills the disk',
      'else if (bytes + Buffer.byteLength(line) > longestBytes) renameSync(path, previousTrace(path));',
      '',
    ],
    ['a full disk ends what is traced', '      lost += 1;\n', "      throw new Error('full');\n"],
    ['everybody reads the trace', '{mode: 0o600}', '{mode: 0o644}'],
  ),
  ...mutationsOf('src/engine/trace/trace-lanes.ts', TRACE, [
    'what a server quoted of a row is traced',
    "message: sqlstate !== null && mayQuoteRows(sqlstate) ? '' : withoutRows(message)",
    'message',
  ]),
  ...mutationsOf(
    'src/pg/session/traced.ts',
    ['test/pg/session/hostile.pg.test.ts'],
    [
      'values that a server quoted are traced',
      "message: sqlstate !== null && mayQuoteRows(sqlstate) ? '' : message",
      'message',
    ],
  ),
  ...mutationsOf(
    'src/engine/wire/server.ts',
    ['test/engine/wire/hostile.test.ts'],
    ['who was refused is obeyed', '        if (socket.writableEnded) return;\n', ''],
  ),
  ...mutationsOf(
    'src/pg/session/connect-client.ts',
    STRANGERS,
    [
      'who answers in another protocol is waited for',
      'if (!isFirstOfPostgres(answer, isAsked)) giveUp',
      'if (isOpen === null) giveUp',
    ],
    [
      'each TLS attempt has the whole time',
      '    deadline.msLeft(),\n  );',
      '    deadline.limitMs,\n  );',
      'who says nothing is not tried twice',
    ],
    ['a port that says nothing is tried again in another way', 'if (error instanceof LonghaulError || ', 'if ('],
    [
      'an attempt goes on that nobody waits for',
      "const stop = (): void => giveUp(new Error('it is not wanted any more'));",
      'const stop = (): void => undefined;',
    ],
    [
      'a connection that was given up stays open',
      '    cutClient(client);\n    throw why',
      '    throw why',
      'it was destroyed with its reason',
    ],
  ),
  ...mutationsOf(
    'src/engine/run/run-context.ts',
    ['test/engine/run/run-context.test.ts'],
    [
      'a session that is made while all are closed stays',
      '      closing.abort();\n      await Promise.allSettled(connecting);\n',
      '',
    ],
  ),
  ...mutationsOf(
    'src/engine/preflight/servers/reach-servers.ts',
    ['test/cli/unreachable.pg.test.ts'],
    ['the first server that is away hides the others', 'throw allOf(known);', 'throw allOf(away.slice(0, 1));'],
  ),
  ...mutationsOf(
    'src/engine/preflight/servers/check-replica.ts',
    ['test/engine/preflight/replica.test.ts'],
    [
      'a standby that does not stream is passed',
      'receiving !== false) return [];',
      'receiving !== undefined) return [];',
    ],
    [
      'a standby that follows from an archive is passed',
      'if (position.receiveLsn !== null && receiving',
      'if (receiving',
    ],
  ),
  ...mutationsOf(
    'src/engine/steps/boundary/pause-replay.ts',
    ['test/engine/preflight/preflight.pg.test.ts'],
    ['a standby that does not stream is paused', 'if (findings.length > 0) return {done: null, findings};', ''],
  ),
  ...mutationsOf(
    'src/pg/load/own-tables.ts',
    ['test/e2e/hand-off/own-tables.test.ts'],
    ['large objects are removed in one transaction', '    COMMIT;\n', ''],
    [
      'large objects are removed from a target that is of another P',
      '    EXIT WHEN NOT FOUND;\n    PERFORM pg_catalog.lo_unlink',
      '    PERFORM pg_catalog.lo_unlink',
    ],
  ),
  ...mutationsOf(
    'src/pg/rows/moved-partitions.ts',
    ['test/cases/stories/written-anew.pg.test.ts'],
    [
      'rows of a partition below a partition are well wherever they are',
      'JOIN pg_inherits i ON i.inhparent = b.relation)',
      'JOIN pg_inherits i ON i.inhparent = b.relation AND false)',
    ],
  ),
  ...mutationsOf(
    'src/pg/rows/plain-columns.ts',
    ['test/cases/stories/written-anew.pg.test.ts'],
    ['each column by itself has to fit a page', "' + ' ORDER BY a.attnum)", "' - ' ORDER BY a.attnum)"],
  ),
  ...mutationsOf(
    'src/pg/objects/implied-operators.ts',
    ['test/cases/stories/written-anew.pg.test.ts'],
    ['operators of PostgreSQL are told too', "m.nspname <> 'pg_catalog' AND", 'true AND'],
    [
      'joins of several columns are not seen',
      '(?:BOOLEXPR [^{}]*\\{)?OPEXPR :opno (\\d+)`,\n].join',
      'OPEXPR :opno (\\d+)`,\n].join',
    ],
  ),
  ...mutationsOf(
    'src/pg/rows/null-rows.ts',
    ['test/cases/stories/written-anew.pg.test.ts'],
    ['a domain that is NOT NULL is not asked', "t.typtype = 'd' AND t.typnotnull", "t.typtype = 'd' AND false"],
    ['where it is inherited, the child is to drop it', 'b.height DESC', 'b.height'],
    ['statistics are believed', 'WHERE ${isNull(column)})', 'WHERE true)'],
  ),
  ...mutationsOf(
    'src/pg/rows/refused-values.ts',
    ['test/cases/stories/written-anew.pg.test.ts'],
    ['a name that only one has is refused', ' AND "longhaul: other".oid <> "longhaul: one".oid)`', ')`'],
    ['NULL is refused', ': `${value} IS NOT NULL`', ": 'true'"],
  ),
  ...mutationsOf(
    'src/engine/preflight/database/read-rows.ts',
    ['test/cases/stories/written-anew.pg.test.ts'],
    ['a check is asked in the time zone of our own session', '    await replica.run(haveUsualValues());\n', ''],
  ),
];
