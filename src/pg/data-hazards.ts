import {sql, type Statement} from './statement.ts';

/** Something about the data that the procedure or CDC does not carry as it is. */
export interface HazardRow {
  readonly hazard: 'foreign table' | 'numeric or char' | 'deferrable or exclusion' | 'inheritance';
  readonly schema: string;
  readonly name: string;
  readonly detail: string;
}

/**
 * Foreign tables (their rows lie elsewhere), numeric without precision and char(n) (DMS changes them), deferrable and exclusion
 * constraints (a parallel apply may trip over them), inheritance that is no partitioning.
 */
export function readDataHazards(): Statement<HazardRow> {
  const user = `n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'pglogical', 'pglogical_origin', 'longhaul')`;
  return sql(`
    SELECT 'foreign table' AS "hazard", n.nspname::text AS "schema", c.relname::text AS "name", '' AS "detail"
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'f' AND ${user}
    UNION ALL
    SELECT 'numeric or char', n.nspname::text, c.relname::text, a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped AND ${user}
       AND (a.atttypid = 'numeric'::regtype AND a.atttypmod = -1 OR a.atttypid = 'bpchar'::regtype)
    UNION ALL
    SELECT 'deferrable or exclusion', n.nspname::text, c.relname::text, o.conname::text
      FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE (o.contype = 'x' OR o.condeferrable AND o.contype IN ('p', 'u')) AND ${user}
    UNION ALL
    SELECT 'inheritance', n.nspname::text, c.relname::text, ''
      FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_class p ON p.oid = i.inhparent
     WHERE c.relkind = 'r' AND p.relkind = 'r' AND ${user}
    ORDER BY 1, 2, 3`);
}
