import {z} from 'zod';
import {size, whole, yesOrNo} from './values.ts';

/** The comparison after the load: `compare` of longhaul.yaml; `compare: quick` is short for its first key. */
export const compare = z.preprocess(
  (value) => (typeof value === 'string' ? {rows: value} : value),
  z
    .strictObject({
      rows: z
        .enum(['full', 'quick'], 'must be full or quick')
        .default('full')
        .describe('Every row of every table by a hash (full), or only how many rows there are, by month (quick)'),
      lanes: whole(1, 64)
        .optional()
        .meta({description: 'How many scans at once on each server; by default load.lanes', example: 6}),
      rate: size.optional().meta({
        description:
          'Bytes of tables a second that all scans together read at most, on each server; no limit by default. longhaul rate lowers it while it runs',
        example: '200MB',
      }),
      show_values: yesOrNo
        .prefault('yes')
        .describe('Whether console, journal and report show the values of rows that differ'),
    })
    .transform((file) => ({
      rows: file.rows,
      /** Null: as many as the load has. */
      lanes: file.lanes ?? null,
      /** Null: no limit. */
      rateBytes: file.rate ?? null,
      showValues: file.show_values,
    })),
);
