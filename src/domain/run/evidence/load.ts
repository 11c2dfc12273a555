import {z} from 'zod';
import {proof} from './anchor.ts';
import {count, lsn, time, words} from './values.ts';

/** What the steps from the empty tables to the end of the comparison come to. */
export const LOAD = {
  'strip-target': z.object({
    /** Where nothing was left to strip: so, in words. */
    stripped: z.string().exactOptional(),
    indexes: count.exactOptional(),
    foreignKeys: count.exactOptional(),
    triggers: count.exactOptional(),
    checks: count.exactOptional(),
    manifest: z.string().exactOptional(),
    /** Statements that the target refused, because a view rests on what they drop. */
    kept: words,
  }),
  'full-load': z.object({
    boundary: lsn,
    units: z
      .array(
        z.object({
          unit: z.string(),
          attempt: count.exactOptional(),
          rows: count.exactOptional(),
          bytes: z.number().exactOptional(),
          tookMs: z.number().exactOptional(),
        }),
      )
      .readonly(),
  }),
  'build-indexes': z.object({
    /** The P that was loaded; null where nothing was loaded. */
    boundary: lsn.nullable(),
    indexes: count,
    foreignKeys: count,
    triggers: count,
    built: count,
    waiting: words,
    rest: count,
    views: count,
    /** How long each materialized view that was filled took. */
    viewTimes: z
      .array(z.object({view: z.string(), tookMs: z.number()}))
      .readonly()
      .exactOptional(),
    tookMs: z.number(),
  }),
  'compare-rows': z.object({
    tables: count,
    rows: count,
    byMonth: count,
    boundary: lsn.nullable(),
    /** Whether every row was compared, or how many there are; a journal from before the choice has counts. */
    how: z.enum(['rows', 'counts']).exactOptional(),
  }),
  'compare-objects': z.object({
    /** The P that the replica was at. */
    boundary: lsn.nullable(),
    /** How many objects the source has. */
    objects: count,
    /** How many differ that were not meant to. */
    differences: count,
    /** What differs as it was meant to, the first of it; and how much there is. */
    expected: words,
    expectedInAll: count,
    tookMs: z.number(),
  }),
  'resume-replay': z.object({
    /** The P that replay has left. */
    boundary: lsn.nullable(),
    replayLsn: lsn.nullable(),
    clock: time,
    /** Not where change capture had begun: it moves the slots. */
    proof: proof.exactOptional(),
  }),
} as const;
