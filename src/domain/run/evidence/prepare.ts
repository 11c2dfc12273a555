import {z} from 'zod';
import {count, time, words} from './values.ts';

/** What the steps that prepare a run come to. */
export const PREPARE = {
  preflight: z.object({
    warnings: count,
    notes: count,
    /** Slots that somebody read, about which the operator was asked. */
    activeSlots: words,
  }),
  'create-sentinels': z.object({tables: words}),
  inventory: z.object({
    takenAt: time,
    tables: count,
    /** Not where an inventory of before was kept. */
    databaseBytes: z.number().exactOptional(),
    file: z.string(),
  }),
  'plan-slots': z.object({
    slots: z.array(z.object({name: z.string(), tables: count})).readonly(),
    units: words,
    file: z.string(),
  }),
  'copy-globals': z.object({
    roles: words,
    created: words,
    /** What the target refused: the statement, and what it said. A journal of format 0 may have both in one text. */
    refused: z.array(z.union([z.object({statement: z.string(), why: z.string()}), z.string()])).readonly(),
    leftOut: words,
  }),
  'copy-schema': z.object({
    tables: count,
    /** The manifest's path, where the schema was there already. */
    manifest: z.string().exactOptional(),
    objects: count.exactOptional(),
    /** Whether somebody else had made the schema. */
    found: z.boolean().exactOptional(),
    leftOut: words.exactOptional(),
    refused: words.exactOptional(),
  }),
} as const;
