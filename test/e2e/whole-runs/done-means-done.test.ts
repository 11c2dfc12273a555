import {execFile} from 'node:child_process';
import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {afterAll, afterEach, beforeAll, describe, expect, test} from 'vitest';
import {openDifferences} from '../../../src/domain/run/difference.ts';
import {startLab, type Lab, type LabOptions} from '../../../src/lab/lab.ts';
import {replayOn} from '../../support/hold.ts';
import {eventually, longhaul, stateOf} from '../../support/longhaul.ts';

/** A lab with this seed and no change capture. */
async function labOf(seed: string, options: LabOptions = {}): Promise<Lab> {
  const lab = await startLab({...options, seed: join(import.meta.dirname, '../../support/seeds', seed)});
  await edit(lab, 'engine: dms', 'engine: none');
  return lab;
}

async function edit(lab: Lab, from: string, to: string): Promise<void> {
  await writeFile(lab.yamlPath, (await readFile(lab.yamlPath, 'utf8')).replace(from, to));
}

const statusOf = async (lab: Lab, id: string) =>
  (await stateOf(lab)).steps.find((step) => step.id === id)?.state.status;
const openOf = async (lab: Lab) =>
  openDifferences(await stateOf(lab)).map(({object, differs}) => `${object} ${differs}`);

/** The entries that only one side has. */
const only = (entries: readonly string[], others: readonly string[]): string[] =>
  entries.filter((one) => !others.includes(one));

/**
 * The schema as pg_dump prints it, without what is ours, the servers' own or the owner's. What a server has parsed twice, `IN (…)` on a
 * varchar, it prints with other casts and parentheses.
 */
async function schemaOf(server: Lab['source']): Promise<string[]> {
  const dump = join(server.clientBin, 'pg_dump');
  const args = ['-s', '--no-owner', '--no-acl', '-N', 'longhaul', '-T', 'cfg', '-d', server.conninfo];
  const {stdout} = await promisify(execFile)(dump, args, {maxBuffer: 64 * 1024 * 1024});
  return stdout
    .split(/\n(?=--\n-- Name: )/)
    .map((entry) => entry.replace(/^--.*\n|^\\(un)?restrict .*$/gm, '').trim())
    .map((entry) => entry.replaceAll(/::(text|character varying)\b(\[\])?|[()[\]]/g, ''))
    .filter((entry) => !/^$|pglogical|COMMENT ON EXTENSION|^SET |held/.test(entry))
    .toSorted();
}

describe('what cannot be built back as it is on the source', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await labOf('hard-to-build.sql');
    // As the script of a real extension would: its table, with a row of its own.
    await lab.target.sql(`
      CREATE EXTENSION hstore; CREATE TABLE cfg (name text, value text); ALTER EXTENSION hstore ADD TABLE cfg;
      UPDATE pg_extension SET extconfig = ARRAY['cfg'::regclass::oid], extcondition = ARRAY['WHERE name <> ''own''']
       WHERE extname = 'hstore';
      INSERT INTO cfg VALUES ('own', '0'); ALTER TABLE cfg OWNER TO longhaul; ALTER FUNCTION hstore(text, text) OWNER TO longhaul`);
    // What no table brings is a unit without tables, which pg_dump has no part in.
    await edit(lab, 'load:\n', 'load:\n  method: copy\n');
  });
  afterAll(async () => {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  });

  const ALL = [
    'index public.small_f is not there',
    'index public.users_email is not there',
    'foreign key child_a_pid_fkey of public.child_a is not validated',
    'foreign key child_b_pid_fkey of public.child_b is not validated',
    'POLICY public t guarded postgres could not be made',
    'materialized view public.mv_f could not be made',
    'grant GRANT EXECUTE ON ROUTINE public.soundex(text) TO "clerk" is not so',
    'function public.guard() is not there',
  ];

  test('is named, all of it at once, and the walk goes on to the end with exit 1', async () => {
    await lab.target.sql("INSERT INTO cfg VALUES ('theirs', '9')");
    const refused = await longhaul(lab, 'run', '--plain', '--until', 'full-load');
    expect(refused).toMatchObject({code: 1});
    expect(refused.stdout).toContain('public.cfg on the target holds configuration that this run did not load');
    await lab.target.sql("DELETE FROM cfg WHERE name = 'theirs'");
    // What is loaded at this P stays when the walk comes by again.
    expect(await longhaul(lab, 'run', '--plain', '--until', 'full-load')).toMatchObject({code: 0});
    await lab.target.sql('DROP FUNCTION guard()');
    const run = await longhaul(lab, 'run', '--plain');
    expect(run.code, run.stdout + run.stderr).toBe(1);
    expect(await openOf(lab)).toEqual(ALL);
    expect(await statusOf(lab, 'build-indexes')).toBe('failed');
    expect(await statusOf(lab, 'compare-rows')).toBe('done');
    expect(await statusOf(lab, 'resume-replay')).toBe('done');
    expect(await lab.replica.sql('SELECT pg_is_wal_replay_paused()')).toEqual([['f']]);
    expect(run.stdout).toContain('Key (email)=(u7) is duplicated');
    expect(run.stdout).toContain('public.child_b refers to public.parent');
  });

  test('with a query that lists the rows', async () => {
    const {differences} = await stateOf(lab);
    const rowsOf = async (object: string) => {
      const query = differences.find((one) => one.object.includes(object))?.query;
      return lab.target.sql(query ?? '');
    };
    expect(await rowsOf('users_email')).toEqual([['u7', '2']]);
    expect(await rowsOf('child_a')).toEqual([['2', '77']]);
    expect(await rowsOf('child_b')).toEqual([
      ['1', '99'],
      ['2', '98'],
    ]);
    const [report, listed] = [await longhaul(lab, 'report'), await longhaul(lab, 'accept')];
    expect(listed.code).toBe(0);
    for (const {query} of differences.filter((one) => one.query !== null)) {
      expect(report.stdout).toContain(query);
      expect(listed.stdout).toContain(query);
    }
  });

  test('keeps nothing else from being as it was: definitions, states, marks, comments', async () => {
    const [source, target] = [await schemaOf(lab.source), await schemaOf(lab.target)];
    expect(
      only(source, target).map((entry) => /users_email|small_f|child_[ab]_pid_fkey|guard/.exec(entry)?.[0] ?? entry),
    ).toEqual(['child_a_pid_fkey', 'child_b_pid_fkey', 'users_email', 'guard', 'small_f', 'guard', 'users_email']);
    expect(only(target, source).map((entry) => /NOT VALID/.exec(entry)?.[0] ?? entry)).toEqual([
      'NOT VALID',
      'NOT VALID',
    ]);
    expect(source.length).toBeGreaterThan(60);
    expect(await lab.target.sql('SELECT count FROM mv')).toEqual([['1']]);
    expect(await lab.target.sql("SELECT count(*) > 0 FROM pg_stats WHERE tablename = 'big_e'")).toEqual([['t']]);
  });

  test('nor the configuration of an extension, and who may use its functions', async () => {
    expect(await lab.target.sql('SELECT name FROM cfg ORDER BY 1')).toEqual([['a'], ['b'], ['c'], ['own']]);
    expect(
      await lab.target.sql(`
        SELECT has_function_privilege('clerk', 'hstore(text, text)', 'EXECUTE'), has_function_privilege('app', 'hstore(text, text)', 'EXECUTE')`),
    ).toEqual([['t', 'f']]);
  });

  test('is built by the next run where its rows were mended; what somebody made there instead is not dropped', async () => {
    const grant = (await stateOf(lab)).differences.find(({object}) => object.startsWith('grant'));
    await lab.target.sql(/superuser\): (.*); then/.exec(grant?.remedy ?? '')?.[1] ?? 'no statement');
    await lab.target.sql(`
      DELETE FROM users WHERE id = 5001; DELETE FROM child_a WHERE pid = 77;
      CREATE FUNCTION guard() RETURNS boolean LANGUAGE sql AS 'SELECT true';
      CREATE INDEX small_f ON small (t)`);
    expect(await longhaul(lab, 'run', '--plain')).toMatchObject({code: 1});
    expect(await openOf(lab)).toEqual([
      'foreign key child_b_pid_fkey of public.child_b is not validated',
      'index public.small_f is there with another definition',
      'materialized view public.mv_f could not be made',
    ]);
    expect(await lab.target.sql("SELECT count(*) FROM pg_policy WHERE polname = 'guarded'")).toEqual([['1']]);
    expect(
      await lab.target.sql(
        "SELECT obj_description('users_email'::regclass), indisunique FROM pg_index WHERE indexrelid = 'users_email'::regclass",
      ),
    ).toEqual([['one mailbox, one user', 't']]);
  });

  test('is left as it is by a typed word that names it, and the run is done then', async () => {
    const key = 'foreign key child_b_pid_fkey of public.child_b';
    expect(await longhaul(lab, 'accept', key)).toMatchObject({code: 2});
    expect(await longhaul(lab, 'accept', '--yes', 'another', key)).toMatchObject({code: 2});
    expect(await longhaul(lab, 'accept', '--yes', 'rehearsal', 'index public.big_u')).toMatchObject({code: 1});
    expect(await longhaul(lab, 'accept', '--yes', 'rehearsal', key)).toMatchObject({code: 0});
    expect(await longhaul(lab, 'run', '--plain')).toMatchObject({code: 1});
    expect(await longhaul(lab, 'accept', '--yes', 'rehearsal', '--all')).toMatchObject({code: 0});
    const run = await longhaul(lab, 'run', '--plain');
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(await statusOf(lab, 'build-indexes')).toBe('done');
    const report = await longhaul(lab, 'report');
    expect(report.stdout).toMatch(/child_b_pid_fkey of public.child_b is not validated.*\n {2}- accepted by .* at 20/);
  });

  test('and after an abort everything is loaded anew, over checks that were never validated and configuration of before', async () => {
    expect(await longhaul(lab, 'abort', '--yes', 'rehearsal')).toMatchObject({code: 0});
    // Where nothing was written, P would be the same, and what is in at it would stay.
    await replayOn(lab);
    expect(await longhaul(lab, 'run', '--plain')).toMatchObject({code: 1});
    expect(await openOf(lab)).toEqual(ALL.filter((one) => !/guard|soundex/.test(one)));
    expect(await lab.target.sql('SELECT count(*) FROM t')).toEqual([['3']]);
    const LOOSE =
      "SELECT conname, convalidated FROM pg_constraint WHERE conname IN ('positive', 'pos_positive') ORDER BY 1";
    expect(await lab.target.sql(LOOSE)).toEqual([
      ['pos_positive', 'f'],
      ['positive', 'f'],
    ]);
    expect(await lab.target.sql('SELECT count(*) FROM of_pos')).toEqual([['2']]);
    expect(await lab.target.sql('SELECT name FROM cfg ORDER BY 1')).toEqual([['a'], ['b'], ['c'], ['own']]);
  });
});

describe('a supervisor that is killed while it builds', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await labOf('keys.sql');
    await lab.target.sql(`
      CREATE SCHEMA held; CREATE TABLE held.what (words text);
      CREATE FUNCTION held.wait() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
      BEGIN
        IF EXISTS (SELECT FROM held.what WHERE current_query() LIKE words) THEN PERFORM pg_advisory_xact_lock_shared(42); END IF;
      END $$;
      CREATE EVENT TRIGGER wait ON ddl_command_start EXECUTE FUNCTION held.wait()`);
  });
  afterAll(async () => {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  });

  // Everything again for each story.
  afterEach(async () => longhaul(lab, 'abort', '--yes', 'rehearsal'));

  /** Lets the run come to a statement like this on the target, kills the supervisor there with -9, and lets the server go on with it. */
  async function killAt(words: string): Promise<void> {
    await lab.target.sql(`DELETE FROM held.what; INSERT INTO held.what VALUES ('${words}')`);
    const held = lab.target.sql('SELECT pg_advisory_lock(42); SELECT pg_sleep(600)').catch(() => []);
    const waiting = `SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '${words}' AND application_name LIKE 'longhaul/%'`;
    expect(await longhaul(lab, 'run', '--detach')).toMatchObject({code: 0});
    await eventually(`a statement like ${words}`, async () =>
      (await lab.target.sql(waiting)).length > 0 ? true : null,
    );
    const {supervisor} = await stateOf(lab);
    process.kill(supervisor?.pid ?? 0, 'SIGKILL');
    await lab.target.sql(
      "DELETE FROM held.what; SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND pid <> pg_backend_pid()",
    );
    await held;
  }

  test.each(['CREATE UNIQUE INDEX%', '%ADD CONSTRAINT%USING INDEX%', '%VALIDATE CONSTRAINT%'])(
    'at %s leaves nothing half made once the run has gone on',
    async (words) => {
      await killAt(words);
      const run = await longhaul(lab, 'run', '--plain', '--until', 'compare-rows');
      expect(run.code, run.stdout + run.stderr).toBe(0);
      const [source, target] = [await schemaOf(lab.source), await schemaOf(lab.target)];
      expect(only(target, source)).toEqual([]);
      expect(only(source, target)).toEqual([]);
      expect(await lab.target.sql('SELECT count(*) FROM pg_index WHERE NOT indisvalid')).toEqual([['0']]);
      expect(
        await lab.target.sql("SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND NOT convalidated"),
      ).toEqual([['0']]);
    },
  );
});

test('tables that are named one by one come with the sequences that their defaults use, and with what is configured of extensions', async () => {
  const lab = await labOf('named-tables.sql');
  try {
    await edit(lab, 'confirm:', 'tables: {include: [public.job, public.borrower]}\nconfirm:');
    await lab.target.sql(`
      CREATE EXTENSION hstore; CREATE TABLE cfg (name text); ALTER EXTENSION hstore ADD TABLE cfg; ALTER TABLE cfg OWNER TO longhaul;
      UPDATE pg_extension SET extconfig = ARRAY['cfg'::regclass::oid], extcondition = ARRAY[''] WHERE extname = 'hstore'`);
    const run = await longhaul(lab, 'run', '--plain');
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(await lab.target.sql("SELECT to_regclass('lender') IS NULL")).toEqual([['t']]);
    expect(
      await lab.target.sql(
        "SELECT nextval('job_numbers'), nextval('job_id_seq'), nextval('lender_id_seq'), (SELECT count(*) FROM cfg)",
      ),
    ).toEqual([['42', '42', '28', '1']]);
  } finally {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  }
});
