import {quoteIdentifier, quoteLiteral} from '../../domain/pg/identifier.ts';
import {sql, type Statement} from '../session/statement.ts';
import {roleOf} from './fact.ts';

/** How many large objects a role owns with the same privileges, and a sum over their numbers by which one that is another is told. */
export interface LargeObjectOwner {
  readonly owner: string;
  readonly privileges: string | null;
  readonly objects: number;
  readonly sum: string;
}

// In the order of the words that are compared: the owner may be called otherwise on the target, and databases sort otherwise.
const PRIVILEGES = `(SELECT string_agg(word, ', ' ORDER BY word COLLATE "C") FROM (
      SELECT format('%s %s%s', CASE x.grantee WHEN m.lomowner THEN 'its owner' WHEN 0 THEN 'PUBLIC' ELSE quote_ident(${roleOf('x.grantee')}) END,
        x.privilege_type, CASE WHEN x.is_grantable AND x.grantee <> m.lomowner THEN ' WITH GRANT OPTION' END) AS word
        FROM aclexplode(coalesce(m.lomacl, acldefault('L', m.lomowner))) x) AS words)`;

/** The owners of large objects: there may be a hundred million, so no number travels. */
export function readLargeObjectOwners(): Statement<LargeObjectOwner> {
  return sql(`
    SELECT ${roleOf('m.lomowner')}::text AS "owner", ${PRIVILEGES} AS "privileges", count(*) AS "objects", sum(m.oid::bigint)::text AS "sum"
      FROM pg_largeobject_metadata m GROUP BY 1, 2 ORDER BY 1, 2`);
}

/** A large object's owner and privileges. */
export interface LargeObjectRow {
  readonly oid: string;
  readonly owner: string;
  readonly privileges: string | null;
}

/** The first large objects by their numbers, to say which of them differ. */
export function readLargeObjects(most: number): Statement<LargeObjectRow> {
  return sql(
    `SELECT m.oid::text AS "oid", ${roleOf('m.lomowner')}::text AS "owner", ${PRIVILEGES} AS "privileges"
      FROM pg_largeobject_metadata m ORDER BY m.oid LIMIT $1::bigint`,
    [most],
  );
}

/** Gives a large object to a role. */
export function giveLargeObject(oid: string, owner: string): Statement {
  return sql(`ALTER LARGE OBJECT ${oid} OWNER TO ${quoteIdentifier(owner)}`);
}

/** What is said of a large object. */
export interface LargeObjectComment {
  readonly oid: string;
  readonly comment: string;
}

const COMMENTS = `SELECT d.objoid::text AS "oid", d.description AS "comment" FROM pg_description d
      WHERE d.classoid = 'pg_largeobject'::regclass AND d.objsubid = 0`;

/** The first comments on large objects by their numbers; few have one. */
export function readLargeObjectComments(most: number): Statement<LargeObjectComment> {
  return sql(`${COMMENTS} ORDER BY d.objoid LIMIT $1::bigint`, [most]);
}

/** What is said of these. */
export function readCommentsOnObjects(oids: readonly string[]): Statement<LargeObjectComment> {
  return sql(`${COMMENTS} AND d.objoid = ANY ($1::oid[]) ORDER BY d.objoid`, [oids]);
}

/** Says of a large object what the source says; null is nothing. */
export function commentOnLargeObject(oid: string, comment: string | null): Statement {
  return sql(`COMMENT ON LARGE OBJECT ${oid} IS ${comment === null ? 'NULL' : quoteLiteral(comment).trimStart()}`);
}
