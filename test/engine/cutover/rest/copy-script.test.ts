import {describe, expect, test} from 'vitest';
import {copyAgainScript, tryCopyScript} from '../../../../src/pg/cutover/rest-tables.ts';

const TABLE = {schema: 'public', name: 'log', columns: ['id', 'words'], sequences: []};
const HOW = {pid: 4711, applicationName: 'longhaul/acme/copy-rest-0', asReplica: true, limitMs: 60_000, lockMs: 3000};
const ALWAYS = {schema: 'public', name: 'log', trigger: 'counting', fires: 'ALWAYS'} as const;
/** What the target is to run, in the order in which it is written. */
const order = (script: string, words: readonly string[]): number[] => words.map((word) => script.indexOf(word));
const isInOrder = (places: readonly number[]): boolean =>
  places.every((place, at) => place >= 0 && (at === 0 || place > (places[at - 1] ?? -1)));

describe('what psql writes to copy a table again', () => {
  test('locks the table, sees that the supervisor is there, keeps triggers from firing, and only then removes', () => {
    const script = copyAgainScript(150_000, [{table: TABLE, remove: 'truncate', take: null, firing: [ALWAYS]}], HOW);
    const steps = [
      'READ ONLY;\nSET LOCAL statement_timeout = 60000; SET LOCAL lock_timeout = 3000;',
      'BEGIN READ WRITE',
      'session_replication_role = replica',
      'LOCK TABLE ONLY "public"."log" IN ACCESS EXCLUSIVE MODE',
      'a.pid = 4711',
      'DISABLE TRIGGER "counting"',
      'TRUNCATE ONLY "public"."log"',
      'FROM stdin WITH (FREEZE)',
      'COPY "public"."log" ("id", "words") TO STDOUT',
      'ENABLE ALWAYS TRIGGER "counting"',
      "SELECT 'COMMIT;'",
    ];
    expect(isInOrder(order(script, steps)), script).toBe(true);
  });

  test("takes every row of an extension's configuration table, which is emptied of every row", () => {
    const table = {...TABLE, condition: 'WHERE NOT built_in'};
    const script = copyAgainScript(150_000, [{table, remove: 'truncate', take: null, firing: []}], HOW);
    expect(script).not.toContain('built_in');
  });

  test('deletes where TRUNCATE would meet a foreign key, and of a difference only these rows', () => {
    const one = {table: TABLE, take: null, firing: []};
    const whole = copyAgainScript(150_000, [{...one, remove: 'delete'}], HOW);
    expect(whole).toContain('IN SHARE ROW EXCLUSIVE MODE');
    expect(whole).toContain('DELETE FROM ONLY "public"."log";');
    expect(whole).not.toContain('FREEZE');
    const some = copyAgainScript(150_000, [{...one, remove: ['(0,1)'], take: ['(7,2)', '(7,3)']}], HOW);
    expect(some).toContain(`WHERE ctid = ANY (''{"(0,1)"}''::tid[])`);
    expect(some).toContain(
      `COPY (SELECT "id", "words" FROM ONLY "public"."log" WHERE ctid = ANY ('{"(7,2)","(7,3)"}'::tid[])) TO STDOUT`,
    );
  });
});

describe('what psql writes to try how quickly rows are copied', () => {
  test('is taken by a table with the indexes of the target, and rolled back', () => {
    const script = tryCopyScript(150_000, {table: TABLE, rows: 700, isUnlogged: true}, {limitMs: 5000, lockMs: 3000});
    const steps = [
      'READ ONLY;\nSET LOCAL statement_timeout = 5000; SET LOCAL lock_timeout = 3000;',
      "SELECT 'BEGIN READ WRITE;'",
      'CREATE UNLOGGED TABLE longhaul.tried_copy (LIKE "public"."log" INCLUDING INDEXES)',
      'COPY longhaul.tried_copy ("id", "words") FROM stdin',
      'COPY (SELECT "id", "words" FROM ONLY "public"."log" LIMIT 700) TO STDOUT',
      "SELECT 'ROLLBACK;'",
    ];
    expect(isInOrder(order(script, steps)), script).toBe(true);
    expect(script).not.toContain("SELECT 'COMMIT;'");
    expect(tryCopyScript(150_000, null, {limitMs: 1, lockMs: 1})).not.toContain('tried_copy');
  });
});
