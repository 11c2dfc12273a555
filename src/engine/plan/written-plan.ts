import {parseRelation, type RelationName} from '../../domain/pg/relation.ts';

/** A plan as its file has it: whatever somebody wrote there. */
export interface WrittenPlan {
  readonly slots?: unknown;
  readonly units?: unknown;
  /** At which values of their keys tables are cut; not there where none is. */
  readonly cuts?: unknown;
}

/** What is wrong with a plan, and the keys that lead there: `['units', 'rest', 3]`. */
export interface PlanProblem {
  readonly at: readonly (string | number)[];
  readonly words: string;
}

/** A slot or unit with the tables that are written below it. */
export interface Entry {
  readonly name: string;
  readonly tables: readonly RelationName[];
}

/** The entries of a section as far as they can be read; what cannot is a problem of judgePlan. Pure. */
export function entries(section: unknown): Entry[] {
  if (typeof section !== 'object' || section === null) return [];
  return Object.entries(section).map(([name, list]) => ({
    name,
    tables: (Array.isArray(list) ? list : []).flatMap((one: unknown) => {
      const table = typeof one === 'string' ? parseRelation(one) : null;
      return table === null ? [] : [table];
    }),
  }));
}
