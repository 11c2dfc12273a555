import type {Inventory, InventoryTable} from '../../domain/pg/inventory.ts';
import type {Finding} from '../../domain/run/finding.ts';
import {formatRelation} from '../../domain/pg/relation.ts';
import {formatBytes} from '../../domain/base/units.ts';

/** No line of COPY, and no message to a client, is longer. Source: PostgreSQL's memutils.h, MaxAllocSize. */
export const LONGEST_LINE = 0x3fffffff;

/**
 * Rows that no COPY in text carries: a bytea of 512 MB is a line of 1 GB. A newline, tab or backslash takes two bytes, so that a text may get
 * there from half of it on. What was not measured is not told. Pure.
 */
export function judgeWidest({tables}: Pick<Inventory, 'tables'>): Finding[] {
  const wide = (from: number, to: number): InventoryTable[] =>
    tables.filter(({widestRow = 0}) => widestRow >= from && widestRow < to);
  return [
    ...wide(LONGEST_LINE, Infinity).map((table) =>
      about(table, 'blocker', 'and pg_dump fails on it: a line of COPY is shorter than 1 GB'),
    ),
    ...wide(LONGEST_LINE / 2, LONGEST_LINE).map((table) =>
      about(table, 'warning', 'and each newline, tab and backslash takes one more: pg_dump fails from 1 GB on'),
    ),
  ];
}

function about({relation, widestRow = 0}: InventoryTable, severity: Finding['severity'], words: string): Finding {
  return {
    check: 'inventory.row-too-wide',
    severity,
    subject: `table ${formatRelation(relation)}`,
    seen: `its largest row is ${formatBytes(widestRow)}${widestRow === LONGEST_LINE ? ' or more' : ''} as COPY writes it (bytea in hexadecimal, twice its size; a bit as a digit), ${words}`,
    remedy:
      'cut or move the value on the source, or leave the table out (tables.exclude) and copy it by other means; then longhaul plan --fresh',
  };
}
