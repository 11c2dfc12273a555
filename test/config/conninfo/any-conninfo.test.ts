import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {toLibpq} from '../../../src/config/conninfo/conninfo.ts';
import {ConninfoError, parseConninfo} from '../../../src/config/conninfo/parse-conninfo.ts';

const value = fc
  .oneof(
    fc.string({unit: 'binary'}),
    fc
      .array(fc.constantFrom("'", '\\', ' ', '=', '\n', 'a', '"', '@', '%', '/'), {maxLength: 8})
      .map((all) => all.join('')),
  )
  .map((text) => text.replaceAll('\0', ''));
const host = value.filter((text) => !text.includes(','));

/** What is read, or that it is none; anything else that is thrown is a bug. */
function readOrRefused(text: string): Readonly<Record<string, string>> | 'refused' {
  try {
    return parseConninfo(text);
  } catch (error) {
    if (error instanceof ConninfoError) return 'refused';
    throw error;
  }
}

/** What is thrown, in words; `went well` where nothing is. */
function wordsOf(work: () => unknown): string {
  try {
    work();
    return 'went well';
  } catch (error) {
    return String(error);
  }
}

// That libpq reads them so is test/pg/session/hostile.pg.test.ts.
describe('any conninfo', () => {
  test('that is written for a child tool is read back as it was', () => {
    fc.assert(
      fc.property(host, value, value, (where, user, dbname) => {
        const params = {host: where, port: '5432', user, dbname};
        const written = toLibpq({params, password: null}, {applicationName: 'longhaul/acme/run', encoding: 'UTF8'});
        expect(parseConninfo(written)).toMatchObject(params);
      }),
    );
  });

  test('that is a URI means what its parts mean', () => {
    const part = value.filter((text) => text !== '' && text.isWellFormed());
    fc.assert(
      fc.property(part, part, part, (user, password, dbname) => {
        const [u, p, d] = [user, password, dbname].map((text) => encodeURIComponent(text));
        expect(parseConninfo(`postgresql://${u}:${p}@db1:5433/${d}`)).toEqual({
          user,
          password,
          host: 'db1',
          port: '5433',
          dbname,
        });
      }),
    );
  });

  test('is read or refused in words that repeat no password', () => {
    fc.assert(
      fc.property(value, (text) => {
        readOrRefused(text);
        readOrRefused(`postgresql://${text}`);
        const secret = `hush${text}`.replaceAll(/['\\]/g, '');
        expect(wordsOf(() => parseConninfo(`password='${secret}' nonsense='x'`))).not.toContain(secret);
      }),
    );
  });
});
