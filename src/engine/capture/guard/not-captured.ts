import {formatRelation, quoteRelation, type RelationName} from '../../../domain/pg/relation.ts';
import type {SlotPlan} from '../../../domain/pg/slot-plan.ts';

/** A table that is to be captured and is not, or not whole. */
export interface NotCaptured {
  readonly table: RelationName;
  /** The slot, publication or replication set through which its changes should come: `idms_slot_01`. */
  readonly through: string;
}

/** The slots of a plan with their tables. */
export type SlotsOfPlan = Pick<SlotPlan, 'slots'>;

/** `public.events (idms_slot_01)`. Pure. */
export function describeNotCaptured({table, through}: NotCaptured): string {
  return `${formatRelation(table)} (${through})`;
}

/** The tables, each once. Pure. */
export function tablesNotCaptured(all: readonly NotCaptured[]): RelationName[] {
  return [...new Map(all.map(({table}) => [quoteRelation(table), table])).values()];
}

/** What a subscription asks for: the publications or sets of its slot. */
interface Asked {
  readonly slot: string;
  readonly asks: readonly string[];
}

/**
 * The tables of which a subscription does not ask for all that it was made for. One that is not there is none that was altered. `sets`: through which a table comes, by whether only what is inserted is captured of it. Pure.
 */
export function notAskedFor(
  {slots}: SlotsOfPlan,
  asked: readonly Asked[],
  {
    insertsOnly,
    sets,
  }: {
    readonly insertsOnly: readonly RelationName[];
    readonly sets: (slot: string, isInsertsOnly: boolean) => readonly string[];
  },
): NotCaptured[] {
  const inserts = new Set(insertsOnly.map((table) => quoteRelation(table)));
  return slots.flatMap(({name, tables}) => {
    const one = asked.find(({slot}) => slot === name);
    if (one === undefined) return [];
    return tables.flatMap((table): NotCaptured[] => {
      const through = sets(name, inserts.has(quoteRelation(table))).find((set) => !one.asks.includes(set));
      return through === undefined ? [] : [{table, through}];
    });
  });
}
