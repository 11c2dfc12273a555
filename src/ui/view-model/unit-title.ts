import type {LoadUnit} from '../../domain/run/load-unit.ts';
import {formatRelation} from '../../domain/pg/relation.ts';
import {isKeyPart, partOf} from '../../domain/run/table-part.ts';
import {screenText} from '../screen/screen-text.ts';

/** A unit's name for people: `events`, `billing.invoices`, `events 0-12800` of a part by its pages, `events 3/8` of one by its key, `rest (412 tables)`, `large objects`. */
export function unitTitle(unit: LoadUnit): string {
  switch (unit.kind) {
    case 'large-objects':
      return 'large objects';
    case 'rest':
      if (unit.tables.length === 0) return 'sequences and the like';
      return `rest (${unit.tables.length} ${unit.tables.length === 1 ? 'table' : 'tables'})`;
    case 'table': {
      const [first] = unit.tables;
      if (first === undefined) return screenText(unit.id);
      const full = screenText(formatRelation(first));
      const short = full.startsWith('public.') ? full.slice('public.'.length) : full;
      const part = partOf(unit.id);
      if (part !== null)
        return `${short} ${isKeyPart(part) ? `${part.number}/${part.of}` : `${part.from}-${part.to ?? ''}`}`;
      return unit.tables.length > 1 ? `${short} +${unit.tables.length - 1}` : short;
    }
  }
}
