import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {maybe} from '../session/versions.ts';

/** An object that belongs to, or may be used by, a role that is no more: databases that came from 8.0 and before have them, and those whose catalog somebody has changed by hand. */
export interface OfGoneRole {
  /** As ALTER names it: `TABLE`, `TEXT SEARCH CONFIGURATION`. */
  readonly type: string;
  /** As SQL names it: `public.f(integer)`. */
  readonly identity: string;
  /** Whether it is its owner that is gone; else one who has rights on it. */
  readonly unowned: boolean;
}

const NO_ACL = 'NULL::aclitem[]';

/** Catalogs whose rows have owners, and what is of interest of them. */
const OWNED: readonly (readonly [catalog: string, owner: string, acl: string, where: string])[] = [
  ['pg_namespace', 'nspowner', 'nspacl', 'true'],
  ['pg_class', 'relowner', 'relacl', "x.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')"],
  ['pg_proc', 'proowner', 'proacl', 'true'],
  [
    'pg_type',
    'typowner',
    'typacl',
    "NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = x.oid) AND (x.typrelid = 0 OR EXISTS (SELECT FROM pg_class c WHERE c.oid = x.typrelid AND c.relkind = 'c'))",
  ],
  ['pg_operator', 'oprowner', NO_ACL, 'true'],
  ['pg_opclass', 'opcowner', NO_ACL, 'true'],
  ['pg_opfamily', 'opfowner', NO_ACL, 'true'],
  ['pg_collation', 'collowner', NO_ACL, 'true'],
  ['pg_conversion', 'conowner', NO_ACL, 'true'],
  ['pg_ts_dict', 'dictowner', NO_ACL, 'true'],
  ['pg_ts_config', 'cfgowner', NO_ACL, 'true'],
  ['pg_language', 'lanowner', 'lanacl', 'true'],
  ['pg_foreign_server', 'srvowner', 'srvacl', 'true'],
  ['pg_largeobject_metadata', 'lomowner', 'lomacl', 'true'],
];

/** `role` is an oid, in SQL. */
const isGone = (role: string): string => `NOT EXISTS (SELECT FROM pg_roles r WHERE r.oid = ${role})`;

/** Every such object. Names come from the server with an empty search_path: qualified and quoted. */
export function readOfGoneRoles(version: ServerVersion): Statement<OfGoneRole> {
  const statistics = maybe('extendedStatistics', version);
  const all = statistics === null ? OWNED : [...OWNED, [statistics, 'stxowner', NO_ACL, 'true'] as const];
  const looks = all.map(
    ([catalog, owner, acl, where]) =>
      `SELECT '${catalog === 'pg_largeobject_metadata' ? 'pg_largeobject' : catalog}'::regclass::oid AS class, x.oid, x.${owner} AS owner, ${acl === NO_ACL ? acl : `x.${acl}`} AS acl FROM ${catalog} x WHERE ${where}`,
  );
  return sql(`
    SELECT DISTINCT CASE i.type WHEN 'statistics object' THEN 'STATISTICS' ELSE upper(i.type) END AS "type", i.identity AS "identity", o.unowned AS "unowned"
      FROM (SELECT e.class, e.oid, ${isGone('e.owner')} AS unowned
              FROM (${looks.join('\n UNION ALL ')}
                    UNION ALL SELECT 'pg_class'::regclass::oid, a.attrelid, c.relowner, a.attacl FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE a.attacl IS NOT NULL) e
             WHERE ${isGone('e.owner')} OR e.acl IS NOT NULL AND EXISTS (SELECT FROM aclexplode(e.acl) g WHERE g.grantee <> 0 AND ${isGone('g.grantee')})
            OFFSET 0) o
     CROSS JOIN LATERAL pg_identify_object(o.class, o.oid, 0) i
     ORDER BY 3 DESC, 1, 2`);
}
