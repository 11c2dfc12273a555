import type {Filled, SchemaChange} from '../../../domain/run/drift/schema-change.ts';
import type {ChosenFact} from '../../../pg/objects/drift/chosen-facts.ts';

/** What is known of an object of the source, at P and now; nothing where it was not there. */
export interface ObjectThen {
  readonly before: readonly ChosenFact[];
  readonly now: readonly ChosenFact[];
}

/** A change, and how it is seen whether the target has followed. */
export interface Drift extends SchemaChange {
  readonly catalog: string;
  readonly kind: string;
  /** The names, before and now, of what it belongs to: by one of them the target has it. */
  readonly objects: readonly string[];
  /** As it was called before. */
  readonly was: string;
  /** As the target calls it once it has followed. */
  readonly name: string;
  /** Null where the object as a whole has come or gone. */
  readonly part: string | null;
  /** What its part was before. */
  readonly from: string | null;
  /** Whether it goes from what it was seen as in between, and not from what it was at P: then only a target that has followed meanwhile has to follow again. */
  readonly isTurned?: true;
  /** Whether it is to be there, and what its part is to be. */
  readonly there: boolean;
  readonly value: string | null;
  readonly rank: number;
}

/** What a comparison of the schema with itself comes to. */
export interface Drifted {
  readonly changes: readonly Drift[];
  readonly filled: readonly Filled[];
}
