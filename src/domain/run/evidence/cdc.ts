import {z} from 'zod';
import {count, lsn, time, words} from './values.ts';

/** What the steps of change capture come to. */
export const CDC = {
  'start-cdc': z.object({
    /** P, from which every slot is read. */
    boundary: lsn,
    subscriptions: words,
    /** The slots whose tasks of DMS were started. */
    tasks: words.exactOptional(),
    clock: time,
  }),
  'wait-for-catch-up': z.object({
    boundary: lsn,
    slots: z
      .array(z.object({name: z.string(), lagBytes: z.number(), lagSeconds: z.number(), sentinels: count}))
      .readonly(),
    tookMs: z.number(),
  }),
  'restore-unique': z.object({
    boundary: lsn,
    /** Unique indexes that were held back, and are on the target. */
    indexes: count,
    /** Those that this step may not bring, each with the step that does. */
    left: words,
    tookMs: z.number(),
  }),
  'compare-again': z.object({
    boundary: lsn,
    tables: count,
    rows: count,
    how: z.enum(['fence', 'converging']),
    /** Rows that changed in every round. */
    undecided: count,
    tookMs: z.number(),
  }),
} as const;
