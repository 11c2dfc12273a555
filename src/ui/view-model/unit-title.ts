import type {LoadUnit} from '../../domain/run/load-unit.ts';
import {formatRelation} from '../../domain/pg/relation.ts';
import {screenText} from '../screen/screen-text.ts';

/** A unit's name for people: `events`, `billing.invoices`, `rest (412 tables)`, `large objects`. */
export function unitTitle(unit: LoadUnit): string {
  switch (unit.kind) {
    case 'large-objects':
      return 'large objects';
    case 'rest':
      return `rest (${unit.tables.length} ${unit.tables.length === 1 ? 'table' : 'tables'})`;
    case 'table': {
      const [first] = unit.tables;
      if (first === undefined) return screenText(unit.id);
      const full = screenText(formatRelation(first));
      const short = full.startsWith('public.') ? full.slice('public.'.length) : full;
      return unit.tables.length > 1 ? `${short} +${unit.tables.length - 1}` : short;
    }
  }
}
