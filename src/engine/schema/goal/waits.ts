import type {Config} from '../../../config/config.ts';
import {formatRelation} from '../../../domain/pg/relation.ts';
import type {CaptureNeeds} from '../../capture/needs.ts';
import type {IndexRow} from '../../../pg/catalog/indexes.ts';
import type {Objects} from './manifest.ts';

/** What is built now, and what longhaul.yaml tells to wait for. */
export interface Division {
  readonly now: Objects;
  readonly later: Objects;
}

/**
 * Divides what is missing by load.unique, load.foreign_keys and load.triggers, and by what the engine of change capture cannot apply beside. A unique index that a foreign key of now
 * hangs on cannot wait, nor one that change capture finds its rows by. Pure.
 */
export function divideManifest(
  missing: Objects,
  load: Config['load'],
  capture: Pick<CaptureNeeds, 'slots' | 'deferrableWaits'>,
): Division {
  const uniqueWaits = capture.slots !== null && load.unique === 'after-catch-up';
  const keysWait = load.foreignKeys === 'at-cutover';
  const triggersWait = load.triggers === 'at-cutover';
  // No foreign key can hang on a deferrable one.
  const deferrableWaits = (index: IndexRow): boolean =>
    capture.deferrableWaits === true && index.unique && index.deferrable;
  const waits = (index: IndexRow): boolean =>
    deferrableWaits(index) ||
    (uniqueWaits &&
      index.unique &&
      index.constraintType !== 'p' &&
      !index.replicaIdentity &&
      (keysWait || !isReferenced(index, missing)));
  return {
    now: {
      indexes: missing.indexes.filter((index) => !waits(index)),
      foreignKeys: keysWait ? [] : missing.foreignKeys,
      triggers: triggersWait ? [] : missing.triggers,
      checks: missing.checks,
    },
    later: {
      indexes: missing.indexes.filter((index) => waits(index)),
      foreignKeys: keysWait ? missing.foreignKeys : [],
      triggers: triggersWait ? missing.triggers : [],
      checks: [],
    },
  };
}

function isReferenced({schema, name}: IndexRow, {foreignKeys}: Objects): boolean {
  return foreignKeys.some((key) => key.indexSchema === schema && key.indexName === name);
}

/** `unique index public.users_email_key: after CDC has caught up`. Pure. */
export function describeLater({indexes, foreignKeys, triggers}: Objects): string[] {
  return [
    ...indexes.map(
      (index) =>
        `unique index ${named(index)}: ${index.deferrable ? 'once change capture has drained' : 'after CDC has caught up'}`,
    ),
    ...foreignKeys.map((key) => `foreign key ${named(key)}: at cutover`),
    ...triggers.map((trigger) => `trigger ${named(trigger)}: at cutover`),
  ];
}

function named(row: {readonly schema: string; readonly table: string; readonly name: string}): string {
  return `${row.name} of ${formatRelation({schema: row.schema, name: row.table})}`;
}
