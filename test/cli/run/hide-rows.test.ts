import {describe, expect, test} from 'vitest';
import {rowHider} from '../../../src/cli/run/hide-rows.ts';

function shown(text: string): string[] {
  const hide = rowHider();
  return text.split('\n').flatMap((line) => hide(line) ?? []);
}

describe('the log of a lane without rows', () => {
  test.each([
    [`ERROR:  23505: duplicate key\nDETAIL:  Key (email)=(secret) already exists.`],
    [`ERROR:  22P02: invalid input syntax for type integer: "secret"`],
    [`psql:<stdin>:31: ERROR:  22P02: invalid input syntax for type integer: "sec"ret"`],
    [`ERROR:  22021: invalid byte sequence for encoding "UTF8": 0xe9 0x73 secret`],
    [`ERROR:  22003: value "secret" is out of range for type integer`],
    [`ERROR:  P0001: no such customer: secret\nsecret too`],
    [`ERROR:  42601: syntax error at or near "secret"`],
    [
      `ERROR:  23505: duplicate key value violates unique constraint "k"\nDETAIL:  Key (email)=(secret\nsecret) already exists.`,
    ],
    [
      `ERROR:  23502: null value in column "a" violates not-null constraint\nDETAIL:  Failing row contains (1, secret, null).`,
    ],
    [
      `ERROR:  23514: new row violates check\nDETAIL:  Failing row contains (1,\nsecret\n).\nCONTEXT:  COPY t, line 1: "1	secret"`,
    ],
    [`CONTEXT:  COPY events, line 3, column note: "it's secret\nand secret"`],
    [`CONTEXT:  COPY events, line 3: "7	secret"`],
    [`CONTEXT:  SQL statement "SELECT 'secret'"\nPL/pgSQL function f() line 3 at RAISE`],
    [`QUERY:  SELECT 'secret'`],
    [`LINE 1: INSERT INTO t VALUES ('secret')\n                              ^ secret`],
    [
      `ERROR:  22P02: invalid input syntax for type json\nDETAIL:  Token "secret" is invalid.\nCONTEXT:  JSON data, line 1: secret\nCOPY t, line 1, column j: "secret"`,
    ],
    [`NOTICE:  P0001: secret`],
  ])('hides %j', (text) => {
    expect(shown(text).join('\n')).not.toContain('secret');
    expect(shown(text).join('\n')).toContain('--rows shows it');
  });

  test.each([
    ['COPY "public"."events" ("id", "note") FROM stdin;\nCOPY 12'],
    ['INSERT INTO longhaul.load_unit VALUES ($1)'],
    ['ERROR:  22001: value too long for type character varying(80)'],
    ['ERROR:  23505: duplicate key value violates unique constraint "users_email_key"'],
    ['ERROR:  57014: canceling statement due to statement timeout'],
    ['ERROR:  53100: could not extend file "base/1/2": No space left on device\nHINT:  Check free disk space.'],
    ['ERROR:  42P01: relation "public.gone" does not exist\nDETAIL:  x\nLOCATION:  f, g.c:12'],
    ['pg_dump: error: query failed: ERROR:  canceling statement due to conflict with recovery'],
    ['psql: error: connection to server at "h" failed: Connection refused'],
  ])('leaves %j', (text) => {
    expect(shown(text).join('\n')).toBe(text);
  });

  test('where it was stays: table, line and column, and what follows the message', () => {
    expect(
      shown(
        'ERROR:  22P02: invalid input syntax for type integer: "x"\nCONTEXT:  COPY t, line 3, column n: "x"\nLOCATION:  f, g.c:1\nROLLBACK',
      ),
    ).toEqual([
      'ERROR:  22P02: invalid input syntax for type integer: "…" [may quote a row: --rows shows it]',
      'CONTEXT:  COPY t, line 3, column n: [may quote a row: --rows shows it]',
      'LOCATION:  f, g.c:1',
      'ROLLBACK',
    ]);
  });
});
