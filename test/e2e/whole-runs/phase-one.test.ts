import {filesWithThePassword} from '../../support/both-sides.ts';
import {existsSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {compareFingerprints, fingerprintDatabase} from '../../../src/lab/fingerprint.ts';
import {startWriteLoad} from '../../../src/lab/write-load.ts';
import {verifyInvariant} from '../../../src/lab/invariant.ts';
import {journalOf, longhaul, stateOf} from '../../support/longhaul.ts';

/** Indexes, their constraints, foreign keys and validity, as the server prints them. */
const SCHEMA_PROOF = `SET search_path = '';
  SELECT 'index', n.nspname, c.relname, pg_get_indexdef(i.indexrelid), i.indisvalid::text, i.indisreplident::text || i.indisclustered::text
         || coalesce((SELECT string_agg(a.attnum || ':' || a.attstattarget, ',' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = i.indexrelid AND a.attstattarget >= 0), '')
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname !~ '^(pg_|information_schema|pglogical|longhaul)' AND (i.indisvalid OR c.relkind = 'p')
  UNION ALL
  SELECT 'constraint', n.nspname, c.relname, o.conname || ' ' || pg_get_constraintdef(o.oid), o.convalidated::text, o.conislocal::text
    FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname !~ '^(pg_|information_schema|pglogical|longhaul)'
  UNION ALL
  SELECT 'policy', n.nspname, c.relname, p.polname, c.relrowsecurity::text, pg_get_expr(p.polqual, p.polrelid)
    FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  UNION ALL
  SELECT 'routine', n.nspname, p.oid::regprocedure::text, md5(p.prosrc), p.proowner::regrole::text,
         coalesce((SELECT string_agg(DISTINCT split_part(acl::text, '/', 1), ',') FROM unnest(p.proacl) AS acl), '')
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
   WHERE n.nspname !~ '^(pg_|information_schema|pglogical|longhaul)' AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
  UNION ALL
  SELECT 'default', coalesce(n.nspname, ''), d.defaclrole::regrole::text, d.defaclobjtype::text, '', ''
    FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace WHERE d.defaclrole <> 10
  UNION ALL
  SELECT 'type', n.nspname, t.typname, t.typowner::regrole::text, '', ''
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
   WHERE n.nspname !~ '^(pg_|information_schema|pglogical|longhaul)' AND t.typtype IN ('e', 'd') AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = t.oid AND d.deptype = 'e')
  UNION ALL
  SELECT 'schema', n.nspname, '', n.nspowner::regrole::text, '', ''
    FROM pg_namespace n WHERE n.nspname !~ '^(pg_|information_schema|pglogical|longhaul|public)'
  UNION ALL
  SELECT 'owner', n.nspname, c.relname, c.relkind::text, replace(c.relowner::regrole::text, 'postgres', 'longhaul'),
         -- The grantor is lost where it was not the owner; what is the superuser's becomes ours.
         coalesce((SELECT string_agg(DISTINCT replace(split_part(acl::text, '/', 1), 'postgres=', 'longhaul='), ',') FROM unnest(c.relacl) AS acl), '')
         || c.relispopulated::text || c.relrowsecurity::text || c.relforcerowsecurity::text
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S') AND n.nspname !~ '^(pg_|information_schema|pglogical|longhaul)'
     AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
  UNION ALL
  SELECT 'comment', n.nspname, c.relname, d.description, '', ''
    FROM pg_description d JOIN pg_class x ON x.oid = d.objoid AND d.classoid = 'pg_class'::regclass
    LEFT JOIN pg_index i ON i.indexrelid = x.oid
    JOIN pg_class c ON c.oid = coalesce(i.indrelid, x.oid) JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname !~ '^(pg_|information_schema|pglogical|longhaul)' AND (i.indisvalid IS NULL OR i.indisvalid)
  UNION ALL
  SELECT 'comment', n.nspname, c.relname, d.description, '', ''
    FROM pg_description d JOIN pg_constraint o ON o.oid = d.objoid AND d.classoid = 'pg_constraint'::regclass
    JOIN pg_class c ON c.oid = o.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  UNION ALL
  SELECT 'comment', n.nspname, t.typname, d.description, o.convalidated::text, ''
    FROM pg_description d JOIN pg_constraint o ON o.oid = d.objoid AND d.classoid = 'pg_constraint'::regclass
    JOIN pg_type t ON t.oid = o.contypid JOIN pg_namespace n ON n.oid = t.typnamespace
   ORDER BY 1, 2, 3, 4, 5, 6`;

/** Roles without what a managed server refuses, and what the database has beside its objects. */
const GLOBALS_PROOF = `SET timezone = 'UTC';
  SELECT 'role', rolname::text, rolvaliduntil::text, rolconnlimit::text, rolcanlogin::text || rolinherit::text
    FROM pg_roles WHERE oid >= 16384 AND rolname <> 'longhaul'
  UNION ALL
  SELECT 'member', r.rolname, m.rolname, a.admin_option::text, ''
    FROM pg_auth_members a JOIN pg_roles r ON r.oid = a.roleid JOIN pg_roles m ON m.oid = a.member WHERE m.oid >= 16384 AND m.rolname <> 'longhaul'
  UNION ALL
  SELECT 'setting', coalesce(r.rolname, ''), (s.setdatabase <> 0)::text, one, ''
    FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole CROSS JOIN unnest(s.setconfig) AS one
   WHERE r.rolname IS DISTINCT FROM 'longhaul' AND one NOT LIKE 'app.%'
  UNION ALL
  SELECT 'database', shobj_description(d.oid, 'pg_database'), d.datconnlimit::text, coalesce(r.rolname, 'PUBLIC'), a.privilege_type
    FROM pg_database d CROSS JOIN LATERAL aclexplode(d.datacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
   WHERE d.datname = current_database() AND a.grantee <> d.datdba AND r.rolname IS DISTINCT FROM 'longhaul'
  UNION ALL
  SELECT 'schema', n.nspname, 'PUBLIC', a.privilege_type, ''
    FROM pg_namespace n CROSS JOIN LATERAL aclexplode(n.nspacl) a WHERE n.nspname = 'public' AND a.grantee = 0
   ORDER BY 1, 2, 3, 4, 5`;

describe('Phase I against a live write load, hostile names among the tables', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await startLab({size: 'tiny', hostile: true});
    await startWriteLoad(lab, 50);
  });
  afterAll(async () => {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  });

  test('check finds no blocker and changes nothing', async () => {
    const checked = await longhaul(lab, 'check', '--json');
    expect(checked.stderr).toBe('');
    expect(checked.code).toBe(0);
    expect(await lab.source.sql('SELECT count(*) FROM pg_replication_slots WHERE plugin IS NOT NULL')).toEqual([['0']]);
  });

  test('the dry run names every server and statement, and changes nothing', async () => {
    const planned = await longhaul(lab, 'plan', '--sql');
    expect(planned.code).toBe(0);
    for (const words of [
      "pg_create_logical_replication_slot('dms_slot_01', 'pglogical')",
      'pglogical.replication_set_add_table',
      'pg_wal_replay_pause()',
      '--section=data',
      'pg_wal_replay_resume()',
    ]) {
      expect(planned.stdout).toContain(words);
    }
    expect(await lab.source.sql('SELECT count(*) FROM pg_replication_slots WHERE plugin IS NOT NULL')).toEqual([['0']]);
    expect((await journalOf(lab)).length).toBe(0);
  });

  test('--until compare-rows leaves the replica paused at P with every table equal, rows and checksums', async () => {
    const run = await longhaul(lab, 'run', '--plain', '--until', 'compare-rows');
    expect(run.stdout + run.stderr).toContain('compare-rows done');
    expect(run.code).toBe(0);
    const [replica, target] = [await fingerprintDatabase(lab.replica), await fingerprintDatabase(lab.target)];
    expect(compareFingerprints(replica, target)).toEqual([]);
    expect(replica.length).toBeGreaterThan(90);
    expect((await verifyInvariant(lab.target)).holds).toBe(true);
  });

  test('every index, constraint, policy, owner and grant of the source is on the target', async () => {
    const [source, target] = [await lab.source.sql(SCHEMA_PROOF), await lab.target.sql(SCHEMA_PROOF)];
    expect(target).toEqual(source);
    expect(source.length).toBeGreaterThan(150);
    // Some names and texts of the source hold this statement, and a command for the shell.
    expect(await lab.target.sql("SELECT to_regclass('public.pwned') IS NULL")).toEqual([['t']]);
    expect(existsSync('/tmp/longhaul-hostile')).toBe(false);
  });

  test('roles have their settings, limits and memberships, the database what it has of its own', async () => {
    const [source, target] = [await lab.source.sql(GLOBALS_PROOF), await lab.target.sql(GLOBALS_PROOF)];
    expect(target).toEqual(source);
    expect(source.length).toBeGreaterThan(10);
    // Only a superuser may give a role a setting of an extension that is not loaded.
    const refused = JSON.stringify((await stateOf(lab)).evidence['copy-globals']?.['refused']);
    expect(refused).toContain(`SET \\"app\\".\\"api_key\\" TO '***'`);
    expect(JSON.stringify(await journalOf(lab))).not.toContain('hush-hush');
    expect((await longhaul(lab, 'plan', '--sql')).stdout).not.toContain('hush-hush');
  });

  test('P, its proof, slots, sets and every unit with its rows stand in the journal', async () => {
    const state = await stateOf(lab);
    expect(state.boundary?.lsn).toMatch(/^[0-9A-F]+\/[0-9A-F]+$/);
    expect(state.boundaryProved).toBe(true);
    const slots = await lab.source.sql(
      "SELECT slot_name FROM pg_replication_slots WHERE plugin = 'pglogical' ORDER BY 1",
    );
    expect(state.claimed).toEqual(expect.arrayContaining(slots.map(([name]) => `slot ${name}`)));
    const proof = (await journalOf(lab)).find((entry) => entry.type === 'boundary.proved');
    expect(JSON.stringify(proof)).toContain('P >= confirmed_flush_lsn');
    const ledger = await lab.target.sql('SELECT unit, attempt FROM longhaul.load_unit ORDER BY unit');
    expect(new Map(ledger.map(([unit = '', attempt]) => [unit, attempt]))).toEqual(
      new Map(state.units.map(({id}) => [id, '1'])),
    );
    for (const unit of state.units) expect(unit.state).toMatchObject({status: 'committed', attempt: 1});
  });

  test('the second run goes to the end and resumes replay; a third one finds all done', async () => {
    const run = await longhaul(lab, 'run', '--plain');
    expect(run.code).toBe(0);
    expect(run.stdout).toContain('resume-replay done');
    expect(await lab.replica.sql('SELECT pg_is_wal_replay_paused()')).toEqual([['f']]);
    const again = await longhaul(lab, 'run', '--plain');
    expect(again.code).toBe(0);
    expect(again.stdout).toContain('the run is done');
    expect(again.stdout).not.toContain('starts in lane');
  });

  test('no password is in the run folder or in any argument', async () => {
    expect(filesWithThePassword(lab)).toEqual([]);
  });

  test('abort takes slots, sets and node off the source and says what is left', async () => {
    const aborted = await longhaul(lab, 'abort', '--yes', 'rehearsal');
    expect(aborted.code).toBe(0);
    expect(aborted.stdout).toContain('left     the schema and rows on the target');
    expect(await lab.source.sql('SELECT count(*) FROM pg_replication_slots WHERE plugin IS NOT NULL')).toEqual([['0']]);
    expect(await lab.source.sql('SELECT count(*) FROM pglogical.node')).toEqual([['0']]);
    // Those that pglogical leaves on the tables are named with what drops them, which is carried out as it is written.
    const [, count = '', file = ''] =
      /truncate triggers (\d+) of pglogical .*: psql -f ([^;\s]+)/.exec(aborted.stdout) ?? [];
    const left = "SELECT count(*) FROM pg_trigger WHERE tgfoid = 'pglogical.queue_truncate()'::regprocedure";
    expect([await lab.source.sql(left), Number(count) > 0]).toEqual([[[count]], true]);
    await lab.source.sql(await readFile(file, 'utf8'));
    expect(await lab.source.sql(left)).toEqual([['0']]);
    const status = await longhaul(lab, 'status', '--json');
    expect(JSON.parse(status.stdout)).toMatchObject({status: 'aborted', supervisorAlive: false});
  });

  test('a run after an abort loads everything again at a new P, nothing doubled', async () => {
    const before = (await journalOf(lab)).findLast((entry) => entry.type === 'boundary.captured');
    const run = await longhaul(lab, 'run', '--plain', '--until', 'compare-rows');
    expect(run.stdout + run.stderr).toContain('compare-rows done');
    expect(run.code).toBe(0);
    const state = await stateOf(lab);
    expect(before?.type === 'boundary.captured' && before.boundary.lsn).not.toBe(state.boundary?.lsn);
    expect(compareFingerprints(await fingerprintDatabase(lab.replica), await fingerprintDatabase(lab.target))).toEqual(
      [],
    );
  });

  test('abort with the replica down frees the primary, says so, and is taken up again', async () => {
    await lab.replica.stop();
    const aborted = await longhaul(lab, 'abort', '--yes', 'rehearsal');
    await lab.replica.start();
    expect(aborted.code).toBe(1);
    expect(aborted.stderr).toContain('pause-replay: NOT taken back');
    expect(aborted.stderr).toContain('no slot of this run holds WAL on the primary');
    expect(await lab.source.sql('SELECT count(*) FROM pg_replication_slots WHERE plugin IS NOT NULL')).toEqual([['0']]);
    expect(await longhaul(lab, 'abort', '--yes', 'rehearsal')).toMatchObject({code: 0});
  });
});
