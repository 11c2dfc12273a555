import {execFile} from 'node:child_process';
import {join} from 'node:path';
import type {LabServer} from '../../src/lab/cluster/lab-server.ts';
import {COLUMN_DIGESTS, DIGEST_SETTINGS} from '../../src/lab/fingerprint.ts';

/** One thing that is not the same on both sides. `names` are what a finding may call it. */
export interface Difference {
  readonly what: string;
  readonly names: readonly string[];
}

/** What a database holds, a line for each thing: `rows of public.t` → `3 rows, 1f…`. */
export type Contents = ReadonlyMap<string, Content>;

interface Content {
  readonly value: string;
  readonly names: readonly string[];
  /** Of a table that a standby can read, and that is therefore loaded. */
  readonly loadedRows?: number;
}

/** Where the target does not hold what the source holds; what only the target holds is told, too. Pure. */
export function compareContents(source: Contents, target: Contents): Difference[] {
  const missing = [...source].flatMap(([key, {value, names}]) => {
    const there = target.get(key)?.value;
    return there === value
      ? []
      : [{what: `${key}: ${value} on the source, ${there ?? 'nothing'} on the target`, names}];
  });
  const more = [...target]
    .filter(([key]) => !source.has(key))
    .map(([key, {value, names}]) => ({what: `${key}: ${value} on the target only`, names}));
  return [...missing, ...more];
}

/** Reads rows of tables and materialized views by checksum, sequences, large objects with owners and rights, invalid indexes, settings, roles. */
export async function readContents(server: LabServer): Promise<Contents> {
  const client = await clientEncoding(server);
  const ask = async (sql: string): Promise<string[][]> => query(server, `${SETTINGS}${sql}`, client);
  const found = new Map<string, Content>();
  const [[version = '0'] = []] = await ask('SHOW server_version_num');
  for (const [name = '', schema = '', table = '', populated = '', digests = '', logged = ''] of await ask(TABLES)) {
    const names = [`${schema}.${table}`, table];
    // A sum does not depend on the order; a table without columns has rows all the same.
    const [[rows = '', sum = ''] = []] =
      populated === 't'
        ? await ask(
            `SELECT count(*), coalesce(sum(('x' || substr(md5(ARRAY[${digests}]::text), 1, 15))::bit(60)::bigint), 0) FROM ONLY ${name}`,
          )
        : [['not populated', '']];
    found.set(`rows of ${name}`, {
      value: `${rows} rows, ${sum}`,
      names,
      ...(logged === 't' ? {loadedRows: Number(rows)} : {}),
    });
  }
  for (const [key, value] of await readSequences(server)) found.set(key, value);
  for (const [kind = '', name = '', value = ''] of await ask(STATES)) {
    // A setting is named without its role.
    const names = kind === 'setting' ? [name.split(' ').at(-1) ?? name] : [name, kind];
    found.set(`${kind} ${name}`, {value, names});
  }
  if (Number(version) >= 90500)
    for (const [name = '', value = ''] of await ask(BYPASS))
      found.set(`bypassrls of ${name}`, {value, names: [name, 'BYPASSRLS']});
  return found;
}

/** Where every sequence is. */
export async function readSequences(server: LabServer): Promise<Contents> {
  const found = new Map<string, Content>();
  const client = await clientEncoding(server);
  const ask = async (sql: string): Promise<string[][]> => query(server, `${SETTINGS}${sql}`, client);
  for (const [name = '', schema = '', sequence = ''] of await ask(SEQUENCES)) {
    const [[last = '', called = ''] = []] = await ask(`SELECT last_value, is_called FROM ${name}`);
    found.set(`sequence ${name}`, {
      value: `${last}, ${called === 't' ? 'used' : 'unused'}`,
      names: [`${schema}.${sequence}`, sequence],
    });
  }
  return found;
}

async function clientEncoding(server: LabServer): Promise<string> {
  const [[encoding = ''] = []] = await query(server, "SELECT current_setting('server_encoding')", 'SQL_ASCII');
  return encoding === 'SQL_ASCII' ? 'SQL_ASCII' : 'UTF8';
}

/** psql as superuser, in the client encoding in which no byte changes. */
async function query(server: LabServer, sql: string, encoding: string): Promise<string[][]> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      join(server.clientBin, 'psql'),
      ['-XAqt', '-v', 'ON_ERROR_STOP=1', '-F', '\u001f', '-R', '\u001e', '-d', server.conninfo, '-f', '-'],
      {
        env: {PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8', PGCLIENTENCODING: encoding},
        encoding: 'buffer',
        maxBuffer: 256 * 1024 * 1024,
      },
      (error, stdout, stderr) => {
        if (error !== null) return reject(new Error(stderr.toString('latin1').trim() || error.message));
        const body = stdout.toString(encoding === 'UTF8' ? 'utf8' : 'latin1').replace(/\n$/, '');
        resolve(body === '' ? [] : body.split('\u001e').map((row) => row.split('\u001f')));
      },
    );
    child.stdin?.end(Buffer.from(sql, encoding === 'UTF8' ? 'utf8' : 'latin1'));
  });
}

const SETTINGS = `${DIGEST_SETTINGS}SET statement_timeout = 0; SET row_security = off; SET default_transaction_read_only = off;\n`;

const USER = `n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', 'longhaul', 'pglogical', 'pglogical_origin')`;

/** Tables, materialized views and configuration tables of extensions, with an expression that digests a row column by column. */
const TABLES = `
  SELECT format('%I.%I', n.nspname, c.relname), n.nspname, c.relname, c.relispopulated,
         coalesce(${COLUMN_DIGESTS}, '''none'''),
         c.relkind = 'r' AND c.relpersistence = 'p'
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'm') AND c.relpersistence <> 't' AND ${USER}
     AND (NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
          OR EXISTS (SELECT 1 FROM pg_extension e WHERE c.oid = ANY (e.extconfig)))
   ORDER BY 1`;

// One that is unlogged no standby can read, and its value is copied at the cutover.
const SEQUENCES = `
  SELECT format('%I.%I', n.nspname, c.relname), n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relkind = 'S' AND c.relpersistence <> 'u' AND c.relpersistence <> 't' AND ${USER}
     AND (NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
          OR EXISTS (SELECT 1 FROM pg_extension e WHERE c.oid = ANY (e.extconfig)))
   ORDER BY 1`;

/** The lab's own roles, and the superuser whose objects become Longhaul's. */
const OURS = `'longhaul', 'postgres'`;

const STATES = `
  SELECT 'large objects' AS kind, 'of ' || replace(m.lomowner::regrole::text, 'postgres', 'longhaul') || ', ' || coalesce(replace(m.lomacl::text, 'postgres', 'longhaul'), 'no grants') AS name,
         count(*) || ', ' || sum(('x' || substr(md5(m.oid || encode(lo_get(m.oid), 'hex')), 1, 15))::bit(60)::bigint) AS value FROM pg_largeobject_metadata m GROUP BY 2
  UNION ALL
  SELECT 'invalid index', x.relname, 'on ' || i.indrelid::regclass FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT i.indisvalid AND c.relkind <> 'p' AND ${USER}
  UNION ALL
  SELECT 'setting', coalesce(r.rolname, 'every role') || CASE WHEN s.setdatabase = 0 THEN '' ELSE ' in database' END || ' ' || split_part(one, '=', 1), one
    FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole CROSS JOIN unnest(s.setconfig) AS one WHERE r.rolname IS NULL OR r.rolname NOT IN (${OURS})
  UNION ALL
  SELECT 'role', rolname, concat_ws(' ', CASE WHEN rolsuper THEN 'superuser' END, CASE WHEN rolinherit THEN 'inherit' END, CASE WHEN rolcreaterole THEN 'createrole' END,
         CASE WHEN rolcreatedb THEN 'createdb' END, CASE WHEN rolcanlogin THEN 'login' END, CASE WHEN rolreplication THEN 'replication' END, rolconnlimit, rolvaliduntil)
    FROM pg_roles WHERE oid >= 16384 AND rolname NOT IN (${OURS})
  UNION ALL
  SELECT 'member', m.rolname || ' of ' || r.rolname, CASE WHEN bool_or(a.admin_option) THEN 'with admin' ELSE 'plain' END
    FROM pg_auth_members a JOIN pg_roles r ON r.oid = a.roleid JOIN pg_roles m ON m.oid = a.member WHERE m.oid >= 16384 AND m.rolname NOT IN (${OURS}) GROUP BY 2
  UNION ALL
  SELECT 'database', 'comment', shobj_description(d.oid, 'pg_database') FROM pg_database d WHERE d.datname = current_database() AND shobj_description(d.oid, 'pg_database') IS NOT NULL`;

const BYPASS = `SELECT rolname, 'yes' FROM pg_roles WHERE rolbypassrls AND oid >= 16384 AND rolname NOT IN (${OURS})`;
