import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {Client} from 'pg';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {eventually, longhaul, mustEndWell, stateOf, type Ended} from '../../support/longhaul.ts';
import {rowsOf, startClients, type Clients} from './clients.ts';

const SEED = join(import.meta.dirname, 'seed.sql');
/** What both sides have to have alike, besides rows: where numbers go on, and which triggers fire when. */
const SAME = [
  'SELECT id, account, amount, seen FROM public.moves ORDER BY id',
  'SELECT id, balance FROM public.accounts ORDER BY id',
  'SELECT account, n FROM public.counted ORDER BY account',
  "SELECT 'moves', last_value, is_called FROM public.moves_id_seq UNION ALL SELECT 'unused', last_value, is_called FROM public.unused UNION ALL SELECT 'down', last_value, is_called FROM public.down",
  "SELECT tgname, tgenabled FROM pg_trigger WHERE tgrelid = 'public.moves'::regclass AND NOT tgisinternal AND tgname NOT LIKE 'longhaul_shut%' ORDER BY 1",
  "SELECT conname, convalidated FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace ORDER BY 1",
];

/** As docs/cutover.md has it: who may not connect any more reads nothing that is old. In another database, for the one that is left is read-only. */
function keepingOff({socketDir, port, clientBin}: Lab['source']): string {
  const psql = (sql: string): string =>
    `['${join(clientBin, 'psql')}', -X, -q, -c, ${sql}, 'host=${socketDir} port=${port} user=postgres dbname=postgres']`;
  return `{run: ${psql('REVOKE CONNECT ON DATABASE app FROM PUBLIC')}, undo: ${psql('GRANT CONNECT ON DATABASE app TO PUBLIC')}}`;
}

/** What the application does as soon as it is let go. */
function writingOn(server: Lab['target']): string {
  const write = 'UPDATE public.countries SET name = code WHERE code = concat(17)';
  return `{run: ['${join(server.clientBin, 'psql')}', -X, -q, -c, ${write}, '${wayOf(server)}']}`;
}

const HOSTILE = 'ev\u001B[31mil';

async function comesTo({socketDir, port}: Lab['source'], user: string): Promise<Client> {
  const client = new Client({
    host: socketDir,
    port,
    user,
    database: 'app',
    application_name: `pool of ${user.slice(0, 6)}`,
  });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** Whether both who come are told. */
const isIn = (text: string): boolean =>
  /pool of ev.*: \d+ sessions, last seen 20/.test(text) && text.includes('app, pool of app: ');

const WRITABLE = 'SET default_transaction_read_only = off; ';

/** How the application comes to a server of the lab. */
function wayOf({socketDir, port}: Lab['target']): string {
  return `host=${socketDir} port=${port} dbname=app user=app sslmode=disable`;
}

async function rehearsed(lab: Lab): Promise<Ended> {
  return longhaul(lab, 'cutover', '--check');
}

describe('a cutover under writers', () => {
  let lab: Lab;
  let clients: Clients;
  /** What the operator's command waits for: without it, it fails. */
  const go = (): string => join(lab.folder, 'go');
  beforeAll(async () => {
    lab = await startLab({seed: SEED, engine: 'native'});
    const yaml = await readFile(lab.yamlPath, 'utf8');
    await writeFile(
      lab.yamlPath,
      `${yaml
        .replace('caught_up_for: 3s', 'caught_up_for: 1s')
        .replace('load:\n', 'load:\n  foreign_keys: at-cutover\n')
        .replace(
          'cutover:\n',
          `cutover:\n  logins: ['${wayOf(lab.target)}']\n  hand_over: [${keepingOff(lab.source)}, {run: [test, -e, ${go()}]}]\n  opened: [${writingOn(lab.target)}]\n`,
        )}tables:\n  exclude_schemas: [cron]\nprobes:\n  interval: 500ms\n`,
    );
    await lab.source.sql(
      `ALTER ROLE app SET search_path = 'public'; CREATE ROLE reader LOGIN; CREATE ROLE "${HOSTILE}" LOGIN IN ROLE app_owner`,
    );
    clients = startClients(lab.source);
    await mustEndWell(lab, 'run', '--plain');
  });
  afterAll(async () => {
    await clients.stop();
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  });

  test('a rehearsal names what the target lacks, and each remedy helps as it is written', async () => {
    await lab.source.sql('ANALYZE');
    // Somebody has spoilt it since it was loaded.
    await lab.target.sql(
      `${WRITABLE}DELETE FROM pg_statistic WHERE starelid = 'public.countries_name'::regclass;
       UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'public.countries_name'::regclass;
       UPDATE pg_constraint SET convalidated = false WHERE conname = 'sane';
       ALTER ROLE app NOLOGIN CONNECTION LIMIT 1 VALID UNTIL '2001-01-01'; ALTER ROLE app RESET search_path`,
    );
    await lab.source.sql("SELECT pg_create_logical_replication_slot('debezium', 'test_decoding')");
    const seen = await rehearsed(lab);
    expect(seen.code).toBe(1);
    expect(seen.stdout).toContain('slot debezium (test_decoding) is not of this run');
    expect(seen.stdout).toMatch(/BLOCKER {2}login .* as app: it does not log in/);
    expect(seen.stdout).toMatch(/write stop: about [\d.]+ s \([\d.]+ s to [\d.]+ s\)/);
    // The application is let in again, and what its sessions have there is as it was.
    for (const statement of [
      'ANALYZE "public"."totals"',
      'REINDEX INDEX CONCURRENTLY "public"."countries_name"',
      'ALTER TABLE "public"."accounts" VALIDATE CONSTRAINT "sane"',
      'ALTER ROLE "app" LOGIN',
      'ALTER ROLE "app" CONNECTION LIMIT -1',
      `ALTER ROLE "app" VALID UNTIL 'infinity'`,
      `ALTER ROLE "app" SET "search_path" TO 'public'`,
    ]) {
      const begins = statement.startsWith('ANALYZE') ? '' : WRITABLE;
      expect(seen.stdout).toContain(`: ${begins}${statement}`);
      await lab.target.sql(`${begins}${statement}`);
    }
    const mended = await rehearsed(lab);
    expect(mended.stdout).not.toMatch(
      /no statistics.*totals|invalid|NOT VALID, and|CONNECTION LIMIT|may not log in|not valid there|search_path/,
    );
    expect(mended.stdout).toMatch(/NOTE {5}login .* as app: role app logs in/);
    // What countries lacks, of an index on an expression alone, is left for the cutover, which does it before it stops anybody.
    expect(mended.stdout).toMatch(/no statistics, which the source has, of index public\.countries_name/);
    expect(mended.stdout).toContain('runs     target: ANALYZE "public"."countries"');
    // A busy machine may be behind at this moment.
    expect(mended.stdout).not.toMatch(/^BLOCKER(?!.*change capture is behind)/m);
  });

  test('a login that leads to the source stops the cutover, and so does a command that is not there', async () => {
    const yaml = await readFile(lab.yamlPath, 'utf8');
    const wrong = yaml.replace(wayOf(lab.target), wayOf(lab.source)).replace('{run: [test,', '{run: [no-such-program,');
    await writeFile(lab.yamlPath, wrong);
    const {code, stdout} = await rehearsed(lab);
    await writeFile(lab.yamlPath, yaml);
    expect(stdout).toContain('it leads to database app of another server');
    expect(stdout).toContain('run of cutover.hand_over.1 begins with no-such-program, which is in no folder of PATH');
    expect(code).toBe(1);
  });

  test('jobs of pg_cron run on one side at a time, and again on the source where a cutover is taken back', async () => {
    // As a dump of the extension's tables would bring them.
    const [columns] = await lab.source
      .sql(`SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum)
      FROM pg_attribute a WHERE a.attrelid = 'cron.job'::regclass AND a.attnum > 1`);
    await lab.target.sql(
      `${WRITABLE}CREATE SCHEMA cron AUTHORIZATION app_owner; CREATE TABLE cron.job (jobid bigserial PRIMARY KEY, ${columns?.[0] ?? ''}); ALTER TABLE cron.job OWNER TO app_owner;
       INSERT INTO cron.job (schedule, command, nodename, nodeport, database, username, active, jobname) SELECT '* * * * *', 'SELECT 3', '', 5432, 'app', 'app', true, 'early'`,
    );
    const jobs = async (): Promise<unknown> =>
      Promise.all(
        [lab.source, lab.target].map(async (side) => side.sql('SELECT jobname, active FROM cron.job ORDER BY 1')),
      );
    const {code} = await longhaul(lab, 'cutover', '--yes', 'rehearsal', '--plain');
    expect(code).not.toBe(0);
    // The command that was done before it was undone.
    await (await comesTo(lab.source, 'reader')).end();
    await writeFile(go(), '');
    expect(await jobs()).toEqual([
      [
        ['nightly', 't'],
        ['off', 'f'],
      ],
      [
        // It has none of its kind on the source, and is left alone.
        ['early', 't'],
        ['nightly', 'f'],
        ['off', 'f'],
      ],
    ]);
  });

  test('hands over every row that was committed; sequences, triggers and keys are as they were', async () => {
    await mustEndWell(lab, 'cutover', '--yes', 'rehearsal', '--plain');
    await clients.stop();
    const {cutover, evidence, findings} = await stateOf(lab);
    expect(cutover?.status).toBe('handed-over');
    // Nobody reads it, and so it is not past F.
    expect(findings.map(({check}) => check)).toContain('cutover.foreign-slot-behind');
    expect(findings.map(({check}) => check)).not.toContain('cutover.not-let-go');
    await lab.source.sql("SELECT pg_drop_replication_slot('debezium')");
    for (const query of SAME) expect(await lab.target.sql(query)).toEqual(await lab.source.sql(query));
    const arrived = new Set(await rowsOf(lab.target));
    expect(clients.committed().length).toBeGreaterThan(20);
    expect(clients.committed().filter((id) => !arrived.has(id))).toEqual([]);
    expect(evidence['hand-over']?.stoppedMs).toBeGreaterThan(0);
    expect(await lab.target.sql("SELECT name FROM public.countries WHERE code = '17'")).toEqual([['17']]);
    // What fires by itself has changed sides.
    expect(await lab.source.sql('SELECT jobname FROM cron.job WHERE active')).toEqual([]);
    expect(await lab.target.sql('SELECT jobname FROM cron.job WHERE active ORDER BY 1')).toEqual([
      ['early'],
      ['nightly'],
    ]);
    const known =
      "SELECT tablename FROM pg_stats WHERE schemaname = 'public' GROUP BY 1 UNION SELECT 'together' FROM pg_stats_ext WHERE dependencies IS NOT NULL ORDER BY 1";
    expect(await lab.target.sql(known)).toEqual(expect.arrayContaining(await lab.source.sql(known)));
  });

  test('then the application writes on the target, and on the source it cannot', async () => {
    const after = startClients(lab.target);
    await eventually('the application to write on the target', async () =>
      after.committed().length > 20 ? true : null,
    );
    await after.stop();
    const refused = startClients(lab.source);
    const kept = await rowsOf(lab.source);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await refused.stop();
    expect(refused.committed()).toEqual([]);
    // Nor can who allows himself to.
    const free = 'SET ROLE app; BEGIN READ WRITE; DELETE FROM public.moves';
    await expect(lab.source.sql(free)).rejects.toThrow('this side was left');
    expect(await rowsOf(lab.source)).toEqual(kept);
  });

  test('whoever may still connect there is told by role and name, how often and when; who may not is kept off', async () => {
    await expect(comesTo(lab.source, 'reader')).rejects.toMatchObject({code: '42501'});
    // Members of the owner connect whatever PUBLIC may.
    const back = [
      await comesTo(lab.source, HOSTILE),
      await comesTo(lab.source, HOSTILE),
      await comesTo(lab.source, 'app'),
    ];
    const status = await eventually('both to be told', async () => {
      const {stdout} = await longhaul(lab, 'status');
      return isIn(stdout) ? stdout : null;
    });
    expect(status).toContain('seen on the source, where production is no more: ');
    expect(status).not.toContain('\u001B');
    const {stdout: report} = await longhaul(lab, 'report');
    expect(isIn(report)).toBe(true);
    expect(report).not.toContain('\u001B');
    const {cutover} = await stateOf(lab);
    const [mine] = cutover?.visitors?.filter(({role}) => role === HOSTILE) ?? [];
    expect(mine).toMatchObject({
      sessions: 2,
      address: null,
      applicationName: expect.stringMatching(/^pool of ev.*31$/),
    });
    // Those of the run are none.
    expect(cutover?.visitors?.filter(({role}) => role === 'longhaul')).toEqual([]);
    for (const client of back) await client.end();
  });

  test('and what the move has made is taken away, by a role that has no rights for a way back', async () => {
    await mustEndWell(lab, 'clean-up', '--yes', 'rehearsal');
    expect(await lab.source.sql("SELECT slot_name FROM pg_replication_slots WHERE slot_type = 'logical'")).toEqual([]);
    expect(await lab.source.sql('SELECT pubname FROM pg_publication')).toEqual([]);
    expect(await lab.target.sql('SELECT subname FROM pg_subscription')).toEqual([]);
    expect(await lab.source.sql("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'longhaul%'")).toEqual([]);
  });
});
