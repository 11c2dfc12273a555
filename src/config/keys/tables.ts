import {z} from 'zod';
import {isIdentifier, OWN_SCHEMA, relation} from './values.ts';

const SCHEMA = "must be the name of a schema, of at most 63 bytes and not one of PostgreSQL's own";
const schemaName = z
  .string(SCHEMA)
  .min(1, SCHEMA)
  .refine((name) => isIdentifier(name) && !OWN_SCHEMA.test(name), SCHEMA);

/** What moves: `tables` of longhaul.yaml. */
export const tables = z
  .strictObject({
    include_schemas: z
      .array(schemaName)
      .default([])
      .meta({description: 'Only these schemas; empty means all', example: '[public, billing]'}),
    exclude_schemas: z
      .array(schemaName)
      .default([])
      .meta({description: 'Schemas that stay behind', example: '[scratch]'}),
    include: z
      .array(relation)
      .default([])
      .meta({description: 'Only these tables; empty means all', example: '[public.events, billing."Mixed Case"]'}),
    exclude: z.array(relation).default([]).meta({description: 'Tables that stay behind', example: '[public.old_log]'}),
  })
  .transform(({include_schemas: includeSchemas, exclude_schemas: excludeSchemas, ...named}) => ({
    includeSchemas,
    excludeSchemas,
    ...named,
  }));
