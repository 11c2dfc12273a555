import {describe, expect, test} from 'vitest';
import type {LoadUnit} from '../../../src/domain/run/load-unit.ts';
import {parseLsn} from '../../../src/domain/pg/lsn.ts';
import {dumpSelection} from '../../../src/engine/load/pipeline/dump-selection.ts';
import {takingFailure, takingScript} from '../../../src/engine/load/take-table.ts';
import {chooseMethod} from '../../../src/engine/load/pipeline/choose-method.ts';
import {pipelineNamed} from '../../../src/engine/load/pipeline/pipelines.ts';
import {laneFiles, type LanePlan} from '../../../src/engine/load/pipeline/lane-files.ts';
import {rowOf, tablesInTwice} from '../../../src/engine/load/read-ledger.ts';
import {shellCommand, shellQuote} from '../../../src/engine/tools/shell-quote.ts';
import type {LedgerRow} from '../../../src/pg/load/ledger.ts';
import {inOrder, lanePlan, P, unit} from './lane-plan.ts';
import {ALL_TABLES, relation} from '../plan/inventory.ts';

const OLD = parseLsn('0/400');
const row = (name: string, boundary: string, ...tables: string[]): LedgerRow => ({
  unit: name,
  boundary,
  attempt: 1,
  tables,
  startedAt: '',
  committedAt: '',
});

const plan = (change: Partial<LanePlan> = {}): LanePlan => lanePlan('pg_dump', change);

const opening = (change?: Partial<LanePlan>): string => laneFiles(plan(change))['opening.sql'] ?? '';

describe('what the ledger says is in', () => {
  const ledger = [row('a', OLD, '"public"."a"'), row('b', P, '"public"."b"')];

  test('counts at its P alone', () => {
    expect(rowOf(ledger, 'b', P)).toMatchObject({unit: 'b'});
    expect(rowOf(ledger, 'a', P)).toBeNull();
    expect(rowOf(ledger, 'a', OLD)).toMatchObject({boundary: OLD});
  });

  test('by another unit at this P would be doubled by a new one', () => {
    const units = [unit('b', 'public.b'), unit('c', 'public.b', 'public.a')];
    expect(tablesInTwice(ledger, units, P)).toEqual([relation('public.b')]);
    expect(tablesInTwice(ledger, [unit('b', 'public.b'), unit('c', 'public.a')], P)).toEqual([]);
  });
});

const methodOf = (one: LoadUnit, method: 'pg_dump' | 'copy' | 'binary' | 'auto', why: string | null = null): string =>
  chooseMethod(one, {method}, why).pipeline.method;

describe('a table that is loaded in parts', () => {
  const first = unit('01-b.pages-0-10', 'public.b');
  const second = unit('01-b.pages-10-on', 'public.b');
  const ledger = [row(first.id, P, '"public"."b"')];

  test('is doubled by a part that has pages of one that is in, and by the whole table', () => {
    expect(tablesInTwice(ledger, [first, second], P)).toEqual([]);
    for (const other of [
      unit('01-b.pages-9-on', 'public.b'),
      unit('01-b.pages-0-9', 'public.b'),
      unit('01-b', 'public.b'),
    ])
      expect(tablesInTwice(ledger, [other], P)).toEqual([relation('public.b')]);
    expect(tablesInTwice([row('01-b', P, '"public"."b"')], [second], P)).toEqual([relation('public.b')]);
  });

  test('travels by copy whatever longhaul.yaml says: pg_dump would bring the whole table with each part', () => {
    const whole = unit('01-b', 'public.b');
    expect(methodOf(first, 'pg_dump')).toBe('copy');
    expect(methodOf(whole, 'pg_dump')).toBe('pg_dump');
    expect(methodOf(whole, 'copy')).toBe('copy');
    expect(methodOf(unit('rest', 'public.b'), 'copy')).toBe('pg_dump');
    expect(methodOf(unit('rest'), 'copy')).toBe('copy');
  });

  test('is neither emptied nor found empty by a part: the run must have taken it at this P', () => {
    const text = opening({unit: first, entry: {...plan().entry, unit: first.id}});
    expect(text).toContain("ERRCODE = 'LH003'");
    expect(text).not.toMatch(/TRUNCATE|LOCK TABLE|INSERT INTO longhaul.load_table/);
  });

  test('is taken once: ownership first, then nobody else writes, what is in is noted, what was ours goes, no row is there, then it is noted', () => {
    const {entry, frame} = plan();
    const steps = [
      "ERRCODE = 'LH001'",
      'LOCK TABLE ONLY',
      'INSERT INTO longhaul.load_table (run, boundary, name)\n  SELECT DISTINCT',
      'TRUNCATE ONLY',
      '-- before',
      "ERRCODE = 'LH002'",
      `INSERT INTO longhaul.load_table (run, boundary, name)\n  SELECT 'acme'`,
      '-- after',
    ];
    expect(inOrder(takingScript(entry, frame), ...steps)).toBe(true);
  });

  test('that cannot be taken now is tried again where time heals it, and else says what to do', () => {
    expect(takingFailure(first, 'lock timeout', '55P03')).toMatchObject({
      heals: true,
      table: {name: 'b'},
      remedy: expect.stringMatching(/^somebody on the target holds a lock.*longhaul retry 01-b\.pages-0-10$/),
    });
    expect(takingFailure(first, 'statement timeout', '57014')).toMatchObject({
      heals: false,
      remedy: expect.stringContaining('timeouts.scan'),
    });
    expect(takingFailure(first, 'rows', 'LH002')).toMatchObject({
      heals: false,
      remedy: expect.stringContaining('on the target: TRUNCATE ONLY "public"."b"; then'),
    });
  });

  test('is read by pages: from the first on, without the last', () => {
    const columns = [{schema: 'public', name: 'b', columns: ['id', 'a"b'], sequences: ['public."b Seq"']}];
    const script = (id: string): string =>
      laneFiles(plan({unit: unit(id, 'public.b'), pipeline: pipelineNamed('copy'), columns}))['dump.sql'] ?? '';
    expect(script(first.id)).toContain(
      `COPY (SELECT "id", "a""b" FROM ONLY "public"."b" WHERE ctid >= '(0,0)' AND ctid < '(10,0)') TO STDOUT`,
    );
    expect(script(second.id)).toContain(`WHERE ctid >= '(10,0)') TO STDOUT`);
    expect(script('01-b')).toContain('COPY "public"."b" ("id", "a""b") TO STDOUT');
    for (const id of [first.id, second.id, '01-b']) {
      expect(script(id)).toContain(`'SELECT pg_catalog.setval(''public."b Seq"'', ' || last_value`);
      expect(script(id)).toContain("current_setting('client_encoding')");
    }
  });
});

describe('what a unit’s dump takes along', () => {
  const all = [unit('01-a', 'public.a'), unit('rest', 'public.b'), unit('large-objects')];

  test('a table: itself, and an error where it is not there; of large objects nothing', () => {
    expect(dumpSelection(unit('01-a', 'public.a'), all, ALL_TABLES)).toEqual([
      '--section=data',
      '-B',
      '--strict-names',
      '-t',
      '"public"."a"',
    ]);
  });

  test('the rest: all but the tables of the others, our ledger and pglogical', () => {
    const options = dumpSelection(unit('rest', 'public.b'), all, {
      ...ALL_TABLES,
      excludeSchemas: ['tmp'],
      exclude: [relation('public.no')],
    });
    expect(options.slice(0, 2)).toEqual(['--section=data', '-B']);
    const joined = options.join(' ');
    for (const words of ['-N "longhaul"', '-N "pglogical"', '-N "tmp"', '-T "public"."no"', '-T "public"."a"'])
      expect(joined).toContain(words);
    expect(joined).not.toContain('"public"."b"');
  });

  test('the rest where tables are included by name: its own, and an error where one is not there', () => {
    const options = dumpSelection(unit('rest', 'public.b'), all, {
      ...ALL_TABLES,
      include: [relation('public.a'), relation('public.b')],
    });
    expect(options).toEqual(['--section=data', '-B', '--strict-names', '-t', '"public"."b"']);
  });

  test('the large objects: no table, no owner and no grant', () => {
    expect(dumpSelection(unit('large-objects'), all, ALL_TABLES)).toEqual([
      '--data-only',
      '-b',
      '--no-owner',
      '--no-acl',
      '-T',
      '*.*',
    ]);
  });
});

describe('the SQL around a unit’s data', () => {
  test('opens a transaction and takes its place in the ledger before anything is emptied or loaded', () => {
    const text = opening();
    expect(
      inOrder(
        text,
        'BEGIN ISOLATION LEVEL READ COMMITTED;',
        'INSERT INTO longhaul.load_unit',
        'TRUNCATE ONLY',
        '-- before',
        'LOCK TABLE ONLY "public"."a"',
        'INSERT INTO longhaul.load_table',
      ),
    ).toBe(true);
    expect(text).not.toContain('COMMIT;');
  });

  test('large objects go as our own role, in transactions before the unit’s, before the new ones are made as another', () => {
    const text = opening({unit: unit('large-objects')});
    expect(
      inOrder(
        text,
        'statement_timeout = 0',
        'lo_unlink',
        'BEGIN ISOLATION LEVEL READ COMMITTED;',
        'INSERT INTO longhaul.load_unit',
        '-- before',
        'holds large objects',
      ),
    ).toBe(true);
    expect(text).not.toContain('TRUNCATE');
  });

  test('closes with the ledger’s row and the one COMMIT, after what frames the data', () => {
    const closing = laneFiles(plan())['closing.sql'] ?? '';
    expect(inOrder(closing, '-- after', 'UPDATE longhaul.load_unit SET committed_at', 'COMMIT;')).toBe(true);
    expect(closing).toContain(`WHERE run = 'acme' AND boundary = '0/500' AND unit = '01-a'`);
    expect(closing.split('COMMIT;')).toHaveLength(2);
  });

  test('reads and stops at the first error; a dump of large objects commits nothing by itself', () => {
    const files = laneFiles(plan());
    expect(files['load.sh']).toContain('ON_ERROR_STOP=1');
    expect(files['load.sh']).toContain('--no-password');
    expect(files['dump.sh']).toMatch(/^exec \/pg\/bin\/pg_dump /);
    for (const words of ['--no-password', '--quote-all-identifiers', '--no-unlogged-table-data'])
      expect(files['dump.sh']).toContain(words);
    const objects = laneFiles(plan({unit: unit('large-objects')}))['dump.sh'] ?? '';
    for (const words of ['/^BEGIN;$/d', '/^COMMIT;$/d', 'echo $? > dump.status', 'exit "$status"'])
      expect(objects).toContain(words);
  });

  test('the word that commits is asked for by the fence of this P', () => {
    expect(laneFiles(plan())['fence.expected']).toContain('0/500 t t 2026-11-23 22:10:03.123456');
  });

  test('words of a command line are words, whatever they hold', () => {
    expect(shellCommand(['psql', '-d', "host=b user='it''s'", '$(id)', '', 'a\nb'])).toBe(
      `psql -d 'host=b user='\\''it'\\'''\\''s'\\''' '$(id)' '' 'a\nb'`,
    );
    expect(() => shellQuote('a\0b')).toThrow('NUL');
  });
});
