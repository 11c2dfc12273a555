import type {JournalEntry} from '../../domain/run/event.ts';
import type {Trace} from '../../domain/base/trace.ts';
import {mayQuoteRows, withoutRows} from '../../domain/base/without-rows.ts';

/** Tells the trace of what the journal says of units: starts with their folders, pauses, ends and how they came about. */
export function traceLanes(trace: Trace, entry: JournalEntry): void {
  if (!('unit' in entry)) return;
  const {seq, at: _, type, unit, ...facts} = entry;
  trace({
    trace: 'lanes',
    event: type,
    unit,
    facts: {seq, ...facts, ...('failure' in facts ? {failure: causeOf(facts.failure)} : {})},
  });
}

function causeOf({cause, sqlstate, message, heals}: Extract<JournalEntry, {type: 'unit.failed'}>['failure']) {
  return {cause, sqlstate, heals, message: sqlstate !== null && mayQuoteRows(sqlstate) ? '' : withoutRows(message)};
}
