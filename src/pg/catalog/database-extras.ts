import {quoteIdentifier, quoteLiteral} from '../../domain/pg/identifier.ts';
import {sql, type Statement} from '../session/statement.ts';

/** What belongs to a database itself, beside settings and privileges. */
export interface DatabaseExtras {
  /** -1 is without a limit. */
  readonly connectionLimit: number;
  readonly comment: string | null;
}

/** Those of the database that is connected to. */
export function readDatabaseExtras(): Statement<DatabaseExtras> {
  return sql(`
    SELECT datconnlimit AS "connectionLimit", shobj_description(oid, 'pg_database') AS "comment"
      FROM pg_database WHERE datname = current_database()`);
}

/** Says what the database is for. */
export function commentOnDatabase(database: string, comment: string): Statement {
  return sql(`COMMENT ON DATABASE ${quoteIdentifier(database)} IS ${quoteLiteral(comment).trimStart()}`);
}

/** How many may be connected to the database. */
export function limitConnections(database: string, connectionLimit: number): Statement {
  return sql(`ALTER DATABASE ${quoteIdentifier(database)} CONNECTION LIMIT ${connectionLimit}`);
}
