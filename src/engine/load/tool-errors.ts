/** An error of psql under VERBOSITY=verbose: `psql:<stdin>:31: ERROR:  23505: duplicate key …`. */
export interface ToolError {
  /** Null where the tool lost its connection or never had one. */
  readonly sqlstate: string | null;
  /** The server's or the tool's words, with DETAIL and CONTEXT left out. */
  readonly message: string;
  /** What the CONTEXT line names: `COPY events, line 3`; null without one. */
  readonly context: string | null;
}

const SERVER_ERROR = /(?:ERROR|FATAL|PANIC): {2}([0-9A-Z]{5}): (.*)/;
const CONTEXT = /^CONTEXT: {2}(COPY .*?, line \d+)/m;

/** The first error in psql's standard error; null when it said none. The children run under LC_ALL=C.UTF-8, so the words are these. */
export function parsePsqlError(text: string): ToolError | null {
  const server = SERVER_ERROR.exec(text);
  if (server !== null) {
    return {sqlstate: server[1] ?? null, message: server[2] ?? '', context: CONTEXT.exec(text)?.[1] ?? null};
  }
  const own = text.split('\n').find((line) => /^psql:.*(error|could not|failed|lost|closed)/i.test(line));
  return own === undefined
    ? null
    : {sqlstate: null, message: own.replace(/^psql:(?:<stdin>:\d+:)? ?(?:error: )?/, ''), context: null};
}

/** What pg_dump says when it dies: it never tells the SQLSTATE, but whether the server ended the session (FATAL) or refused a query (ERROR). */
export interface DumpError {
  readonly message: string;
  /** The reader of the pipe was gone: the failure is psql's. */
  readonly brokenPipe: boolean;
  /** The server refused a query: the same will happen again. */
  readonly refused: boolean;
}

/** The error in pg_dump's standard error; null when it said none. */
export function parseDumpError(text: string): DumpError | null {
  const lines = text.split('\n').filter((line) => /^pg_dump: (?:error|fatal|detail)|^pg_dump: \[.*\]/.test(line));
  const first = lines[0];
  if (first === undefined) return null;
  const said = lines.find((line) => /(ERROR|FATAL): /.test(line)) ?? first;
  return {
    message: said.replace(/^pg_dump: (?:error: )?(?:detail: )?/, ''),
    brokenPipe: /Broken pipe|could not write/.test(text),
    refused: /ERROR: /.test(text),
  };
}
