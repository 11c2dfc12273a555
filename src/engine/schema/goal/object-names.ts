import {printable} from '../../../domain/base/printable.ts';
import {formatRelation, type RelationName} from '../../../domain/pg/relation.ts';
import type {CheckRow} from '../../../pg/catalog/checks.ts';
import type {CommentRow, ForeignKeyRow, IndexRow, TriggerRow} from '../../../pg/catalog/indexes.ts';
import type {Named} from './manifest.ts';

/** What people and `longhaul accept` call an index: `index public.users_email`. */
export function indexObject({schema, name}: Pick<IndexRow, 'schema' | 'name'>): string {
  return printable(`index ${formatRelation({schema, name})}`);
}

/** `foreign key child_b_pid_fkey of public.child_b`. */
export function keyObject(key: Pick<ForeignKeyRow, keyof Named>): string {
  return onTable('foreign key', key);
}

/** `trigger touch of public.events`. */
export function triggerObject(trigger: Pick<TriggerRow, keyof Named>): string {
  return onTable('trigger', trigger);
}

/** `check positive of public.t`. */
export function checkObject(check: Pick<CheckRow, keyof Named>): string {
  return onTable('check', check);
}

/** `table public.big`. */
export function tableObject({schema, table}: {readonly schema: string; readonly table: string}): string {
  return printable(`table ${formatRelation({schema, name: table})}`);
}

/** `materialized view public.totals`. */
export function viewObject(view: RelationName): string {
  return printable(`materialized view ${formatRelation(view)}`);
}

/** `comment on trigger touch of public.events`. */
export function commentObject({kind, schema, table, name}: CommentRow): string {
  return kind === 'INDEX'
    ? `comment on ${indexObject({schema, name})}`
    : onTable(`comment on ${kind.toLowerCase()}`, {schema, table, name});
}

function onTable(kind: string, {schema, table, name}: Named): string {
  return printable(`${kind} ${name} of ${formatRelation({schema, name: table})}`);
}
