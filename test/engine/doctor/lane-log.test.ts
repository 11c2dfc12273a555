import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {laneLogWithoutRows} from '../../../src/engine/doctor/lane-log.ts';

const BEFORE = 'SET statement_timeout = 0;\nCOPY "public"."users" ("id", "email") FROM stdin;\n';
const LOCATION = 'LOCATION:  _bt_check_unique, nbtinsert.c:664\n';
const AFTER = 'psql:<stdin>:44: ERROR:  53100: could not extend file "base/1/2"\n';

describe('a lane’s log without rows', () => {
  test('has the statements and counts, and the messages that quote nothing', () => {
    const text = `${BEFORE}COPY 12\npg_dump: error: connection to server was lost\n${AFTER}${LOCATION}`;
    expect(laneLogWithoutRows(text).trim()).toBe(text.trim());
  });

  test('says of what is left out how much it was, and under which SQLSTATE', () => {
    const text = `${BEFORE}psql:<stdin>:31: ERROR:  23505: duplicate key value violates unique constraint "users_email"
DETAIL:  Key (email)=(bob@x) already exists.
CONTEXT:  COPY users, line 3
${LOCATION}${AFTER}`;
    expect(laneLogWithoutRows(text)).toBe(`${BEFORE}psql:<stdin>:31: ERROR:  23505: [left out: it may quote a row]
[2 lines left out]
${LOCATION}${AFTER}`);
  });

  const row = fc
    .array(
      fc.oneof(
        fc.string({unit: 'binary'}),
        // Rows that read like what the tools say.
        fc.constantFrom(
          'COPY 5',
          'SET x = 1;',
          'psql:<stdin>:9: ERROR:  42P01: no such',
          'psql: error: lost',
          'CONTEXT:  COPY a, line 1',
        ),
      ),
      {minLength: 1, maxLength: 6},
    )
    .map((lines) => lines.map((line) => `${line} Bob-4711`).join('\n'));

  test.each([
    [
      'its context',
      (text: string) =>
        `psql:<stdin>:31: ERROR:  22P02: bad\nCONTEXT:  COPY users, line 3, column note: "${text}"\n${LOCATION}`,
    ],
    [
      'its detail',
      (text: string) => `psql:<stdin>:31: ERROR:  23514: bad\nDETAIL:  Failing row contains (1, ${text}).\n${LOCATION}`,
    ],
    [
      'the message itself',
      (text: string) => `psql:<stdin>:31: ERROR:  22P02: invalid input syntax for type integer: "${text}"\n${LOCATION}`,
    ],
    [
      'a notice of a function',
      (text: string) => `psql:<stdin>:31: NOTICE:  00000: saw ${text}\nCONTEXT:  PL/pgSQL function f()\n${LOCATION}`,
    ],
    [
      'the detail of pg_dump',
      (text: string) => `pg_dump: error: query failed: ERROR:  x\npg_dump: detail: Query was: ${text}\n`,
    ],
  ])('a row of any lines in %s is left out whole', (_, message) => {
    fc.assert(
      fc.property(row, (text) => {
        expect(laneLogWithoutRows(`${BEFORE}${message(text)}`)).not.toContain('4711');
      }),
      {numRuns: 300},
    );
  });

  test('a line that is none of those we know is left out', () => {
    expect(laneLogWithoutRows('1\tbob\tBob-4711\n')).toBe('[1 line left out]\n');
  });
});
