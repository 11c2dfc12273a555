import {execFileSync, spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import * as fc from 'fast-check';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {toLibpq} from '../../../src/config/conninfo/conninfo.ts';
import {parseConninfo} from '../../../src/config/conninfo/parse-conninfo.ts';
import {quoteIdentifier, quoteLiteral} from '../../../src/domain/pg/identifier.ts';
import {quoteRelation} from '../../../src/domain/pg/relation.ts';
import type {TraceEvent} from '../../../src/domain/base/trace.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {connect} from '../../../src/pg/session/connect.ts';
import type {Session} from '../../../src/pg/session/session.ts';
import {sql} from '../../../src/pg/session/statement.ts';
import {contextOn, type LabContext} from '../../support/lab-context.ts';

let lab: Lab;
let ctx: LabContext;
let session: Session;
const traced: TraceEvent[] = [];

beforeAll(async () => {
  lab = await startLab({size: 'tiny'});
  ctx = await contextOn(lab);
  session = await connect('target', ctx.config.servers.target, {
    applicationName: 'longhaul/rehearsal/hostile',
    statementTimeoutMs: 10_000,
    lockTimeoutMs: 1000,
    readOnly: false,
    trace: (event) => traced.push(event),
  });
});
afterAll(async () => {
  await session.close();
  await ctx.close();
  await lab.stop();
});

const SPECIAL = String.raw`" ' \ $ * ? | . [ ] ( ) { } ^ + - ; : , % = E a`.split(' ').concat(' ', '\n', '\t');

/** Characters that mean something to SQL, a shell, psql or a pattern of pg_dump, more often than chance would have them. */
const character = fc.oneof(fc.constantFrom(...SPECIAL), fc.string({unit: 'grapheme', minLength: 1, maxLength: 1}));
const text = fc.array(character, {maxLength: 20}).map((parts) => parts.join('').replaceAll('\0', ''));
const name = text.filter((one) => one !== '' && Buffer.byteLength(one) <= 63);
const MANY = {numRuns: 200};

describe('what is written for a server is what the server reads', () => {
  test('any name, in quotes', async () => {
    await fc.assert(
      fc.asyncProperty(name, async (any) => {
        expect(await session.one(sql(`SELECT 1 AS ${quoteIdentifier(any)}`))).toEqual({[any]: 1});
      }),
      MANY,
    );
  });

  test.each(['on', 'off'])('any text, in quotes, with standard_conforming_strings %s', async (conforming) => {
    await session.run(sql(`SET standard_conforming_strings = ${conforming}`));
    await fc.assert(
      fc.asyncProperty(text, async (any) => {
        expect(await session.one(sql(`SELECT ${quoteLiteral(any)}::text AS said`))).toEqual({said: any});
      }),
      MANY,
    );
    await session.run(sql('SET standard_conforming_strings = on'));
  });

  test('any name of a table, as a pattern of pg_dump: that table and no other', async () => {
    await session.run(sql('CREATE SCHEMA hostile'));
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(name, {minLength: 2, maxLength: 12}), async (names) => {
        const tables = names.map((one) => quoteRelation({schema: 'hostile', name: one}));
        await session.run(sql(tables.map((table) => `CREATE TABLE ${table} ()`).join('; ')));
        const args = ['--section=data', '--strict-names', '--quote-all-identifiers', '-t', tables[0] ?? ''];
        const server = toLibpq(ctx.config.servers.target, {applicationName: 'hostile', encoding: 'UTF8'});
        const password = ctx.config.servers.target.password?.reveal();
        const dump = execFileSync(ctx.tools.pgDump.path, [...args, '-d', server], {
          env: {...process.env, PGPASSWORD: password},
        });
        const copied = [...dump.toString('utf8').matchAll(/^COPY (.*?) +FROM stdin;$/gms)].map(([, table]) => table);
        expect(copied).toEqual([tables[0]]);
        await session.run(sql(tables.map((table) => `DROP TABLE ${table}`).join('; ')));
      }),
      {numRuns: 8},
    );
  });

  // libpq names the socket that it looked for, and so tells how it read the host.
  test('any value of a conninfo, as libpq reads it and as we do', () => {
    const value = text.filter((one) => !/[,\n]/.test(one) && Buffer.byteLength(one) < 60);
    fc.assert(
      fc.property(value, value, (path, other) => {
        const host = `/none/${path}`;
        const conninfo = toLibpq(
          {params: {host, port: '5432', dbname: other}, password: null},
          {applicationName: other, encoding: 'UTF8'},
        );
        expect(parseConninfo(conninfo)).toMatchObject({host, dbname: other});
        const {stderr} = spawnSync(ctx.tools.psql.path, ['-X', '-w', '-d', conninfo], {encoding: 'utf8'});
        expect(stderr).toContain(`"${host}/.s.PGSQL.5432"`);
      }),
      {numRuns: 25},
    );
  });
});

describe('the limits of a statement', () => {
  const limit = sql<{limit: string}>(`SELECT pg_catalog.current_setting('statement_timeout') AS "limit"`);

  test('are its own, also where another is asked for at the same moment', async () => {
    const both = [session.one(limit, {timeoutMs: 7000}), session.one(limit), session.one(limit, {timeoutMs: 8000})];
    expect(await Promise.all(both)).toEqual([{limit: '7s'}, {limit: '10s'}, {limit: '8s'}]);
  });

  test('keep no transaction that has failed from being rolled back, and go with it', async () => {
    await session.run(sql('BEGIN'));
    await expect(session.run(sql('SELECT none'), {timeoutMs: 7000})).rejects.toThrow('42703');
    await session.run(sql('ROLLBACK'));
    expect(await session.one(limit, {timeoutMs: 7000})).toEqual({limit: '7s'});
    expect(await session.one(limit)).toEqual({limit: '10s'});
  });
});

describe('the trace of a session', () => {
  test('has each statement with how long it took and how many rows came, and none of the rows', async () => {
    traced.length = 0;
    await session.run(sql("SELECT 'Bob-' || $1::text AS name FROM generate_series(1, 3)", ['x']));
    expect(traced).toMatchObject([
      {
        trace: 'sql',
        server: 'target',
        application: 'longhaul/rehearsal/hostile',
        event: 'done',
        rows: 3,
        ms: expect.any(Number),
      },
    ]);
    expect(JSON.stringify(traced)).toContain("'Bob-' || 'x'::text");
    expect(JSON.stringify(traced)).not.toContain('Bob-x');
  });

  test('shows a statement that holds a secret as people see it', async () => {
    traced.length = 0;
    await session.run({
      ...sql("SELECT set_config('longhaul.key', 'hush-4711', false)"),
      shown: "SELECT set_config('longhaul.key', '***', false)",
    });
    expect(JSON.stringify(traced)).not.toContain('4711');
    expect(traced).toMatchObject([{sql: "SELECT set_config('longhaul.key', '***', false)"}]);
  });

  test('says under which SQLSTATE a statement failed, and no value that the server quoted', async () => {
    traced.length = 0;
    await expect(session.run(sql("SELECT x::integer FROM (SELECT concat('Bob-', 47, 12) AS x) AS y"))).rejects.toThrow(
      '22P02',
    );
    await expect(session.run(sql('SELECT none'))).rejects.toThrow('42703');
    expect(traced).toMatchObject([
      {event: 'failed', sqlstate: '22P02', message: ''},
      {event: 'failed', sqlstate: '42703', message: 'column "none" does not exist'},
    ]);
    expect(JSON.stringify(traced)).not.toContain('4712');
  });

  test('tells of a statement that takes long while it still runs', async () => {
    traced.length = 0;
    await session.run(sql('SELECT pg_catalog.pg_sleep(1.3)'));
    expect(traced.map((one) => 'event' in one && one.event)).toEqual(['running', 'done']);
  });
});

test('longhaul doctor, beside a traced check of servers that answer, has their findings and neither password nor row', async () => {
  await lab.source.sql(
    "CREATE TABLE public.planted (id int PRIMARY KEY, email text); INSERT INTO public.planted VALUES (1, 'bob-90817@x')",
  );
  const folder = mkdtempSync(join(tmpdir(), 'lh-pack-'));
  try {
    const env = {...process.env, LONGHAUL_TRACE: 'sql'};
    const run = (...words: string[]) =>
      spawnSync(process.execPath, [MAIN, '--config', lab.yamlPath, ...words], {env, encoding: 'utf8', cwd: folder});
    expect(run('check').status).toBe(0);
    expect(run('doctor', '--output', 'pack.tar.gz').stderr).toBe('');
    execFileSync('tar', ['xzf', 'pack.tar.gz'], {cwd: folder});
    const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
    expect(JSON.parse(read('check.json'))).toMatchObject({findings: expect.any(Array), tools: {psql: {}}});
    expect(read('trace.jsonl')).toContain('longhaul/rehearsal/run');
    const all = execFileSync('cat', ['check.json', 'trace.jsonl', 'config.json', 'machine.json'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(all).not.toContain('90817');
    expect(all).not.toContain(ctx.config.servers.source.password?.reveal());
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
});

const MAIN = join(import.meta.dirname, '../../../dist/cli/main.js');
