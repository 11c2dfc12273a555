import {quoteIdentifier} from '../../pg/identifier.ts';

/** What a figure of change capture was seen of: a slot, or a table of one. */
export interface SeenOf {
  readonly slot: string;
  /** For people: `public.events`; null where it is of the slot. */
  readonly table: string | null;
}

/** What a figure of a slot names: `slot dms_slot_01`. Pure. */
export function ofSlot(slot: string): string {
  return `slot ${slot}`;
}

/** What a figure of a table in a slot names: `slot dms_slot_01, table public.events`. Pure. */
export function ofTable(slot: string, table: string): string {
  return `${ofSlot(slot)}, table ${table}`;
}

/** What a figure of a trigger names, and of a table that has none any more: `trigger "x" on table public.events`, `table public.events`. Pure. */
export function ofTriggerOn(trigger: string | null, table: string): string {
  return trigger === null ? `table ${table}` : `trigger ${quoteIdentifier(trigger)} on table ${table}`;
}

const TRIGGER_FORM = /^(?:trigger ("(?:[^"]|"")*") on )?table ([^]+)$/;

/** The other way round, the trigger as SQL; null where the figure is of neither. Pure. */
export function triggerSeenOf(of: string | null): {readonly trigger: string | null; readonly table: string} | null {
  const [, trigger = null, table] = TRIGGER_FORM.exec(of ?? '') ?? [];
  return table === undefined ? null : {trigger, table};
}

const FORM = /^slot ([^,]+)(?:, table ([^]+))?$/;

/** The other way round; null where the figure is of neither. Pure. */
export function seenOf(of: string | null): SeenOf | null {
  const [, slot, table = null] = FORM.exec(of ?? '') ?? [];
  return slot === undefined ? null : {slot, table};
}
