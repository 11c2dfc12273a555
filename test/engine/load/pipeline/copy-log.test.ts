import {describe, expect, test} from 'vitest';
import {copiedRows, parseCopyLog} from '../../../../src/engine/load/pipeline/copy-log.ts';

describe("psql's echo", () => {
  test('tells rows per table and the one in hand', () => {
    const log = parseCopyLog(
      'BEGIN;\nBEGIN\nCOPY "public"."a" ("id", "x") FROM stdin;\nCOPY 12\n\nCOPY "public"."no columns"  FROM stdin;\nCOPY 3\nCOPY "public"."b" ("id") FROM stdin;\n',
    );
    expect(log.copied).toEqual([
      {table: {schema: 'public', name: 'a'}, rows: 12},
      {table: {schema: 'public', name: 'no columns'}, rows: 3},
    ]);
    expect(log.current).toEqual({schema: 'public', name: 'b'});
    expect(copiedRows(log)).toBe(15);
  });

  test('a table whose name looks like a row count counts nothing', () => {
    const log = parseCopyLog('COPY "public"."x\nCOPY 999\n" ("a") FROM stdin;\nCOPY 5\n');
    expect(log.copied).toEqual([{table: {schema: 'public', name: 'x\nCOPY 999\n'}, rows: 5}]);
  });

  test("a warning of pg_dump's or a notice between a table and its count changes nothing", () => {
    const log = parseCopyLog(
      'COPY "public"."wo" ("id") FROM stdin;\npg_dump: warning: WITH OIDS is not supported anymore (table "wo")\nNOTICE:  COPY 5\nCOPY 1000\n',
    );
    expect(log.copied).toEqual([{table: {schema: 'public', name: 'wo'}, rows: 1000}]);
  });
});
