import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {mayQuoteRows, withoutRows} from '../../../src/domain/base/without-rows.ts';

const PLANTED = 'Bob-4711';

describe('what a server says, without what it quotes of a row', () => {
  test.each([
    `Key (email)=(${PLANTED}) is duplicated`,
    `Key (a, b)=(1, ${PLANTED} (2)) already exists.`,
    `Failing row contains (1, ${PLANTED}, null).`,
    `COPY events, line 3, column note: "${PLANTED}"`,
    `COPY events, line 3: "1\t${PLANTED}"`,
    `ERROR:  22P02: invalid input syntax for type integer: "${PLANTED}"`,
    `invalid input syntax for type integer: "${PLANTED}"`,
    `date/time field value out of range: "${PLANTED}"`,
    `malformed array literal: "${PLANTED}"`,
    `value "${PLANTED}" is out of range for type integer`,
    `target: customer ${PLANTED} has no account (SQLSTATE P0001), in: ALTER TABLE public.a VALIDATE CONSTRAINT b`,
    `psql:<stdin>:31: NOTICE:  00000: saw ${PLANTED}`,
    `psql:<stdin>:31: ERROR:  42601: syntax error at or near "${PLANTED}"`,
  ])('%s', (message) => {
    expect(withoutRows(message)).not.toContain(PLANTED);
  });

  test.each([
    'source: relation "public.events" does not exist (SQLSTATE 42P01), in: SELECT 1',
    'permission denied for table "users" (SQLSTATE 42501)',
    'psql:<stdin>:31: ERROR:  53100: could not extend file "base/16384/2619": No space left on device',
    'P is proved: 16/B374D848 >= "16/B374D000"',
  ])('%s says all of it: it quotes nothing', (message) => {
    expect(withoutRows(message)).toBe(message);
  });

  test('keeps the SQLSTATE of what it leaves out', () => {
    expect(withoutRows('ERROR:  23505: duplicate key value violates unique constraint "users_email"')).toContain(
      '23505',
    );
    expect(['23505', '22P02', 'P0001', '00000', '42601'].every((state) => mayQuoteRows(state))).toBe(true);
    expect(['42P01', '53100', '57P01', 'LH002', 'XX001'].some((state) => mayQuoteRows(state))).toBe(false);
  });

  test('of a key or a failing row nothing stays, whatever is in it', () => {
    const value = fc.string({unit: 'binary', minLength: 1}).map((text) => `<${text}>`);
    fc.assert(
      fc.property(value, (row) => {
        expect(withoutRows(`Key (email)=(${row}) already exists.`)).not.toContain(row);
        expect(withoutRows(`Failing row contains (${row}).`)).not.toContain(row);
        expect(withoutRows(`ERROR:  23514: ${row}`)).not.toContain(row);
      }),
    );
  });
});
