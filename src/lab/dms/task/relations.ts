import {quoteRelation, type RelationName} from '../../../domain/pg/relation.ts';
import type {Session} from '../../../pg/session/session.ts';
import {sql} from '../../../pg/session/statement.ts';

/** A column of the target. */
export interface Column {
  readonly name: string;
  /** As format_type() gives it: `numeric`, `character varying(20)`. */
  readonly type: string;
  /** Its base type: `numeric`, `inet`. */
  readonly base: string;
  /** Whether it is an enum, a composite or a range. */
  readonly isOwnType: boolean;
  readonly notNull: boolean;
  /** Whether the target computes it, or lets nobody set it in an UPDATE. */
  readonly generated: boolean;
  readonly identity: boolean;
}

/** What is known of a table on both sides. */
export interface Relation {
  readonly columns: readonly Column[];
  /** The columns of the source's replica identity; all where it is FULL, none where it has none. */
  readonly key: readonly string[];
}

/** Gives what is known of a table, asked once. */
export function relationsOf(source: Session, target: Session): (relation: RelationName) => Promise<Relation> {
  const known = new Map<string, Promise<Relation>>();
  return async (relation) => {
    const name = quoteRelation(relation);
    const found = known.get(name) ?? read(source, target, name);
    known.set(name, found);
    return found;
  };
}

async function read(source: Session, target: Session, name: string): Promise<Relation> {
  const columns = await target.run(
    sql<Column>(
      `SELECT a.attname::text AS "name", format_type(a.atttypid, a.atttypmod) AS "type", t.typname::text AS "base", t.typtype IN ('e', 'c', 'r', 'm') AS "isOwnType", a.attnotnull AS "notNull",
              a.attgenerated <> '' AS "generated", a.attidentity = 'a' AS "identity"
         FROM pg_attribute a JOIN pg_type d ON d.oid = a.atttypid JOIN pg_type t ON t.oid = CASE WHEN d.typtype = 'd' THEN d.typbasetype ELSE d.oid END
        WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
      [name],
    ),
  );
  const key = await source.run(
    sql<{name: string}>(
      `SELECT a.attname::text AS "name" FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE c.oid = $1::regclass AND (c.relreplident = 'f' OR EXISTS (
          SELECT FROM pg_index i WHERE i.indrelid = c.oid AND a.attnum = ANY (i.indkey)
             AND (c.relreplident = 'd' AND i.indisprimary OR c.relreplident = 'i' AND i.indisreplident)))`,
      [name],
    ),
  );
  return {columns, key: key.map((row) => row.name)};
}
