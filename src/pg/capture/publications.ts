import {quoteIdentifier} from '../../domain/pg/identifier.ts';
import {quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {pick} from '../session/versions.ts';

/** Of a table `c` of pg_class: whether the WAL names the row of an update or delete, by a key or because REPLICA IDENTITY is FULL. */
export const HAS_IDENTITY = `(c.relreplident = 'f' OR EXISTS (
             SELECT FROM pg_index i
              WHERE i.indrelid = c.oid AND i.indisvalid AND i.indimmediate
                AND (c.relreplident = 'd' AND i.indisprimary OR c.relreplident = 'i' AND i.indisreplident)))`;

/** A publication that is to be made. */
export interface Publication {
  readonly name: string;
  /**
   * Whether only what comes new is published. A table without replica identity has to be in such a one: in a publication of updates or deletes the
   * application's own UPDATE and DELETE fail ("does not have a replica identity and publishes updates").
   */
  readonly insertsOnly: boolean;
  readonly tables: readonly RelationName[];
}

/**
 * Creates a publication with its tables; one without tables publishes nothing. It does not wait for writers: a slot that is made after it does. ONLY,
 * for the children of an inheriting table are listed by themselves.
 */
export function createPublication({name, insertsOnly, tables}: Publication, version: ServerVersion): Statement {
  const list = tables.map((table) => `ONLY ${quoteRelation(table)}`).join(', ');
  const what = tables.length === 0 ? '' : ` FOR TABLE ${list}`;
  return sql(`CREATE PUBLICATION ${quoteIdentifier(name)}${what} WITH (publish = '${whatOf(insertsOnly, version)}')`);
}

function whatOf(insertsOnly: boolean, version: ServerVersion): string {
  return insertsOnly ? pick('publishInserts', version) : pick('publishAll', version);
}

/** Publishes one table more, of which changes count from this transaction's commit on. It waits for no writer: a lock that conflicts with theirs has to be held. */
export function addToPublication(name: string, table: RelationName): Statement {
  return sql(`ALTER PUBLICATION ${quoteIdentifier(name)} ADD TABLE ONLY ${quoteRelation(table)}`);
}

/** Publishes a table no more. */
export function dropFromPublication(name: string, table: RelationName): Statement {
  return sql(`ALTER PUBLICATION ${quoteIdentifier(name)} DROP TABLE ONLY ${quoteRelation(table)}`);
}

/** Publishes of its tables again what it was made for. */
export function publishAgain(
  {name, insertsOnly}: Pick<Publication, 'name' | 'insertsOnly'>,
  version: ServerVersion,
): Statement {
  return sql(`ALTER PUBLICATION ${quoteIdentifier(name)} SET (publish = '${whatOf(insertsOnly, version)}')`);
}

/** Drops a publication, where it is there. */
export function dropPublication(name: string): Statement {
  return sql(`DROP PUBLICATION IF EXISTS ${quoteIdentifier(name)}`);
}

/** A table of a publication; `schema` and `table` are null where it has none. */
export interface PublishedRow {
  readonly publication: string;
  readonly updates: boolean;
  /** `all` that the server can publish, `inserts` with TRUNCATE at least, or `less`. */
  readonly publishes: 'all' | 'inserts' | 'less';
  /** Whether some rows or columns of the table are left out. */
  readonly isNarrowed: boolean;
  readonly schema: string | null;
  readonly table: string | null;
}

/** These publications as far as they are there, with the tables that each names itself. What only newer servers have is read by its name: TRUNCATE from 11, rows and columns from 15 on. */
export function readPublications(names: readonly string[]): Statement<PublishedRow> {
  return sql(
    `SELECT p.pubname::text AS "publication", p.pubupdate OR p.pubdelete AS "updates",
            CASE WHEN NOT p.pubinsert OR NOT coalesce((to_jsonb(p) ->> 'pubtruncate')::boolean, true) THEN 'less'
                 WHEN p.pubupdate AND p.pubdelete THEN 'all' ELSE 'inserts' END AS "publishes",
            coalesce(to_jsonb(r) ->> 'prqual', to_jsonb(r) ->> 'prattrs') IS NOT NULL AS "isNarrowed", n.nspname::text AS "schema", c.relname::text AS "table"
       FROM pg_publication p
       LEFT JOIN pg_publication_rel r ON r.prpubid = p.oid
       LEFT JOIN pg_class c ON c.oid = r.prrelid
       LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE p.pubname = ANY ($1)
      ORDER BY 1, 3, 4`,
    [names],
  );
}

/** Of what these publications publish with its updates or deletes: tables that have lost their identity, of which nobody can update or delete a row. */
export function readUnidentified(names: readonly string[]): Statement<RelationName> {
  return sql(
    `SELECT DISTINCT n.nspname::text AS "schema", c.relname::text AS "name"
       FROM pg_publication p
       JOIN pg_publication_rel r ON r.prpubid = p.oid
       JOIN pg_class c ON c.oid = r.prrelid
       JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE p.pubname = ANY ($1) AND (p.pubupdate OR p.pubdelete) AND NOT ${HAS_IDENTITY} ORDER BY 1, 2`,
    [names],
  );
}

/** A table, and how it can be published. */
export interface PublishableRow extends RelationName {
  /** Whether the WAL names the row of an update or delete: by a key, or REPLICA IDENTITY FULL. */
  readonly hasIdentity: boolean;
  /** Whether its identity is FULL: the target searches the whole table for each row, and the WAL is twice as large. */
  readonly isFull: boolean;
  /** How large one is whose identity is FULL, without its indexes; 0 for others. */
  readonly fullBytes: number;
  /** Whether the role that asks may publish it, as its owner may. */
  readonly mayPublish: boolean;
  readonly owner: string;
  readonly ownerIsSuperuser: boolean;
}

/** How every table that has rows of its own can be published. */
export function readPublishable(): Statement<PublishableRow> {
  return sql(`
    SELECT n.nspname::text AS "schema", c.relname::text AS "name", c.relreplident = 'f' AS "isFull",
           CASE WHEN c.relreplident = 'f' THEN pg_relation_size(c.oid) ELSE 0 END AS "fullBytes",
           ${HAS_IDENTITY} AS "hasIdentity",
           pg_has_role(c.relowner, 'USAGE') AS "mayPublish", o.rolname::text AS "owner", o.rolsuper AS "ownerIsSuperuser"
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_roles o ON o.oid = c.relowner
     WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND n.nspname !~ '^pg_'
       AND n.nspname NOT IN ('information_schema', 'pglogical', 'pglogical_origin', 'longhaul')
       AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
     ORDER BY 1, 2`);
}

/** A unique index that names a row for a subscription that applies: whole, without expressions, of columns that are never null. */
export interface UniqueKey extends RelationName {
  readonly index: string;
  readonly isPrimary: boolean;
  /** Whether rows are found by it now: the replica identity is this index, or it is the primary key where none is. */
  readonly isUsed: boolean;
  readonly columns: string[];
}

/** Such indexes of these tables. What an index only includes is none of its key; before 11 none does. */
export function readUniqueKeys(tables: readonly RelationName[]): Statement<UniqueKey> {
  return sql(
    `SELECT k."schema", k."name", k."index", k."isPrimary", k."isUsed", k."columns" FROM (
       SELECT n.nspname::text AS "schema", c.relname::text AS "name", x.relname::text AS "index", i.indisprimary AS "isPrimary",
              CASE WHEN c.relreplident = 'i' AND EXISTS (SELECT FROM pg_index o WHERE o.indrelid = c.oid AND o.indisreplident) THEN i.indisreplident ELSE i.indisprimary END AS "isUsed",
              ARRAY(SELECT a.attname::text FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS of_key(attnum, nth) JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = of_key.attnum
                     WHERE nth <= coalesce((to_jsonb(i) ->> 'indnkeyatts')::int, i.indnatts) ORDER BY nth) AS "columns",
              EXISTS (SELECT FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS of_key(attnum, nth) JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = of_key.attnum
                       WHERE nth <= coalesce((to_jsonb(i) ->> 'indnkeyatts')::int, i.indnatts) AND NOT a.attnotnull) AS "mayBeNull"
         FROM unnest($1::text[], $2::text[]) AS wanted(schema, name)
         JOIN pg_namespace n ON n.nspname = wanted.schema
         JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = wanted.name
         JOIN pg_index i ON i.indrelid = c.oid
         JOIN pg_class x ON x.oid = i.indexrelid
        WHERE i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL AND i.indexprs IS NULL) k
      WHERE NOT k."mayBeNull" ORDER BY 1, 2, 3`,
    [tables.map(({schema}) => schema), tables.map(({name}) => name)],
  );
}
