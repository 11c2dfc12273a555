import type {Config} from '../../../config/config.ts';
import {formatRelation} from '../../../domain/pg/relation.ts';
import type {CaptureNeeds} from '../../capture/needs.ts';
import {triggersOff} from '../../../domain/run/back/claimed-back.ts';
import type {RunState} from '../../../domain/run/run-state.ts';
import type {IndexRow, TriggerRow} from '../../../pg/catalog/indexes.ts';
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

/**
 * Of the triggers that are another way enabled than on the source those that are put into that state now. Where triggers wait for the cutover their states do: one that was taken back has left triggers
 * which fire at the origin alone, and with the source's ALWAYS or REPLICA they would fire for each change that is applied. So would those that are off while changes come back. Pure.
 */
export function statesDue(
  differing: readonly TriggerRow[],
  load: Pick<Config['load'], 'triggers'>,
  {claimed, cutover}: Pick<RunState, 'claimed' | 'cutover'>,
): TriggerRow[] {
  if (load.triggers === 'at-cutover' && cutover?.status !== 'handed-over') return [];
  const off = triggersOff(claimed);
  return differing.filter(
    ({schema, table, name}) => !off.some((one) => one.schema === schema && one.name === table && one.trigger === name),
  );
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
