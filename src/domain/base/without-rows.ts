/**
 * SQLSTATEs under which a server's message quotes no values: connections, rights, names and definitions, locks, resources, the server itself, its
 * internal errors, and our own. All others may: `duplicate key`, `invalid input syntax for type integer: "…"`, what a function raises.
 * Source: https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const QUOTES_NOTHING = /^(?:08|0A|25|26|28|2B|34|3D|3F|40|42|53|54|55|57|58|F0|LH|XX)/;

/** A statement that the server could not read is quoted in part, and of a load that went wrong the rows may be what it read. */
const SYNTAX_ERROR = '42601';

/** Whether the server's words under this SQLSTATE may hold a value out of a row. Pure. */
export function mayQuoteRows(sqlstate: string): boolean {
  return sqlstate === SYNTAX_ERROR || !QUOTES_NOTHING.test(sqlstate);
}

/** What is put in the place of words that may quote a row. */
export const LEFT_OUT = '[left out: it may quote a row]';

const STATE = /(?:ERROR|FATAL|PANIC|WARNING|NOTICE|INFO|LOG): {2}([0-9A-Z]{5}): |\(SQLSTATE ([0-9A-Z]{5})\)/;

/** Where a message of the server's own shows values, whatever it is about. */
const VALUES: readonly (readonly [RegExp, string])[] = [
  // Key (email)=(u7@example.com) already exists.
  [/(Key \([^=]*\)=)\(.*\)/gs, '$1(…)'],
  [/(Failing row contains )\(.*\)/gs, '$1(…)'],
  // COPY events, line 3, column note: "it's me"
  [/(COPY [^\n]*, line \d+)[^\n]*/g, '$1'],
  [/((?:invalid|malformed|out of range|unrecognized|cannot cast)[^\n"]*)"[^\n]*"/g, '$1"…"'],
  [/(value )"[^\n]*"/g, '$1"…"'],
  [/(for encoding "[^"\n]*": )0x.*/g, '$1…'],
];

/**
 * A message without what it may quote of a row: left out whole, but for its SQLSTATE, where this says that it may; elsewhere the values that
 * servers write into their messages. `ERROR:  23505: duplicate key …` → `SQLSTATE 23505 [left out: it may quote a row]`. Pure.
 */
export function withoutRows(text: string): string {
  const match = STATE.exec(text);
  const state = match?.[1] ?? match?.[2];
  if (state !== undefined && mayQuoteRows(state)) return `SQLSTATE ${state} ${LEFT_OUT}`;
  return VALUES.reduce((kept, [pattern, instead]) => kept.replace(pattern, instead), text);
}
