import {sql, type Statement} from '../session/statement.ts';

/** An object and its owner. `kind` and `identity` are words and SQL of the server: `table`, `billing."tax rates, EU"`. */
export interface OwnedObject {
  readonly kind: string;
  readonly identity: string;
  readonly schema: string | null;
  /** Null where several words are needed to name it, as for a routine. */
  readonly name: string | null;
  readonly owner: string;
}

/** How ALTER … OWNER TO names what pg_identify_object() calls so; what is not here has no owner, or is not copied. */
const ALTERS: Readonly<Record<string, string>> = {
  schema: 'SCHEMA',
  table: 'TABLE',
  view: 'TABLE',
  'materialized view': 'TABLE',
  'foreign table': 'TABLE',
  sequence: 'TABLE',
  type: 'TYPE',
  'composite type': 'TYPE',
  function: 'ROUTINE',
  aggregate: 'ROUTINE',
  procedure: 'ROUTINE',
  operator: 'OPERATOR',
  'operator class': 'OPERATOR CLASS',
  'operator family': 'OPERATOR FAMILY',
  collation: 'COLLATION',
  conversion: 'CONVERSION',
  'text search dictionary': 'TEXT SEARCH DICTIONARY',
  'text search configuration': 'TEXT SEARCH CONFIGURATION',
  'statistics object': 'STATISTICS',
  'foreign-data wrapper': 'FOREIGN DATA WRAPPER',
  server: 'SERVER',
};

/**
 * Everything in the database that a role owns, but for the bootstrap superuser's, large objects, what an extension brings, and sequences that
 * belong to a column and go with its table. pg_shdepend has exactly these. Identities are quoted by the server.
 */
export function readOwnedObjects(): Statement<OwnedObject> {
  return sql(`
    SELECT i.type AS "kind", i.identity AS "identity", ${plainName('i.schema')} AS "schema", ${plainName('i.name')} AS "name", r.rolname::text AS "owner"
      FROM pg_shdepend s
      JOIN pg_roles r ON r.oid = s.refobjid
      CROSS JOIN LATERAL pg_identify_object(s.classid, s.objid, s.objsubid) AS i(type, schema, name, identity)
     WHERE s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND s.refclassid = 'pg_authid'::regclass AND s.deptype = 'o' AND s.classid <> 'pg_largeobject'::regclass
       AND i.identity IS NOT NULL
       AND coalesce(i.schema, i.identity) NOT IN ('pglogical', 'pglogical_origin', 'longhaul')
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = s.classid AND d.objid = s.objid AND d.deptype = 'e')
       AND NOT EXISTS (SELECT FROM pg_depend d JOIN pg_class c ON c.oid = d.objid AND c.relkind = 'S'
                        WHERE d.classid = 'pg_class'::regclass AND s.classid = d.classid AND d.objid = s.objid
                          AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i'))
     ORDER BY s.classid, s.objid`);
}

/** pg_identify_object() quotes names where that is needed; a name is quoted where it is written, and once. The SQL of the plain name. Pure. */
export function plainName(name: string): string {
  return `CASE WHEN ${name} LIKE '"%"' THEN replace(substr(${name}, 2, length(${name}) - 2), '""', '"') ELSE ${name} END`;
}

/** Gives an object to a role; null for a kind that has no owner on the target. */
export function giveTo({kind, identity}: Pick<OwnedObject, 'kind' | 'identity'>, owner: string): string | null {
  const words = ALTERS[kind];
  return words === undefined ? null : `ALTER ${words} ${identity} OWNER TO ${owner}`;
}
