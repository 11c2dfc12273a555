import {quoteIdentifier} from '../../domain/pg/identifier.ts';
import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {maybe, pick} from '../session/versions.ts';

/** One privilege that somebody has beyond the default of his kind of object, or lacks of it. */
export interface GrantRow {
  readonly revoke: boolean;
  /** As GRANT names it: `SELECT`. */
  readonly privilege: string;
  readonly column: string | null;
  /** SQL of the server: `TABLE billing."tax rates, EU"`, `ROUTINE public.f(integer)`. */
  readonly object: string;
  readonly schema: string | null;
  /** Null is PUBLIC. */
  readonly grantee: string | null;
  readonly grantable: boolean;
}

const ACL = `
  SELECT 'TABLE' AS word, 'r' AS kind, c.oid::regclass::text AS name, n.nspname AS schema, c.relowner AS owner, c.relacl AS acl, NULL::name AS col,
         'pg_class'::regclass AS class, c.oid, 0 AS sub
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
  UNION ALL
  SELECT 'SEQUENCE', 's', c.oid::regclass::text, n.nspname, c.relowner, c.relacl, NULL, 'pg_class'::regclass, c.oid, 0
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'S'
  UNION ALL
  SELECT 'TABLE', 'c', c.oid::regclass::text, n.nspname, c.relowner, a.attacl, a.attname, 'pg_class'::regclass, c.oid, a.attnum::int
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE a.attacl IS NOT NULL AND NOT a.attisdropped
  UNION ALL
  SELECT 'SCHEMA', 'n', quote_ident(n.nspname), n.nspname, n.nspowner, n.nspacl, NULL, 'pg_namespace'::regclass, n.oid, 0 FROM pg_namespace n
  UNION ALL
  SELECT 'ROUTINE', 'f', p.oid::regprocedure::text, n.nspname, p.proowner, p.proacl, NULL, 'pg_proc'::regclass, p.oid, 0
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  UNION ALL
  SELECT 'TYPE', 'T', t.oid::regtype::text, n.nspname, t.typowner, t.typacl, NULL, 'pg_type'::regclass, t.oid, 0
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
  UNION ALL
  SELECT 'FOREIGN DATA WRAPPER', 'F', quote_ident(w.fdwname), NULL, w.fdwowner, w.fdwacl, NULL, 'pg_foreign_data_wrapper'::regclass, w.oid, 0
    FROM pg_foreign_data_wrapper w
  UNION ALL
  SELECT 'FOREIGN SERVER', 'S', quote_ident(v.srvname), NULL, v.srvowner, v.srvacl, NULL, 'pg_foreign_server'::regclass, v.oid, 0
    FROM pg_foreign_server v
  UNION ALL
  SELECT 'LANGUAGE', 'l', quote_ident(l.lanname), NULL, l.lanowner, l.lanacl, NULL, 'pg_language'::regclass, l.oid, 0 FROM pg_language l
  UNION ALL
  SELECT 'DATABASE', 'd', quote_ident(d.datname), NULL, d.datdba, d.datacl, NULL, 'pg_database'::regclass, d.oid, 0
    FROM pg_database d WHERE d.datname = current_database()`;

/**
 * Every privilege of the database and its objects that differs from the default: what was granted, and what of the default was revoked. Of an extension's
 * objects what differs from what it gave them itself, as far as the server knows that; not the system's own objects. Names come from the
 * server with an empty search_path: qualified and quoted.
 */
export function readGrants(version: ServerVersion): Statement<GrantRow> {
  const given = maybe('extensionAcl', version);
  return sql(`
    WITH acl AS (
      SELECT every.*, CASE WHEN e.member THEN ${given ?? 'NULL::aclitem[]'} END AS first
        FROM (${ACL}) every
        CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM pg_depend d WHERE d.classid = class AND d.objid = every.oid AND d.deptype = 'e') AS member) e
       WHERE acl IS NOT NULL AND coalesce(schema, '') !~ '^pg_'
         AND coalesce(schema, '') NOT IN ('information_schema', 'pglogical', 'pglogical_origin', 'longhaul')
         AND ${given === null ? 'NOT e.member' : 'true'}),
    has AS (SELECT a.word, a.name, a.schema, a.col, x.grantee, a.owner, x.privilege_type, bool_or(x.is_grantable) AS grantable
              FROM acl a CROSS JOIN LATERAL aclexplode(a.acl) x GROUP BY 1, 2, 3, 4, 5, 6, 7),
    usual AS (SELECT a.word, a.name, a.schema, a.col, x.grantee, a.owner, x.privilege_type
                FROM acl a CROSS JOIN LATERAL aclexplode(CASE WHEN a.first IS NOT NULL THEN a.first WHEN a.kind = 'c' THEN NULL::aclitem[]
                                                     ELSE acldefault(a.kind::"char", a.owner) END) x),
    -- Every database is made with more in its schema public than that.
    given AS (SELECT a.word, a.name, a.schema, 0::oid AS grantee, p AS privilege_type
                FROM acl a CROSS JOIN unnest(ARRAY['USAGE', 'CREATE']) AS p WHERE a.word = 'SCHEMA' AND a.schema = 'public'
              UNION SELECT word, name, schema, grantee, privilege_type FROM usual)
    SELECT false AS "revoke", h.privilege_type AS "privilege", h.col::text AS "column", h.word || ' ' || h.name AS "object", h.schema::text AS "schema",
           r.rolname::text AS "grantee", h.grantable AS "grantable"
      FROM has h LEFT JOIN pg_roles r ON r.oid = h.grantee
     WHERE (h.grantee = 0 OR r.oid IS NOT NULL)
       AND NOT EXISTS (SELECT FROM usual u WHERE (u.word, u.name, u.grantee, u.privilege_type) = (h.word, h.name, h.grantee, h.privilege_type)
                          AND h.col IS NULL)
    UNION ALL
    SELECT true, u.privilege_type, NULL, u.word || ' ' || u.name, u.schema::text, r.rolname::text, false
      FROM given u LEFT JOIN pg_roles r ON r.oid = u.grantee
     WHERE (u.grantee = 0 OR r.oid IS NOT NULL) AND NOT EXISTS (
             SELECT FROM has h WHERE (h.word, h.name, h.grantee, h.privilege_type) = (u.word, u.name, u.grantee, u.privilege_type) AND h.col IS NULL)
     ORDER BY 4, 1 DESC, 3, 6, 2`);
}

/** A privilege that somebody else than the owner has given, by his grant option: only he, and superusers, take it back. */
export interface GivenByRow extends Omit<GrantRow, 'revoke' | 'grantable' | 'schema'> {
  readonly grantor: string;
  /** Whether the owner has given it as well. */
  readonly alsoByOwner: boolean;
}

/** Every privilege that was given by another role than the object's owner; not those of an extension's objects, and not the system's. */
export function readGivenByOthers(): Statement<GivenByRow> {
  return sql(`
    SELECT x.privilege_type AS "privilege", a.col::text AS "column", a.word || ' ' || a.name AS "object", r.rolname::text AS "grantee",
           g.rolname::text AS "grantor",
           EXISTS (SELECT FROM aclexplode(a.acl) o
                    WHERE o.grantor = a.owner AND o.grantee = x.grantee AND o.privilege_type = x.privilege_type) AS "alsoByOwner"
      FROM (${ACL}) a CROSS JOIN LATERAL aclexplode(a.acl) x
      JOIN pg_roles g ON g.oid = x.grantor
      LEFT JOIN pg_roles r ON r.oid = x.grantee
     WHERE a.acl IS NOT NULL AND x.grantor <> a.owner AND (x.grantee = 0 OR r.oid IS NOT NULL)
       AND coalesce(a.schema, '') !~ '^pg_' AND coalesce(a.schema, '') NOT IN ('information_schema', 'pglogical', 'pglogical_origin', 'longhaul')
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = a.class AND d.objid = a.oid AND d.deptype = 'e')
     ORDER BY 3, 2, 4, 1, 5`);
}

/** Gives or takes one privilege. `grantee` is SQL. */
export function applyGrant(row: Omit<GrantRow, 'grantee'>, grantee: string): string {
  const column = row.column === null ? '' : ` (${quoteIdentifier(row.column)})`;
  return row.revoke
    ? `REVOKE ${row.privilege}${column} ON ${row.object} FROM ${grantee}`
    : `GRANT ${row.privilege}${column} ON ${row.object} TO ${grantee}${row.grantable ? ' WITH GRANT OPTION' : ''}`;
}

/** One privilege that objects get which a role creates from now on. */
export interface DefaultGrantRow {
  readonly owner: string;
  /** Null is in any schema. */
  readonly inSchema: string | null;
  readonly revoke: boolean;
  readonly privilege: string;
  /** As ALTER DEFAULT PRIVILEGES names it: `TABLES`. */
  readonly objects: string;
  readonly grantee: string | null;
  readonly grantable: boolean;
}

/** Default privileges of the database, as far as they differ from what everybody has. Those of a schema add to these and take nothing. */
export function readDefaultGrants(version: ServerVersion): Statement<DefaultGrantRow> {
  return sql(`
    WITH acl AS (
      SELECT d.oid, d.defaclrole AS owner, n.nspname AS schema, d.defaclacl AS acl,
             CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS' WHEN 'T' THEN 'TYPES'
                                  WHEN 'n' THEN 'SCHEMAS' ELSE ${pick('defaultAclOther', version)} END AS objects,
             CASE WHEN d.defaclnamespace <> 0 THEN NULL::aclitem[]
                  ELSE acldefault(CASE d.defaclobjtype WHEN 'S' THEN 's' ELSE d.defaclobjtype END, d.defaclrole) END AS usual
        FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace
       WHERE coalesce(n.nspname, '') NOT IN ('pglogical', 'pglogical_origin', 'longhaul')),
    has AS (SELECT a.*, x.grantee, x.privilege_type, x.is_grantable FROM acl a CROSS JOIN LATERAL aclexplode(a.acl) x),
    used AS (SELECT a.*, x.grantee, x.privilege_type FROM acl a CROSS JOIN LATERAL aclexplode(a.usual) x)
    SELECT o.rolname::text AS "owner", d.schema::text AS "inSchema", d.revoke AS "revoke", d.privilege_type AS "privilege", d.objects AS "objects",
           r.rolname::text AS "grantee", d.grantable AS "grantable"
      FROM (SELECT h.owner, h.schema, false AS revoke, h.privilege_type, h.objects, h.grantee, h.is_grantable AS grantable FROM has h
             WHERE NOT EXISTS (
                     SELECT FROM used u WHERE u.oid = h.oid AND u.grantee = h.grantee AND u.privilege_type = h.privilege_type)
            UNION ALL
            SELECT u.owner, u.schema, true, u.privilege_type, u.objects, u.grantee, false FROM used u
             WHERE NOT EXISTS (
                     SELECT FROM has h WHERE h.oid = u.oid AND h.grantee = u.grantee AND h.privilege_type = u.privilege_type)) d
      JOIN pg_roles o ON o.oid = d.owner
      LEFT JOIN pg_roles r ON r.oid = d.grantee
     WHERE d.grantee = 0 OR r.oid IS NOT NULL
     ORDER BY 1, 2 NULLS FIRST, 5, 3 DESC, 6, 4`);
}

/** Gives or takes one default privilege. `grantee` is SQL. */
export function applyDefaultGrant(row: Omit<DefaultGrantRow, 'grantee'>, grantee: string): string {
  const place = row.inSchema === null ? '' : ` IN SCHEMA ${quoteIdentifier(row.inSchema)}`;
  const what = row.revoke
    ? `REVOKE ${row.privilege} ON ${row.objects} FROM ${grantee}`
    : `GRANT ${row.privilege} ON ${row.objects} TO ${grantee}${row.grantable ? ' WITH GRANT OPTION' : ''}`;
  return `ALTER DEFAULT PRIVILEGES FOR ROLE ${quoteIdentifier(row.owner)}${place} ${what}`;
}
