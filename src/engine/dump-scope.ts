import type {Config} from '../config/config.ts';
import {quoteIdentifier} from '../domain/identifier.ts';
import {quoteRelation} from '../domain/relation.ts';

/** Schemas that are never moved: pglogical's catalog and our own ledger. */
const NEVER = ['pglogical', 'pglogical_origin', 'longhaul'];

/**
 * pg_dump's options that keep a dump to what `tables` of longhaul.yaml wants; schema and data are filtered by the same ones.
 * A pattern in double quotes is taken to the letter (`"we*ird"` matches only that name), so a quoted name is its own pattern:
 * https://www.postgresql.org/docs/current/app-psql.html#APP-PSQL-PATTERNS
 */
export function dumpScope(tables: Config['tables']): string[] {
  // Named tables are asked for one by one; then nothing else, no schema either, can come along.
  if (tables.include.length > 0)
    return ['--strict-names', ...tables.include.flatMap((table) => ['-t', quoteRelation(table)])];
  return [
    ...tables.includeSchemas.flatMap((schema) => ['-n', quoteIdentifier(schema)]),
    ...[...NEVER, ...tables.excludeSchemas].flatMap((schema) => ['-N', quoteIdentifier(schema)]),
    ...tables.exclude.flatMap((table) => ['-T', quoteRelation(table)]),
  ];
}
