import {sql, type Statement} from '../session/statement.ts';

/** The role that the server was made with: what belongs to it goes to the role that restores. Its oid is BOOTSTRAP_SUPERUSERID in pg_authid.dat. */
export function readBootstrapRole(): Statement<{role: string}> {
  return sql('SELECT pg_get_userbyid(10)::text AS "role"');
}
