import {plainName} from '../roles/owned-objects.ts';
import {sql, type Statement} from '../session/statement.ts';

/** What a table or view needs, by a trigger, a default, its definition or the type of a column. */
export interface NeedRow {
  readonly schema: string;
  readonly name: string;
  /** `trigger audit`, `a default`, `its definition`, `a column`. */
  readonly by: string;
  /** As pg_identify_object() calls it: `function`, `table`, `sequence`, `type`. */
  readonly type: string;
  readonly neededSchema: string;
  /** Null where it has arguments, as a function does. */
  readonly neededName: string | null;
  readonly identity: string;
}

/** Everything that relations of one schema need of another, or of another relation. System objects and extensions' own are everywhere. */
export function readNeeds(): Statement<NeedRow> {
  return sql(`
    WITH need AS (
      SELECT t.tgrelid AS rel, 'trigger ' || t.tgname AS by, d.refclassid, d.refobjid
        FROM pg_trigger t JOIN pg_depend d ON d.classid = 'pg_trigger'::regclass AND d.objid = t.oid WHERE NOT t.tgisinternal
      UNION SELECT r.ev_class, 'its definition', d.refclassid, d.refobjid
        FROM pg_rewrite r JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
      UNION SELECT a.adrelid, 'a default', d.refclassid, d.refobjid
        FROM pg_attrdef a JOIN pg_depend d ON d.classid = 'pg_attrdef'::regclass AND d.objid = a.oid
      UNION SELECT d.objid, 'a column', d.refclassid, d.refobjid
        FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_type'::regclass AND d.deptype = 'n')
    SELECT n.nspname::text AS "schema", c.relname::text AS "name", need.by AS "by", o.type AS "type", ${plainName('o.schema')} AS "neededSchema",
           ${plainName('o.name')} AS "neededName", o.identity AS "identity"
      FROM need
      JOIN pg_class c ON c.oid = need.rel
      JOIN pg_namespace n ON n.oid = c.relnamespace
      CROSS JOIN LATERAL pg_identify_object(need.refclassid, need.refobjid, 0) AS o
     WHERE c.relkind IN ('r', 'p', 'v', 'm') AND need.refobjid <> need.rel AND o.schema IS NOT NULL
       AND n.nspname !~ '^pg_' AND o.schema !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'pglogical', 'pglogical_origin')
       AND o.schema NOT IN ('information_schema', 'pglogical', 'pglogical_origin')
       AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = need.refclassid AND e.objid = need.refobjid AND e.deptype = 'e')
     ORDER BY 1, 2, 3, 7`);
}
