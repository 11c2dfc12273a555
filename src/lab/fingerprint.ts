import type {LabServer} from './cluster/lab-server.ts';

/** One table's content in two figures. */
export interface TableFingerprint {
  /** As the server quotes it: `public."Mixed Case"`; `large objects` is all of them. */
  readonly table: string;
  /** Null for an unlogged table, which a standby cannot read. */
  readonly rows: number | null;
  /** Sum of 64 bits of every row's digest, whatever the order of rows and columns: `-1234567890123`; null as above. */
  readonly checksum: string | null;
}

/** Every table's rows and checksum in one snapshot, sorted by name; inheritance parents and partitions count their own rows only. */
export async function fingerprintDatabase(server: LabServer): Promise<TableFingerprint[]> {
  const tables = await server.sql(TABLES);
  const parts = tables.map(([name = '', unlogged, digests = '']) =>
    unlogged === 't' ? unread(name) : fingerprintOf(name, digests),
  );
  const rows = await server.sql(`${DIGEST_SETTINGS}${[...parts, LARGE_OBJECTS].join('\nUNION ALL\n')}`);
  return rows
    .map(([table = '', count = '', checksum = '']) => ({
      table,
      rows: count === '' ? null : Number(count),
      checksum: checksum === '' ? null : checksum,
    }))
    .toSorted((a, b) => (a.table < b.table ? -1 : 1));
}

/** Where the target is not what the replica is, in sentences; tables only the target has are left out. */
export function compareFingerprints(
  replica: readonly TableFingerprint[],
  target: readonly TableFingerprint[],
): {table: string; seen: string}[] {
  const byName = new Map(target.map((one) => [one.table, one]));
  return replica.flatMap(({table, rows, checksum}) => {
    if (rows === null) return [];
    const there = byName.get(table);
    if (there === undefined) return [{table, seen: 'is not on the target'}];
    if (there.rows !== rows) return [{table, seen: `has ${rows} rows on the replica, ${there.rows} on the target`}];
    return there.checksum === checksum ? [] : [{table, seen: `has ${rows} rows on both, with another content`}];
  });
}

/**
 * SQL over pg_attribute `a` and pg_class `c`: the expressions that digest a row column by column, by name, for the order of columns may differ. A float by its bytes: its text is not the same before 12 and from it
 * on. XML as it is written out: cast to text it is what somebody typed, with a declaration that a copy has not. Null for a table without columns.
 */
export const COLUMN_DIGESTS = `(SELECT string_agg(format(CASE a.atttypid WHEN 700 THEN 'md5(float4send(%I))' WHEN 701 THEN 'md5(float8send(%I))' WHEN 142 THEN 'md5(ARRAY[%I]::text)' ELSE 'md5(%I::text)' END, a.attname), ', ' ORDER BY a.attname)
     FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)`;

/** Settings for what these read: a row's text must not depend on who reads it; a float's digits in arrays, ranges and composites are those that all versions print alike. */
export const DIGEST_SETTINGS = `SET datestyle = 'ISO'; SET intervalstyle = 'postgres'; SET timezone = 'UTC'; SET bytea_output = 'hex'; SET lc_monetary = 'C';
  SET extra_float_digits = 0; SET search_path = pg_catalog;\n`;

/** Tables with rows of their own that no extension owns. */
const TABLES = `
  SELECT format('%I.%I', n.nspname, c.relname), c.relpersistence = 'u', ${COLUMN_DIGESTS}
  FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r' AND c.relpersistence IN ('p', 'u')
    AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend AS d
                    WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')`;

// md5 and not hashtext: it is the same on every version.
function fingerprintOf(table: string, digests: string): string {
  return `SELECT ${literal(table)}, count(*), ${sumOf(digests === '' ? "'none'" : `ARRAY[${digests}]::text`)} FROM ONLY ${table}`;
}

function unread(table: string): string {
  return `SELECT ${literal(table)}, NULL, NULL`;
}

function sumOf(text: string): string {
  return `coalesce(sum(('x' || substr(md5(${text}), 1, 16))::bit(64)::bigint), 0)`;
}

function literal(text: string): string {
  return `$longhaul_name$${text}$longhaul_name$`;
}

const LARGE_OBJECTS = `SELECT 'large objects', count(*), ${sumOf("oid || encode(lo_get(oid), 'hex')")} FROM pg_largeobject_metadata`;
