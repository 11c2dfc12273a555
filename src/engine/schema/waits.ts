import type {Config} from '../../config/config.ts';
import type {IndexRow} from '../../pg/indexes.ts';
import type {Manifest} from './manifest.ts';

/** What is built now, and what longhaul.yaml tells to wait for. */
export interface Division {
  readonly now: Manifest;
  /** `unique index public.users_email_key: after CDC has caught up`. */
  readonly later: readonly string[];
}

/**
 * Divides a manifest by load.unique, load.foreign_keys and load.triggers. A unique index that a foreign key of `now` may hang on is not
 * known by name here, so with foreign keys after the load the unique indexes that are constraints are built, too. Pure.
 */
export function divideManifest(missing: Manifest, load: Config['load'], withCdc: boolean): Division {
  const uniqueWaits = withCdc && load.unique === 'after-catch-up';
  const keysWait = load.foreignKeys === 'at-cutover';
  const triggersWait = load.triggers === 'at-cutover';
  const waits = (index: IndexRow): boolean =>
    uniqueWaits && index.unique && index.constraintType !== 'p' && (keysWait || !isReferenced(index, missing));
  return {
    now: {
      indexes: missing.indexes.filter((index) => !waits(index)),
      foreignKeys: keysWait ? [] : missing.foreignKeys,
      triggers: triggersWait ? [] : missing.triggers,
    },
    later: [
      ...missing.indexes
        .filter((index) => waits(index))
        .map((index) => `unique index ${index.schema}.${index.name}: after CDC has caught up`),
      ...(keysWait
        ? missing.foreignKeys.map((key) => `foreign key ${key.schema}.${key.table}.${key.name}: at cutover`)
        : []),
      ...(triggersWait
        ? missing.triggers.map((trigger) => `trigger ${trigger.schema}.${trigger.table}.${trigger.name}: at cutover`)
        : []),
    ],
  };
}

/** Whether a foreign key references the table of a unique constraint: it may need just this one. */
function isReferenced(index: IndexRow, {foreignKeys}: Manifest): boolean {
  return index.constraintType === 'u' && foreignKeys.some((key) => key.definition.includes(index.table));
}
