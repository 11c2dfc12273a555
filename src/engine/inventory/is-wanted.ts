import type {Config} from '../../config/config.ts';
import {sameRelation, type RelationName} from '../../domain/pg/relation.ts';

/** Whether `tables` of longhaul.yaml wants the relation. Excluding wins over including. Pure. */
export function isWanted({schema, name}: RelationName, tables: Config['tables']): boolean {
  const among = (list: readonly RelationName[]): boolean => list.some((one) => sameRelation(one, {schema, name}));
  if (tables.excludeSchemas.includes(schema) || among(tables.exclude)) return false;
  if (tables.includeSchemas.length > 0 && !tables.includeSchemas.includes(schema)) return false;
  return tables.include.length === 0 || among(tables.include);
}
