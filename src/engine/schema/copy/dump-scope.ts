import type {Config} from '../../../config/config.ts';
import {quoteIdentifier} from '../../../domain/pg/identifier.ts';
import {quoteRelation} from '../../../domain/pg/relation.ts';
import {readTableNames} from '../../../pg/catalog/inventory.ts';
import {readSchemas} from '../../../pg/catalog/schemas.ts';
import {isWanted} from '../../inventory/is-wanted.ts';
import type {StepContext} from '../../step.ts';

/** Schemas that are never moved: pglogical's catalog and our own ledger. */
const NEVER = ['pglogical', 'pglogical_origin', 'longhaul'];

/**
 * pg_dump's options that keep a dump of data to what `tables` of longhaul.yaml wants. A pattern in double quotes is taken to the letter
 * (`"we*ird"` matches only that name), so a quoted name is its own pattern:
 * https://www.postgresql.org/docs/current/app-psql.html#APP-PSQL-PATTERNS
 */
export function dataScope(tables: Config['tables']): string[] {
  if (tables.include.length > 0)
    return ['--strict-names', ...tables.include.flatMap((table) => ['-t', quoteRelation(table)])];
  return [
    ...tables.includeSchemas.flatMap((schema) => ['-n', quoteIdentifier(schema)]),
    ...[...NEVER, ...tables.excludeSchemas].flatMap((schema) => ['-N', quoteIdentifier(schema)]),
    ...tables.exclude.flatMap((table) => ['-T', quoteRelation(table)]),
  ];
}

/**
 * pg_dump's options for the schema of what is wanted: everything but what is not. Asked for by name, tables would come without the types,
 * functions and extensions that they need.
 */
export async function schemaScope(ctx: StepContext): Promise<string[]> {
  const source = await ctx.session('source');
  const {tables} = ctx.config;
  const schemas = (await source.run(readSchemas())).filter(({schema}) => !isSchemaWanted(schema, tables));
  const unwanted = (await source.run(readTableNames(source.version))).filter(
    (table) => isSchemaWanted(table.schema, tables) && !isWanted(table, tables),
  );
  return [
    ...[...NEVER, ...schemas.map(({schema}) => schema)].flatMap((schema) => ['-N', quoteIdentifier(schema)]),
    ...unwanted.flatMap((table) => ['-T', quoteRelation(table)]),
  ];
}

/** Whether `tables` of longhaul.yaml wants anything of a schema. Pure. */
export function isSchemaWanted(schema: string, {includeSchemas, excludeSchemas}: Config['tables']): boolean {
  return !excludeSchemas.includes(schema) && (includeSchemas.length === 0 || includeSchemas.includes(schema));
}
