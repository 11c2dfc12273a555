import {sql, type Statement} from '../session/statement.ts';

/** So many bytes of a large object are read and written at once. */
export const PIECE_BYTES = 262_144;

/** Large objects whose numbers end alike, how many bytes they have, and a sum over their numbers and what they hold, which is the same in any order. */
export interface ObjectSums {
  readonly bucket: number;
  readonly objects: number;
  readonly sum: string;
}

/** What the contents of an object come to, read piece by piece: one may be larger than a value can be. A place without a piece reads as zeros. */
const DIGEST = `(WITH RECURSIVE piece(at, length, digest) AS (
        SELECT 0::bigint, length(p.data), md5(p.data) FROM (SELECT lo_get(m.oid, 0, ${PIECE_BYTES}) AS data OFFSET 0) p
        UNION ALL
        SELECT piece.at + ${PIECE_BYTES}, length(p.data), md5(p.data)
          FROM piece CROSS JOIN LATERAL (SELECT lo_get(m.oid, piece.at + ${PIECE_BYTES}, ${PIECE_BYTES}) AS data OFFSET 0) p
         WHERE piece.length = ${PIECE_BYTES})
      SELECT md5(string_agg(piece.digest, '' ORDER BY piece.at)) FROM piece)`;

/** The digest of what an object holds, or the same for all where only their numbers are compared. */
function digest(contents: boolean): string {
  return contents ? DIGEST : "''::text";
}

/** The sums of a part of the large objects, by buckets of their numbers; both counts are powers of two. Reads all that they hold where contents are wanted. */
export function sumObjects({contents, of, part, parts}: ObjectsSummed): Statement<ObjectSums> {
  return sql(
    `SELECT (o.oid & ${of - 1})::int AS "bucket", count(*) AS "objects", sum(('x' || substr(md5(o.oid::text || ' ' || o.digest), 1, 16))::bit(64)::bigint)::text AS "sum"
       FROM (SELECT m.oid::bigint AS oid, ${digest(contents)} AS digest FROM pg_largeobject_metadata m WHERE (m.oid::bigint & ${parts - 1}) = ${part} OFFSET 0) o
      GROUP BY 1`,
  );
}

/** Which of them. */
interface ObjectsSummed {
  readonly contents: boolean;
  readonly of: number;
  readonly part: number;
  readonly parts: number;
}

/** A large object, by what it holds. */
export interface ObjectDigest {
  readonly oid: string;
  readonly digest: string;
}

/** The large objects of some buckets. */
export function readObjectDigests(
  contents: boolean,
  {buckets, of}: {readonly buckets: readonly number[]; readonly of: number},
): Statement<ObjectDigest> {
  return sql(
    `SELECT m.oid::text AS "oid", ${digest(contents)} AS "digest" FROM pg_largeobject_metadata m
      WHERE (m.oid::bigint & ${of - 1})::int IN (${buckets.join(', ')}) ORDER BY m.oid`,
  );
}

/** A piece of a large object, as hexadecimal digits. */
export interface ObjectPiece {
  readonly oid: string;
  readonly piece: string;
}

/** The piece at an offset of each of these objects; shorter than others, or empty, behind its end. */
export function readObjectPieces(oids: readonly string[], offset: number): Statement<ObjectPiece> {
  return sql(
    `SELECT w.oid::text AS "oid", encode(lo_get(w.oid, $2::bigint, ${PIECE_BYTES}), 'hex') AS "piece" FROM unnest($1::oid[]) AS w(oid)`,
    [oids, offset],
  );
}

/** Removes those of these objects that are there. Needs their owner's rights. */
export function removeObjects(oids: readonly string[]): Statement<{removed: number}> {
  return sql(
    `SELECT lo_unlink(m.oid) AS "removed" FROM (SELECT oid FROM pg_largeobject_metadata WHERE oid = ANY ($1::oid[]) OFFSET 0) m`,
    [oids],
  );
}

/** Makes these objects, under their numbers, each with its first piece. They are ours until they are given away. */
export function makeObjects(first: readonly ObjectPiece[]): Statement<{oid: string}> {
  return sql(
    `SELECT lo_from_bytea(w.oid, decode(w.piece, 'hex'))::text AS "oid" FROM unnest($1::oid[], $2::text[]) AS w(oid, piece)`,
    [first.map(({oid}) => oid), first.map(({piece}) => piece)],
  );
}

/** Writes a piece of an object at its place. */
export function putObjectPieces(pieces: readonly ObjectPiece[], offset: number): Statement {
  return sql(
    `SELECT lo_put(w.oid, $3::bigint, decode(w.piece, 'hex')) FROM unnest($1::oid[], $2::text[]) AS w(oid, piece)`,
    [pieces.map(({oid}) => oid), pieces.map(({piece}) => piece), offset],
  );
}
