import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {resolveConninfo} from '../../../src/config/conninfo/resolve-conninfo.ts';
import {surroundings} from '../../../src/config/conninfo/surroundings.ts';
import {parseLsn} from '../../../src/domain/pg/lsn.ts';
import type {Reply} from '../../../src/domain/run/command.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {resizeLoad} from '../../../src/engine/load/lane/resize-load.ts';
import {pauseReplay} from '../../../src/engine/steps/boundary/pause-replay.ts';
import {identifySystem} from '../../../src/pg/session/identify-system.ts';
import {contextOn} from '../../support/lab-context.ts';
import {eventually, journalOf, longhaul} from '../../support/longhaul.ts';
import {untilReplayed} from '../../support/replayed.ts';
import {RUN} from '../../support/stepping.ts';
import {checked} from '../../support/checked.ts';

describe('longhaul check', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await startLab({size: 'tiny'});
    await lab.target.sql("ALTER ROLE longhaul SET idle_session_timeout = '1d'");
  });
  afterAll(async () => {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  });

  /** Blockers and warnings by their names. */
  async function check(): Promise<string[]> {
    return (await checked(lab)).filter(({severity}) => severity !== 'note').map(({check: name}) => name);
  }

  // What DMS, which is the engine here, changes or drops by its own documentation, among them.
  const DMS = ['lob-not-null', 'no-key', 'numeric', 'type', 'every-table'].map((one) => `data.dms-${one}`);
  const USUAL = ['source.keep-size', 'data.no-key', 'data.unlogged', 'data.invalid-index', 'data.large-objects'];
  const EXPECTED = [...USUAL, ...DMS];

  test('tells what of the lab wants a decision, and nothing else', async () => {
    const findings = await checked(lab);
    const usual = findings.filter(({severity}) => severity !== 'note').map(({check: name}) => name);
    // The role's own, and none of those that Longhaul sets for its sessions.
    expect(findings.find(({check: name}) => name === 'target.time-outs')?.seen).toMatch(
      /^new sessions have idle_session_timeout 86400000 ms: /,
    );
    expect(usual.filter((name) => !EXPECTED.includes(name))).toEqual([]);
    expect(usual).toEqual(expect.arrayContaining(['data.no-key', 'data.unlogged', 'data.invalid-index']));
  });

  test('a standby that does not stream is a blocker, also of the pause', async () => {
    const [[conninfo = ''] = []] = await lab.replica.sql('SHOW primary_conninfo');
    const streamFrom = async (words: string): Promise<void> => {
      const value = words.replaceAll("'", "''");
      await lab.replica.sql(`ALTER SYSTEM SET primary_conninfo = '${value}'; SELECT pg_reload_conf()`);
      const wanted = words === '' ? '0' : '1';
      await eventually('the receiver', async () => {
        const [[count] = []] = await lab.replica.sql('SELECT count(*) FROM pg_stat_wal_receiver');
        return count === wanted ? true : null;
      });
    };
    const onLab = await contextOn(lab);
    // A receiver that was cut off is given a while to be back: here it passes at once.
    let ms = 0;
    const ctx = {...onLab, steady: () => (ms += 1000), sleep: async () => undefined};
    await streamFrom('');
    const seen = await check();
    const {findings, done} = await pauseReplay.check(ctx);
    await streamFrom(conninfo);
    expect(seen).toContain('replica.not-streaming');
    expect([done, findings.map(({check: name, severity}) => `${name} ${severity}`)]).toEqual([
      null,
      ['replica.not-streaming blocker'],
    ]);
    expect((await pauseReplay.check(ctx)).findings).toEqual([]);
    await ctx.close();
  });

  test('a target that is the source is one blocker', async () => {
    const text = await readFile(lab.yamlPath, 'utf8');
    const source = /^source: (.*)$/m.exec(text)?.[1] ?? '';
    const yamlPath = join(lab.folder, 'same.yaml');
    await writeFile(yamlPath, text.replace(/^target: .*$/m, `target: ${source}`));
    const {code, stdout} = await longhaul({yamlPath}, 'check');
    expect(code).toBe(1);
    expect(stdout.match(/^BLOCKER .*$/gm)).toEqual([expect.stringContaining('target: it is the source: database')]);
  });

  // What 9.6 has not: pg_monitor and pg_read_all_data. Settings, queries and ages of others are hidden then.
  test('a role as 9.6 has it passes, beside an open transaction that it may not look into', async () => {
    await lab.source.sql(`REVOKE pg_monitor, pg_read_all_data FROM longhaul;
      DO $$ DECLARE s name; BEGIN FOR s IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema$)' LOOP
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO longhaul; GRANT SELECT ON ALL TABLES IN SCHEMA %I TO longhaul;
          GRANT SELECT ON ALL SEQUENCES IN SCHEMA %I TO longhaul', s, s, s); END LOOP; END $$`);
    await untilReplayed(lab);
    const open = lab.source.sql("BEGIN; INSERT INTO public.twice VALUES (99, 'open'); SELECT pg_sleep(5); ROLLBACK");
    await eventually('an open transaction', async () => {
      const rows = await lab.source.sql(
        'SELECT 1 FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid()',
      );
      return rows[0] ?? null;
    });
    const told = await check();
    await open;
    expect(told.filter((name) => !EXPECTED.includes(name))).toEqual([]);
  });

  test('a table, a sequence and a schema that may not be read are named', async () => {
    await lab.source.sql('REVOKE SELECT ON public.events FROM longhaul; REVOKE USAGE ON SCHEMA billing FROM longhaul');
    await untilReplayed(lab);
    const {stdout} = await longhaul(lab, 'check');
    expect(stdout).toContain('GRANT USAGE ON SCHEMA "billing" TO "longhaul"');
    expect(stdout).toContain('public.events');
    await lab.source.sql('GRANT SELECT ON public.events TO longhaul; GRANT USAGE ON SCHEMA billing TO longhaul');
    await untilReplayed(lab);
  });

  test('large objects that may not be read are found before the replica is paused', async () => {
    await lab.source.sql('ALTER ROLE longhaul RESET lo_compat_privileges');
    await untilReplayed(lab);
    expect(await check()).toContain('source.large-objects');
    await lab.source.sql('ALTER ROLE longhaul SET lo_compat_privileges = on');
    await untilReplayed(lab);
  });

  test('what a filter cuts off is named before the schema is copied', async () => {
    const yaml = await readFile(lab.yamlPath, 'utf8');
    await writeFile(lab.yamlPath, `${yaml}tables: {exclude: [public.accounts]}\n`);
    const cut = await longhaul(lab, 'check');
    await writeFile(lab.yamlPath, `${yaml}tables: {include_schemas: [billing]}\n`);
    const alone = await longhaul(lab, 'check');
    await writeFile(lab.yamlPath, yaml);
    expect(cut.stdout).toContain('public.rich_accounts, its definition: table public.accounts');
    expect(alone.stdout).toContain('billing.invoices, a default: sequence public.invoice_numbers');
    expect(alone.stdout).toContain('a column: type public.order_status');
  });

  test('rows on the target that nobody loaded block before anything was made', async () => {
    await lab.target.sql(
      'CREATE TABLE public.twice (id integer, code text); INSERT INTO public.twice VALUES (1, $$x$$)',
    );
    await lab.target.sql('ALTER TABLE public.twice OWNER TO longhaul');
    expect(await check()).toContain('target.foreign-rows');
    await lab.target.sql('DROP TABLE public.twice');
  });

  test('what differs in a schema that is there, and a limit of connections below the lanes, are told before the slots are made', async () => {
    await lab.target.sql(`CREATE TABLE public.twice (id bigint PRIMARY KEY, code text CHECK (code <> ''));
      CREATE INDEX of_their_own ON public.twice (id, code);
      ALTER TABLE public.twice OWNER TO longhaul; ALTER ROLE longhaul CONNECTION LIMIT 6`);
    const told = await check();
    await lab.target.sql('DROP TABLE public.twice');
    const {stdout} = await longhaul(lab, 'check');
    await lab.target.sql(/ALTER ROLE \S+ CONNECTION LIMIT \d+/.exec(stdout)?.[0] ?? 'no remedy');
    expect((await check()).filter((name) => !EXPECTED.includes(name))).toEqual([]);
    await lab.target.sql('ALTER ROLE longhaul CONNECTION LIMIT -1');
    expect(told.filter((name) => !EXPECTED.includes(name)).toSorted()).toEqual([
      'target.check-of-its-own',
      'target.columns-differ',
      'target.connection-limit',
      'target.not-in-manifest',
      'target.partly-there',
    ]);
  });

  test('more lanes than the target has connections for are refused while a load runs, with the statement that makes room', async () => {
    const planned = {type: 'load.planned', boundary: parseLsn('0/28'), units: [], lanes: 2} as const;
    const onLab = await contextOn(lab, RUN, planned);
    const want = async (lanes: number): Promise<Reply> => resizeLoad(onLab, {type: 'set-lanes', lanes}, 'ana');
    await lab.target.sql('ALTER ROLE longhaul CONNECTION LIMIT 20');
    const refused = await want(30);
    expect(refused).toMatchObject({ok: false, message: expect.stringContaining('30 lanes: CONNECTION LIMIT of role')});
    expect(onLab.state().lanes).toBe(2);
    const words = 'remedy' in refused ? refused.remedy : '';
    await lab.target.sql(/ALTER ROLE \S+ CONNECTION LIMIT \d+/.exec(words)?.[0] ?? 'no remedy');
    // The replica has no room for two sessions of each.
    expect(await want(50)).toMatchObject({ok: false, message: expect.stringMatching(/max_connections.*\(replica\)$/)});
    expect(await want(30)).toMatchObject({ok: true});
    await lab.target.sql('ALTER ROLE longhaul CONNECTION LIMIT 1');
    expect(await want(1)).toMatchObject({ok: true});
    await lab.target.sql('ALTER ROLE longhaul CONNECTION LIMIT -1');
    await onLab.close();
  });

  test('a database whose sessions begin serializable is read on the standby all the same, by us and by the tools', async () => {
    await lab.source.sql("ALTER DATABASE app SET default_transaction_isolation = 'serializable'");
    const refuses = async (): Promise<true | null> =>
      lab.replica.sql('SELECT 1').then(
        () => null,
        () => true,
      );
    await eventually('the standby to refuse it', refuses);
    const told = await check();
    await lab.source.sql('ALTER DATABASE app RESET default_transaction_isolation');
    expect(told.filter((name) => !EXPECTED.includes(name))).toEqual([]);
    await eventually('the standby to be read again', async () => ((await refuses()) === null ? true : null));
  });

  test('somebody’s active slot is asked about once, before anything', async () => {
    await lab.source.sql("SELECT pg_create_logical_replication_slot('somebody', 'test_decoding')");
    const args = ['--start', '--slot', 'somebody', '--no-loop', '-f', '/dev/null', '-d', lab.source.conninfo];
    const reader = spawn(join(lab.source.clientBin, 'pg_recvlogical'), args, {stdio: 'ignore'});
    await eventually('somebody reading the slot', async () => {
      const rows = await lab.source.sql("SELECT 1 FROM pg_replication_slots WHERE slot_name = 'somebody' AND active");
      return rows[0] ?? null;
    });
    // The lab does not ask (confirm: never); the question stands in the journal all the same.
    await longhaul(lab, 'run', '--plain', '--until', 'preflight');
    await longhaul(lab, 'run', '--plain', '--until', 'preflight');
    reader.kill();
    await once(reader, 'exit');
    await lab.source.sql("SELECT pg_drop_replication_slot('somebody')");
    const asked = (await journalOf(lab)).filter((entry) => entry.type === 'step.waiting');
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({step: 'preflight', question: expect.stringContaining('slot somebody')});
  });

  // 9.4 and 9.5 tell their identity only like this; the answer does not depend on the version.
  test('the replication protocol tells system identifier and timeline as SQL does', async () => {
    const [[expected] = []] = await lab.source.sql('SELECT system_identifier FROM pg_control_system()');
    for (const role of ['source', 'replica'] as const) {
      const conninfo = resolveConninfo(
        `host=127.0.0.1 port=${lab[role].port} dbname=app user=longhaul passfile=${lab.folder}/pgpass`,
        surroundings({}),
      );
      const identity = await identifySystem(role, conninfo, {applicationName: 'longhaul/test', timeoutMs: 5000});
      expect(identity).toEqual({systemIdentifier: expected, timeline: 1});
    }
  });
});
