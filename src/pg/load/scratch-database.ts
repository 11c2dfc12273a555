import {quoteIdentifier, quoteLiteral} from '../../domain/pg/identifier.ts';
import type {RelationName} from '../../domain/pg/relation.ts';
import type {DatabaseRow} from '../session/settings.ts';
import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {pick} from '../session/versions.ts';
import {doBlock} from './do-block.ts';

/** Whether the asking role may create databases, and whether one that it has created can be dropped again. */
export interface ScratchRights {
  readonly may: boolean;
  /** From 15 on DROP DATABASE waits for every process of the server, and pglogical's supervisor never answers: it hangs until the server is restarted. */
  readonly hangs: boolean;
}

/** Reads both. */
export function readMayCreateDatabase(version: ServerVersion): Statement<ScratchRights> {
  return sql(`
    SELECT rolcreatedb OR rolsuper AS "may", ${pick('pglogicalHoldsDrop', version)} AS "hangs"
      FROM pg_roles WHERE rolname = current_user`);
}

/** Creates an empty database in the encoding and locale of another. Not in a transaction. */
export function createScratchDatabase(
  name: string,
  {encoding, collate, ctype}: Pick<DatabaseRow, 'encoding' | 'collate' | 'ctype'>,
): Statement {
  return sql(
    `CREATE DATABASE ${quoteIdentifier(name)} TEMPLATE template0 ENCODING ${quoteLiteral(encoding)} LC_COLLATE ${quoteLiteral(collate)} LC_CTYPE ${quoteLiteral(ctype)}`,
  );
}

/** Drops the database where it is there. Not in a transaction; raises 55006 while somebody is connected to it. */
export function dropScratchDatabase(name: string): Statement {
  return sql(`DROP DATABASE IF EXISTS ${quoteIdentifier(name)}`);
}

/** Raises where the name of any of these relations is taken: by a relation, or by a type that is no array's. Whole with its values, for psql. */
export function raiseWhereTaken(relations: readonly RelationName[]): Statement {
  const names = relations.map(({schema, name}) => `(${quoteLiteral(schema)}, ${quoteLiteral(name)})`);
  return sql(
    doBlock(`
BEGIN
  IF EXISTS (
    SELECT FROM (VALUES ${names.join(', ')}) AS wanted (schema, name)
      JOIN pg_catalog.pg_namespace n ON n.nspname = wanted.schema::name
     WHERE EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.relnamespace = n.oid AND c.relname = wanted.name::name)
        OR EXISTS (SELECT FROM pg_catalog.pg_type t WHERE t.typnamespace = n.oid AND t.typname = wanted.name::name AND t.typcategory <> 'A')
  ) THEN
    RAISE EXCEPTION 'a name is taken';
  END IF;
END`),
  );
}
