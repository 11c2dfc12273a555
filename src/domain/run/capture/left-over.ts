import {quoteRelation, within, type RelationName} from '../../pg/relation.ts';
import type {CaptureState} from './capture-state.ts';
import {WRITES} from './read-only-target.ts';

/** The tables that were adopted and that the source has no more; whether the target still has them, it says itself. Pure. */
export function mayBeLeftOver({adopted, gone}: Pick<CaptureState, 'adopted' | 'gone'>): RelationName[] {
  return within(
    adopted.map(({table}) => table),
    gone,
  );
}

/** What is to be done about one that the target still has. Whoever writes there by hand says so first. Pure. */
export function dropLeftOver(table: RelationName): string {
  return `on the target, as its owner: ${WRITES}; DROP TABLE ${quoteRelation(table)}`;
}
