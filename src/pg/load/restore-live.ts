import {quoteRelation} from '../../domain/pg/relation.ts';
import type {IndexRow} from '../catalog/indexes.ts';
import {sql, type Statement} from '../session/statement.ts';

// Indexes of tables that are written to meanwhile: none of these may be in a transaction.

/** How the definition of an index begins, as pg_get_indexdef() gives it. */
const BEGIN = /^CREATE (UNIQUE )?INDEX /;

/** Builds an index while its table is written to. One that fails is left invalid, and dropped before it is tried again. */
export function createIndexConcurrently({definition}: Pick<IndexRow, 'definition'>): Statement {
  if (!BEGIN.test(definition)) throw new Error(`bug: not the definition of an index: ${definition}`);
  return sql(definition.replace(BEGIN, (begin) => `${begin}CONCURRENTLY `));
}

/** Drops an index that no constraint owns, while its table is written to. */
export function dropIndexConcurrently({schema, name}: Pick<IndexRow, 'schema' | 'name'>): Statement {
  return sql(`DROP INDEX CONCURRENTLY IF EXISTS ${quoteRelation({schema, name})}`);
}
