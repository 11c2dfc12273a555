import {counted} from '../../base/units.ts';
import {formatRelation, type RelationName} from '../../pg/relation.ts';
import type {CaptureEntry} from './capture-entry.ts';

/** What happens to change capture while it runs, as one line for people. */
export function describeCapture(entry: CaptureEntry): string {
  switch (entry.type) {
    case 'cdc.paused':
      return `change capture of ${entry.slot} paused by ${entry.by}`;
    case 'cdc.resumed':
      return `change capture of ${entry.slot} resumed by ${entry.by}`;
    case 'cdc.skipping':
      return `transaction ${entry.xid} at ${entry.commitLsn} of ${entry.slot} SKIPPED by ${entry.by}: ${entry.changes.join('; ')}`;
    case 'tables.uncaptured':
      return entry.tables.length === 0
        ? 'every table of the source is captured again'
        : `NOT CAPTURED: ${namesOf(entry.tables)}`;
    case 'tables.gone':
      return entry.tables.length === 0
        ? 'every table of the plan is on the source again'
        : `the source has no more: ${namesOf(entry.tables)}`;
    case 'table.adopting':
      return `${formatRelation(entry.table)} is being adopted into ${entry.slot}, by ${entry.by}`;
    case 'table.not-adopted':
      return `${formatRelation(entry.table)} IS NOT ADOPTED: ${entry.failure.message}. What to do: ${entry.failure.remedy}`;
    case 'table.adopted':
      return `${formatRelation(entry.table)} is captured by ${entry.slot}: ${counted(entry.rows, 'row')} copied, and equal`;
    case 'comparison.owed':
      return `to be compared: ${namesOf(entry.tables)}: ${entry.why}`;
    case 'comparison.made':
      return `compared, and equal: ${namesOf(entry.tables)}`;
    case 'source.lost':
      return `THE SOURCE IS ANOTHER: ${entry.failure.message}. What to do: ${entry.failure.remedy}`;
  }
}

function namesOf(tables: readonly RelationName[]): string {
  return tables.map((table) => formatRelation(table)).join(', ');
}
