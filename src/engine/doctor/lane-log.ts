import {LEFT_OUT, mayQuoteRows, withoutRows} from '../../domain/base/without-rows.ts';

/** psql's and pg_dump's own lines: `psql:<stdin>:31: ERROR:  23505: …`, `pg_dump: error: …`. */
const TOOL = /^(?:psql|pg_dump|pg_restore)(?::| \[)/;
const STATE = /^psql:[^ ]+ (?:ERROR|FATAL|PANIC|WARNING|NOTICE|INFO|LOG|DEBUG): {2}([0-9A-Z]{5}): /;
/** What follows a message and may show a row, in as many lines as the row has. A verbose message ends with its LOCATION. */
const ASIDE = /^(?:pg_dump: )?(?:DETAIL|HINT|CONTEXT|QUERY|STATEMENT|detail): /;
const LOCATION = /^LOCATION: {2}\w+, [\w.]+:\d+$/;

const NAME = '"(?:[^"]|"")*"';
/** What psql echoes of a unit, and its counts. */
const ECHO = new RegExp(
  [
    `COPY ${NAME}\\.${NAME}(?: \\(${NAME}(?:, ${NAME})*\\))? +FROM stdin;`,
    '(?:COPY|INSERT 0|SELECT|UPDATE|DELETE) \\d+',
    '(?:BEGIN|COMMIT|ROLLBACK|SET|DO|TRUNCATE TABLE|ALTER TABLE);?',
    "SET [a-z_]+ = '?[\\w ]*'?;",
    `SELECT pg_catalog\\.(?:set_config|setval)\\([^()]*\\);`,
    `TRUNCATE ONLY ${NAME}\\.${NAME}(?:, ONLY ${NAME}\\.${NAME})*;`,
  ].join('|'),
);
const WHOLE_ECHO = new RegExp(`^(?:${ECHO.source})$`);

/**
 * What psql and pg_dump said of a lane, without rows: the statements and counts that we know, and messages whose SQLSTATE quotes no values. All
 * else is left out and counted, above all what follows a message: `CONTEXT:  COPY events, line 3, column note: "…"`, in however many lines. Pure.
 */
export function laneLogWithoutRows(text: string): string {
  const kept: string[] = [];
  let quoting = false;
  let dropped = 0;
  const flush = (): void => {
    if (dropped > 0) kept.push(`[${dropped} ${dropped === 1 ? 'line' : 'lines'} left out]`);
    dropped = 0;
  };
  for (const line of text.split('\n')) {
    const said = readLine(line, quoting);
    quoting = said.quoting;
    if (said.keeps === null) dropped += line === '' ? 0 : 1;
    else {
      flush();
      kept.push(said.keeps);
    }
  }
  flush();
  return `${kept.join('\n')}\n`;
}

interface LineRead {
  readonly keeps: string | null;
  /** Whether the next lines may be parts of a row. */
  readonly quoting: boolean;
}

function readLine(line: string, quoting: boolean): LineRead {
  if (LOCATION.test(line)) return {keeps: line, quoting: false};
  if (ASIDE.test(line)) return {keeps: null, quoting: true};
  const state = STATE.exec(line);
  if (state !== null) return readMessage(line, state[1] ?? '', quoting);
  if (quoting && !/^pg_dump: (?:error|warning)/.test(line)) return {keeps: null, quoting};
  if (TOOL.test(line)) return {keeps: withoutRows(line), quoting: false};
  return {keeps: WHOLE_ECHO.test(line) ? line : null, quoting: false};
}

function readMessage(line: string, state: string, quoting: boolean): LineRead {
  const head = line.slice(0, line.indexOf(state) + state.length);
  // After a row that has lines of its own, what reads like a message may still be one of them.
  if (quoting || mayQuoteRows(state)) return {keeps: `${quoting ? '' : `${head}: `}${LEFT_OUT}`, quoting: true};
  return {keeps: withoutRows(line), quoting: false};
}
