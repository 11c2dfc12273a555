import {describe, expect, test} from 'vitest';
import type {LoadUnit} from '../../../../src/domain/run/load-unit.ts';
import {chooseMethod} from '../../../../src/engine/load/pipeline/choose-method.ts';
import {laneFiles, type LanePlan} from '../../../../src/engine/load/pipeline/lane-files.ts';
import {pipelineNamed} from '../../../../src/engine/load/pipeline/pipelines.ts';
import {inOrder, lanePlan, unit} from '../lane-plan.ts';

const plan = (change: Partial<LanePlan> = {}): LanePlan => lanePlan('binary', change);

const methodOf = (one: LoadUnit, method: 'pg_dump' | 'copy' | 'binary' | 'auto', why: string | null = null): string =>
  chooseMethod(one, {method}, why).pipeline.method;

test('a unit goes in binary form where that was asked for, is safe, and the unit is one table or a part of it', () => {
  const [whole, several] = [unit('01-b', 'public.b'), unit('02-c', 'public.b', 'public.c')];
  const first = unit('01-b.pages-0-10', 'public.b');
  for (const method of ['binary', 'auto'] as const) {
    expect(methodOf(whole, method)).toBe('binary');
    expect(methodOf(first, method)).toBe('binary');
    expect(methodOf(whole, method, 'column x: xml')).toBe('copy');
    expect(methodOf(first, method, 'column x: xml')).toBe('copy');
    expect(methodOf(several, method)).toBe('copy');
    expect(methodOf(unit('rest', 'public.b'), method)).toBe('pg_dump');
    expect(methodOf(unit('large-objects'), method)).toBe('pg_dump');
  }
  expect(methodOf(whole, 'copy', 'column x: xml')).toBe('copy');
  expect(chooseMethod(whole, {method: 'auto'}, 'column x: xml').why).toBe('column x: xml');
  expect(chooseMethod(whole, {method: 'auto'}, null).why).toBeNull();
});

describe('a table that is emptied in the transaction of its rows', () => {
  const columns = [{schema: 'public', name: 'a', columns: ['id'], sequences: ['public.a_id_seq']}];

  test('is emptied under the lock that kept others out while it was found empty, and its rows are frozen', () => {
    for (const method of ['copy', 'binary']) {
      const files = laneFiles(plan({pipeline: pipelineNamed(method), columns, freeze: true}));
      const steps = [
        'LOCK TABLE ONLY',
        "ERRCODE = 'LH002'",
        'TRUNCATE ONLY "public"."a";',
        'INSERT INTO longhaul.load_table',
      ];
      expect(inOrder(files['opening.sql'] ?? '', ...steps)).toBe(true);
      expect(files['dump.sql']).toMatch(/FROM stdin WITH \((FORMAT binary, )?FREEZE\);/);
    }
  });

  test('and one that is not, is not: the server would refuse to freeze them', () => {
    for (const method of ['copy', 'binary']) {
      const files = laneFiles(plan({pipeline: pipelineNamed(method), columns}));
      expect(files['opening.sql']).not.toContain('TRUNCATE ONLY "public"."a";');
      expect(files['dump.sql']).not.toContain('FREEZE');
    }
  });
});

describe('a unit in binary form', () => {
  const columns = [{schema: 'public', name: 'a', columns: ['id', 'a"b'], sequences: ['public.a_id_seq']}];
  const files = laneFiles(plan({pipeline: pipelineNamed('binary'), columns}));

  test('has all its SQL before its rows, and how many they were for the one who takes them', () => {
    const script = files['dump.sql'] ?? '';
    const steps = [
      'client_encoding',
      'setval',
      'FROM stdin WITH (FORMAT binary)',
      'TO STDOUT WITH (FORMAT binary)',
      '1<> sent',
    ];
    expect(inOrder(script, ...steps)).toBe(true);
    expect(script).toContain('COPY "public"."a" ("id", "a""b") TO STDOUT');
    expect(files['load.sh']).toContain('-f - -f sent -f token');
  });

  test('must have taken as many rows as were sent before anything else is closed', () => {
    const closing = files['closing.sql'] ?? '';
    expect(inOrder(closing, ':ROW_COUNT', "ERRCODE = 'LH004'", '-- after', 'SET committed_at', 'COMMIT;')).toBe(true);
  });

  test('has room for its token from the beginning', () => {
    expect(files['token']?.trim()).toBe('');
    expect(files['token']?.length).toBeGreaterThan(files['closing.sql']?.length ?? 0);
    expect(files['sent']?.length).toBeGreaterThan(40);
  });
});

describe('several tables as text', () => {
  const columns = ['a', 'b'].map((name) => ({schema: 'public', name, columns: ['id'], sequences: []}));
  const files = laneFiles(plan({pipeline: pipelineNamed('copy'), columns}));

  test('say behind the rows of each how many were sent and taken, and all of them must be the same', () => {
    const script = files['dump.sql'] ?? '';
    expect(inOrder(script, 'set sent', '"a"', 'TO STDOUT', ':ROW_COUNT', '|| :ROW_COUNT', '"b"', 'COMMIT;')).toBe(true);
    expect(files['dump.sh']).toContain('8>&1 > /dev/null');
    const closing = files['closing.sql'] ?? '';
    expect(inOrder(closing, ":'sent'", "'public.a', 'public.b'", "ERRCODE = 'LH004'", 'COMMIT;')).toBe(true);
  });

  test('are sent by a psql before 12, which counts none, as they were', () => {
    const {tools} = plan();
    const old = laneFiles(
      plan({pipeline: pipelineNamed('copy'), columns, tools: {...tools, psql: {...tools.psql, version: 110_000}}}),
    );
    expect(old['dump.sh']).not.toContain('8>&1');
    expect(old['dump.sql']).not.toMatch(/ROW_COUNT|fd\/8/);
    expect(old['closing.sql']).not.toContain('LH004');
  });

  test('have money in digits that mean the same wherever lc_monetary is another', () => {
    expect(files['dump.sql']?.match(/SET lc_monetary = '+C'+;/g)).toHaveLength(2);
  });
});

test('the end of the pipe in the middle of binary rows is told of the end that sent them, an error of the rows of the one that took them', () => {
  const {errorIn} = pipelineNamed('binary').consumer;
  expect(errorIn('psql:<stdin>:9: ERROR:  22P04: unexpected EOF in COPY data')).toMatchObject({
    sqlstate: null,
    heals: false,
  });
  expect(errorIn('psql:<stdin>:9: ERROR:  23505: duplicate key')).toMatchObject({sqlstate: '23505'});
  expect(errorIn('psql:<stdin>:9: ERROR:  LH004: 12 rows were sent, and 11 taken')).toMatchObject({sqlstate: 'LH004'});
});
