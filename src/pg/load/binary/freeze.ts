import {quoteRelation, type RelationName} from '../../../domain/pg/relation.ts';
import type {ServerVersion} from '../../../domain/pg/server-version.ts';
import {sql, type Statement} from '../../session/statement.ts';
import {pick} from '../../session/versions.ts';

/**
 * Whether COPY into the table may freeze its rows, which wants the table emptied in the same transaction: our role may do that, and no foreign
 * key of another table is in the way. No row where the table is not there.
 */
export function readMayFreeze(version: ServerVersion, table: RelationName): Statement<{mayFreeze: boolean}> {
  return sql(
    `
    SELECT c.relkind = 'r' AND has_table_privilege(c.oid, 'TRUNCATE')
           AND NOT EXISTS (SELECT FROM pg_constraint o WHERE o.contype = 'f' AND o.confrelid = c.oid AND o.conrelid <> c.oid) AS "mayFreeze"
      FROM (SELECT $1::text AS name) AS t
      JOIN pg_class c ON c.oid = ${pick('tableNamed', version)}`,
    [quoteRelation(table)],
  );
}

/** The text that empties a table which is empty already, so that COPY FREEZE takes it; it follows mustBeEmpty(), under whose lock it is. */
export function emptyForFreeze(table: RelationName): string {
  return `TRUNCATE ONLY ${quoteRelation(table)};\n`;
}
