import type {LabServer} from '../../src/lab/cluster/lab-server.ts';

/** Files that need a second session, a kill or several commands: what tries them instead. */
export const OWN_TESTS: Readonly<Record<string, string>> = {
  'b11-reload-over-not-valid-check': 'test/e2e/whole-runs/done-means-done.test.ts',
  'r05b-killed-while-validating': 'test/e2e/whole-runs/done-means-done.test.ts',
  'r07-exclusive-lock-at-pause': 'test/cases/stories/exclusive-lock.pg.test.ts',
  'r12-slot-behind-open-transaction': 'test/cases/stories/open-transaction.pg.test.ts',
  'r18-killed-while-building-keys': 'test/e2e/whole-runs/done-means-done.test.ts',
};

/** What a file's comment says beside its SQL. */
interface Extra {
  readonly source?: string;
  readonly target?: string;
}

/** By what the names of the files begin with. */
const EXTRAS: Readonly<Record<string, Extra>> = {
  'r06c-': {source: 'ALTER DATABASE app SET default_transaction_read_only = on'},
  'r16-': {
    source: "ALTER ROLE longhaul SET statement_timeout = '300ms'",
    target:
      "ALTER ROLE longhaul SET statement_timeout = '50ms'; ALTER ROLE longhaul SET lock_timeout = '10ms'; ALTER ROLE longhaul SET idle_in_transaction_session_timeout = '200ms'",
  },
};

/** Does on source and target what the comment of this file says beside its SQL. */
export async function doExtras(name: string, servers: {source: LabServer; target: LabServer}): Promise<void> {
  for (const [prefix, {source, target}] of Object.entries(EXTRAS)) {
    if (!name.startsWith(prefix)) continue;
    if (source !== undefined) await servers.source.sql(source, 'postgres');
    if (target !== undefined) await servers.target.sql(target, 'postgres');
  }
}

/** Tables that are members of an extension and not of its script: made on the target as the script of a real extension would make them. */
export async function makeMembersOnTarget({source, target}: {source: LabServer; target: LabServer}): Promise<void> {
  const members = await source.sql(MEMBERS);
  for (const [extension = '', table = '', columns = ''] of members) {
    await target.sql(`CREATE EXTENSION IF NOT EXISTS ${extension}`);
    const [[there] = []] = await target.sql(`SELECT to_regclass('${table.replaceAll("'", "''")}') IS NOT NULL`);
    if (there === 't') continue;
    await target.sql(`CREATE TABLE ${table} (${columns}); ALTER TABLE ${table} OWNER TO longhaul; ALTER EXTENSION ${extension} ADD TABLE ${table};
      UPDATE pg_extension SET extconfig = coalesce(extconfig, '{}') || '${table.replaceAll("'", "''")}'::regclass::oid, extcondition = coalesce(extcondition, '{}') || ''::text WHERE extname = '${extension.replaceAll('"', '').replaceAll("'", "''")}'`);
  }
}

const MEMBERS = `
  SELECT quote_ident(e.extname), format('%I.%I', n.nspname, c.relname),
         (SELECT string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum)
            FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
    FROM pg_extension e JOIN pg_depend d ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e'
    JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid AND c.relkind = 'r' JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE e.extname NOT LIKE 'pglogical%' AND c.oid = ANY (e.extconfig)`;
