import {z} from 'zod';
import {relation} from './values.ts';

/** What moves: `tables` of longhaul.yaml. */
export const tables = z
  .strictObject({
    include_schemas: z
      .array(z.string())
      .default([])
      .meta({description: 'Only these schemas; empty means all', example: '[public, billing]'}),
    exclude_schemas: z
      .array(z.string())
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
