import {sql, type Statement} from './statement.ts';

/** How many large objects the database holds. */
export function countLargeObjects(): Statement<{objects: number}> {
  return sql('SELECT count(*) AS "objects" FROM pg_largeobject_metadata');
}

/** The roles that own large objects, and those that were granted something on them (PUBLIC not among them). */
export function readObjectRoles(): Statement<{owners: string[]; grantees: string[]}> {
  return sql(`
    SELECT ARRAY(SELECT DISTINCT r.rolname::text FROM pg_largeobject_metadata m JOIN pg_roles r ON r.oid = m.lomowner ORDER BY 1) AS "owners",
           ARRAY(SELECT DISTINCT r.rolname::text FROM pg_largeobject_metadata m CROSS JOIN LATERAL aclexplode(m.lomacl) a
                   JOIN pg_roles r ON r.oid = a.grantee ORDER BY 1) AS "grantees"`);
}
