import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {pick} from '../session/versions.ts';

/** Something that does not come along. */
export interface LeftBehindRow {
  readonly kind:
    | 'event trigger'
    | 'publication'
    | 'subscription'
    | 'language'
    | 'security label'
    | 'comment'
    | 'default privileges'
    | 'privileges'
    | 'system privileges'
    | 'setting privileges'
    | 'goes with'
    | 'database'
    | 'superuser';
  readonly name: string;
}

/** What a managed server takes from nobody, or what must not begin to work there by itself; extensions' own left out. */
export function readLeftBehind(version: ServerVersion): Statement<LeftBehindRow> {
  return sql(`
    SELECT 'event trigger' AS "kind", t.evtname::text AS "name" FROM pg_event_trigger t
     WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_event_trigger'::regclass AND d.objid = t.oid AND d.deptype = 'e')
    UNION ALL
    ${pick('publicationNames', version)}
    UNION ALL
    ${pick('subscriptionNames', version)}
    UNION ALL
    SELECT 'language', l.lanname::text FROM pg_language l
     WHERE l.oid >= 16384 AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_language'::regclass AND d.objid = l.oid AND d.deptype = 'e')
    UNION ALL
    SELECT 'security label', s.objname FROM pg_seclabels s
    UNION ALL
    SELECT 'comment', 'on extension ' || e.extname FROM pg_extension e LEFT JOIN pg_available_extensions a ON a.name = e.extname
     WHERE e.extname NOT IN ('pglogical', 'pglogical_origin') AND obj_description(e.oid, 'pg_extension') IS DISTINCT FROM a.comment
    UNION ALL
    SELECT 'comment', 'on schema public' FROM pg_namespace n
     WHERE n.nspname = 'public' AND obj_description(n.oid, 'pg_namespace') IS DISTINCT FROM 'standard public schema'
    UNION ALL
    SELECT 'default privileges', 'DEFAULT PRIVILEGES FOR ' || CASE a.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS'
             WHEN 'T' THEN 'TYPES' WHEN 'n' THEN 'SCHEMAS' ELSE 'LARGE OBJECTS' END || ' of ' || r.rolname || coalesce(' in schema ' || n.nspname, '')
      FROM pg_default_acl a JOIN pg_roles r ON r.oid = a.defaclrole LEFT JOIN pg_namespace n ON n.oid = a.defaclnamespace WHERE r.rolsuper
    UNION ALL
    SELECT 'privileges', 'on language ' || l.lanname FROM pg_language l JOIN pg_roles r ON r.oid = l.lanowner
     WHERE r.rolsuper AND EXISTS (
             (SELECT * FROM aclexplode(l.lanacl) EXCEPT SELECT * FROM aclexplode(acldefault('l', l.lanowner)))
             UNION ALL (SELECT * FROM aclexplode(acldefault('l', l.lanowner)) WHERE l.lanacl IS NOT NULL EXCEPT SELECT * FROM aclexplode(l.lanacl)))
    UNION ALL
    ${pick('systemPrivileges', version)}
    UNION ALL
    ${pick('parameterPrivileges', version)}
    UNION ALL
    SELECT 'goes with', CASE WHEN d.classid = 'pg_class'::regclass THEN 'ALTER INDEX ' || d.objid::regclass ELSE format('ALTER TRIGGER %I ON %s', t.tgname, t.tgrelid::regclass) END || format(' DEPENDS ON EXTENSION %I', e.extname)
      FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid AND c.relkind IN ('i', 'I')
      LEFT JOIN pg_trigger t ON d.classid = 'pg_trigger'::regclass AND t.oid = d.objid
     WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'x' AND (c.oid IS NOT NULL OR t.oid IS NOT NULL)
    UNION ALL
    SELECT 'database', 'IS_TEMPLATE' FROM pg_database d WHERE d.datname = current_database() AND d.datistemplate
    UNION ALL
    SELECT 'superuser', n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_roles r ON r.oid = c.relowner
     WHERE r.rolsuper AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND c.relpersistence <> 't'
       AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'pglogical', 'pglogical_origin', 'longhaul')
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('e', 'i', 'a'))
    ORDER BY 1, 2`);
}
