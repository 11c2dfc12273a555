import {quoteIdentifier, quoteLiteral} from '../../domain/pg/identifier.ts';
import {sql, type Statement} from '../session/statement.ts';

/** How many large objects the database holds. */
export function countLargeObjects(): Statement<{objects: number}> {
  return sql('SELECT count(*) AS "objects" FROM pg_largeobject_metadata');
}

/** What they take of the disk, those that were removed and not yet vacuumed among them. */
export function readObjectBytes(): Statement<{bytes: number}> {
  return sql(`SELECT pg_relation_size('pg_catalog.pg_largeobject') AS "bytes"`);
}

/** A privilege on large objects; a null grantee is PUBLIC. */
export interface ObjectGrant {
  readonly grantee: string | null;
  readonly privilege: string;
  readonly grantable: boolean;
}

/** Large objects with the same owner and the same grants. */
export interface ObjectGroup {
  /** What tells the group from others: owner and grants as the catalog has them. */
  readonly key: string;
  readonly owner: string;
  /** Of others than the owner. */
  readonly grants: readonly ObjectGrant[];
  /** What the owner may do, where it was changed by GRANT or REVOKE; null is what an owner may do anyway. */
  readonly owned: readonly Omit<ObjectGrant, 'grantee'>[] | null;
  readonly objects: number;
}

/** A group with the sum of its objects' numbers, by which it is told from others of as many. */
export interface SummedGroup extends ObjectGroup {
  readonly numbers: string;
}

/** The groups, the largest first: there are few, however many objects. */
export function readObjectGroups(): Statement<SummedGroup> {
  return sql(`
    SELECT g.key AS "key", o.rolname::text AS "owner", g.objects AS "objects", g.numbers AS "numbers",
           (SELECT coalesce(json_agg(json_build_object('grantee', r.rolname, 'privilege', a.privilege_type, 'grantable', a.is_grantable)), '[]'::json)
              FROM aclexplode(g.acl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
             WHERE a.grantee <> g.owner AND (a.grantee = 0 OR r.oid IS NOT NULL)) AS "grants",
           CASE WHEN (acldefault('L', g.owner))[1] = ANY (g.acl) IS FALSE THEN
             (SELECT coalesce(json_agg(json_build_object('privilege', a.privilege_type, 'grantable', a.is_grantable)), '[]'::json)
                FROM aclexplode(g.acl) a WHERE a.grantee = g.owner)
           END AS "owned"
      FROM (SELECT m.lomowner::text || ' ' || coalesce(m.lomacl::text, '') AS key, m.lomowner AS owner, m.lomacl AS acl, count(*) AS objects, sum(m.oid::bigint)::text AS numbers
              FROM pg_largeobject_metadata m GROUP BY m.lomowner, m.lomacl) g
      JOIN pg_roles o ON o.oid = g.owner
     ORDER BY g.objects DESC, g.key`);
}

/** The numbers of a group's objects, as Postgres writes an array: `{16411,16412}`. */
export function readObjectsOf(key: string): Statement<{oids: string}> {
  return sql(
    `SELECT coalesce(array_agg(m.oid ORDER BY m.oid), '{}')::text AS "oids" FROM pg_largeobject_metadata m
      WHERE m.lomowner::text || ' ' || coalesce(m.lomacl::text, '') = $1`,
    [key],
  );
}

/** What a group's objects get on the target. `oids` is null for all objects but `others`, both as Postgres writes an array. */
export interface ObjectRights {
  readonly oids: string | null;
  readonly others: string;
  readonly owner: string | null;
  /** Which role gets what, after all that it had was taken from it; null leaves its rights as they are. */
  readonly owned: {readonly role: string; readonly grants: readonly Omit<ObjectGrant, 'grantee'>[]} | null;
  readonly grants: readonly ObjectGrant[];
}

/** Gives objects their owner and grants, one after the other at the server. */
export function giveObjects({oids, others, owner, owned, grants}: ObjectRights): string {
  const which = oids === null ? `m.oid <> ALL (${literal(others)}::oid[])` : `m.oid = ANY (${literal(oids)}::oid[])`;
  const each = [
    ...(owner === null
      ? []
      : [`'ALTER LARGE OBJECT ' || o::text || ${literal(` OWNER TO ${quoteIdentifier(owner)}`)}`]),
    ...(owned === null
      ? []
      : [`'REVOKE ALL ON LARGE OBJECT ' || o::text || ${literal(` FROM ${quoteIdentifier(owned.role)}`)}`]),
    ...[...(owned?.grants.map((one) => ({...one, grantee: owned.role})) ?? []), ...grants].map((grant) => {
      const {grantee, privilege, grantable} = grant;
      const role = grantee === null ? 'PUBLIC' : quoteIdentifier(grantee);
      return `'GRANT ${privilege} ON LARGE OBJECT ' || o::text || ${literal(` TO ${role}${grantable ? ' WITH GRANT OPTION' : ''}`)}`;
    }),
  ];
  const body = `DECLARE o oid; BEGIN FOR o IN SELECT m.oid FROM pg_catalog.pg_largeobject_metadata m WHERE ${which} LOOP ${each.map((text) => `EXECUTE ${text};`).join(' ')} END LOOP; END`;
  return `DO ${literal(body)};\n`;
}

/** Takes from these roles, null being PUBLIC, whatever they may do with these objects. */
export function takeFromObjects(oids: readonly string[], roles: readonly (string | null)[]): string {
  const from = roles.map((role) => (role === null ? 'PUBLIC' : quoteIdentifier(role))).join(', ');
  const body = `DECLARE o oid; BEGIN FOREACH o IN ARRAY '{${oids.join(',')}}'::oid[] LOOP EXECUTE 'REVOKE ALL ON LARGE OBJECT ' || o::text || ${literal(` FROM ${from}`)}; END LOOP; END`;
  return `DO ${literal(body)};\n`;
}

function literal(text: string): string {
  return quoteLiteral(text).trimStart();
}
