import type {Severity} from '../../../domain/run/finding.ts';
import type {RelationName} from '../../../domain/pg/relation.ts';
import type {Hazard} from '../../../pg/catalog/data-hazards.ts';

/** A table, and which of its columns or indexes is meant where that was told. */
export type Row = RelationName & {readonly detail?: string};

/** How a property of the data is told, whatever the tables that have it. */
export interface Told {
  readonly severity: Severity;
  /** The check's name behind `data.`: `no-key`. */
  readonly check: string;
  readonly words: string;
  readonly remedy?: string | ((rows: readonly Row[]) => string);
}

/** Properties of the data that only matter to an engine of change capture, which tells each in its own words, or not at all. */
export type CaptureTopic =
  | 'no replica key'
  | 'unique beside the key'
  | 'lob column'
  | Extract<Hazard, 'numeric or char' | 'deferrable or exclusion' | 'replica identity'>;
