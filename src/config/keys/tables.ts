import {z} from 'zod';
import {relation} from './values.ts';

const SCHEMA = 'must be the name of a schema';
const schemaName = z.string(SCHEMA).min(1, SCHEMA);

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
