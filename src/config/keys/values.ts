import {z} from 'zod';
import {parseRelation, type RelationName} from '../../domain/pg/relation.ts';
import {parseDuration, parseSize} from '../quantities.ts';

/** Neither a timer here nor a statement_timeout there can be longer; 0 would be no limit at all. */
const LONGEST_MS = 24 * 86_400_000;

/** A duration of at least `least`; milliseconds. */
export const durationFrom = (least: string) =>
  z.union([z.string(), z.number()]).transform((value, ctx): number => {
    const ms = parseDuration(String(value));
    if (ms !== null && ms >= (parseDuration(least) ?? 0) && ms <= LONGEST_MS) return ms;
    const message =
      ms === null
        ? `is no duration with its unit: write ${hint(value, 's')}, 10min, 6h`
        : `must be from ${least} to 24d`;
    ctx.addIssue({code: 'custom', message});
    return z.NEVER;
  });

/** A duration of at least a second; milliseconds. */
export const duration = durationFrom('1s');

/** Bytes. */
export const size = z.union([z.string(), z.number()]).transform((value, ctx): number => {
  const bytes = parseSize(String(value));
  if (bytes !== null) return bytes;
  ctx.addIssue({code: 'custom', message: `is no size with its unit: write ${hint(value, 'GB')}, 512MB, 2TB`});
  return z.NEVER;
});

/** The number that was written, with a unit: `3` → `3s`. */
function hint(value: string | number, unit: string): string {
  return /^\d+(\.\d+)?$/.test(String(value)) ? `${value}${unit}` : `30${unit}`;
}

/** A table: `public.events`, `"Mixed Case".orders`. */
export const relation = z.string().transform((text, ctx): RelationName => {
  const name = parseRelation(text);
  if (name !== null) return name;
  ctx.addIssue({code: 'custom', message: 'is no table: write schema.table, with "double quotes" where SQL needs them'});
  return z.NEVER;
});

/** A whole number in these limits. */
export const whole = (least: number, most: number) => {
  const message = `must be a whole number from ${least} to ${most}`;
  return z.int(message).min(least, message).max(most, message);
};

/** A program and its arguments. */
export const command = z.array(z.string().min(1)).min(1);
