/**
 * Whether the parent `i.inhparent` is partitioned by the hash of a type that has an enum in it, or a name of the catalog: both are hashed by their
 * oids, which no other server has. Known to servers from 11 on. Source: src/backend/utils/adt/enum.c, hashenum
 */
export const PARENT_HASHES_OIDS = `EXISTS (SELECT FROM pg_partitioned_table p WHERE p.partrelid = i.inhparent AND p.partstrat = 'h' AND EXISTS (
        WITH RECURSIVE inside AS (
          SELECT k.atttypid AS part FROM pg_attribute k WHERE k.attrelid = p.partrelid AND k.attnum = ANY (p.partattrs::int2[])
          UNION
          SELECT b.part FROM inside JOIN pg_type t ON t.oid = inside.part CROSS JOIN LATERAL (
            SELECT nullif(t.typelem, 0) AS part
            UNION ALL SELECT nullif(t.typbasetype, 0)
            UNION ALL SELECT d.atttypid FROM pg_attribute d WHERE d.attrelid = nullif(t.typrelid, 0) AND d.attnum > 0 AND NOT d.attisdropped
            UNION ALL SELECT r.rngsubtype FROM pg_range r WHERE r.rngtypid = t.oid) b WHERE b.part IS NOT NULL)
        SELECT FROM inside JOIN pg_type t ON t.oid = inside.part WHERE t.typtype = 'e' OR t.oid IN (SELECT g.oid FROM pg_type g WHERE g.typnamespace = 'pg_catalog'::regnamespace AND g.typname LIKE 'reg%')))`;
