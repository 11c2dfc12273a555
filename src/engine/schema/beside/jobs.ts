import type {RelationName} from '../../../domain/pg/relation.ts';
import type {IndexRow} from '../../../pg/catalog/indexes.ts';
import type {Task} from '../copy/attempts.ts';
import {byUrgency, type TableWork} from './table-work.ts';

/** What one builder does in one go: an index, or what comes last at a table. */
export interface Job {
  readonly table: OpenTable;
  readonly tasks: readonly Task[];
  readonly isLast: boolean;
}

/** A table that is not done. */
interface OpenTable {
  readonly work: TableWork;
  /** How many of its indexes are not built yet. */
  left: number;
  /** Whether something of it has failed in a way that time may heal. */
  broken: boolean;
}

type BuildJob = Job & {readonly index: IndexRow};

/** What is to be done, the most urgent first. What comes last at a table is ready once all its indexes are built, and goes before the next table's. */
export interface Jobs {
  add(tables: readonly TableWork[]): void;
  /** The next that is ready; undefined where none is. */
  take(): Job | undefined;
  /** Says how it ended. */
  end(job: Job, result: 'done' | 'broken'): void;
  /** How many are ready. */
  count(): number;
}

/** `onBroken` hears of a table of which something has failed, once nothing more of it is under way: what it wants has to be planned anew. */
export function createJobs(onBroken: (table: RelationName) => void): Jobs {
  const last: Job[] = [];
  /** The most urgent is at the end. */
  let builds: BuildJob[] = [];

  function whenBuilt(table: OpenTable): void {
    if (table.left > 0) return;
    if (table.broken) onBroken(table.work.table);
    else if (table.work.last.length > 0) last.push({table, tasks: table.work.last, isLast: true});
  }

  return {
    add: (works) => {
      const tables = works.map((work): OpenTable => ({work, left: work.builds.length, broken: false}));
      for (const table of tables) whenBuilt(table);
      builds = [...builds, ...tables.flatMap(buildsOf)].toSorted((a, b) => byUrgency(b.index, a.index));
    },
    take: () => last.pop() ?? builds.pop(),
    end: ({table, isLast}, result) => {
      if (result === 'broken') table.broken = true;
      if (!isLast) table.left -= 1;
      if (!isLast || table.broken) whenBuilt(table);
    },
    count: () => last.length + builds.length,
  };
}

function buildsOf(table: OpenTable): BuildJob[] {
  return table.work.builds.map(({index, task}) => ({table, tasks: [task], isLast: false, index}));
}
