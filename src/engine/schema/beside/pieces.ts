import {tablesOf} from '../../../domain/run/load-unit.ts';
import type {StepContext} from '../../step.ts';
import type {Expected} from '../../waiting/under-way.ts';
import type {Task} from '../copy/attempts.ts';
import {planTable, type TableWork} from './table-work.ts';
import type {Wanted} from './wanted.ts';

/** The builds of a whole load as pieces of work that probes show, those of tables that are not in yet among them. */
export interface Pieces {
  /** The piece of a task; what is done at once is none. */
  of(task: Task): Expected;
  /** Counts as done what these tables had before. */
  meet(tables: readonly TableWork[]): Promise<void>;
  /** How many are done, and how many there are. */
  count(): {readonly done: number; readonly total: number};
}

const AT_ONCE: Expected = {during: async (_application, work) => work(() => undefined)};

/** Expects every build of the load from now on. */
export function createPieces({state, underWay}: StepContext, wanted: Wanted): Pieces {
  underWay.begin('full-load');
  const pieces = new Map<string, Expected>();
  const expect = ({object: name, reads}: Task): Expected =>
    underWay.expect({name, table: reads?.table ?? '', on: ['target'], bytes: reads?.bytes ?? 0});
  const tables = tablesOf(state().units);
  for (const table of tables)
    for (const task of countedOf(planTable(table, wanted.of(table), {there: new Map(), analyzed: false})))
      pieces.set(task.object, expect(task));

  /** One that is done a second time is another piece. */
  const take = (task: Task): Expected => {
    const known = pieces.get(task.object);
    pieces.delete(task.object);
    return known ?? expect(task);
  };
  return {
    of: (task) => (task.reads === undefined ? AT_ONCE : take(task)),
    meet: async (works) => {
      for (const work of works) {
        const open = new Set(countedOf(work).map(({object}) => object));
        const all = planTable(work.table, wanted.of(work.table), {there: new Map(), analyzed: false});
        for (const {object} of countedOf(all)) {
          const known = pieces.get(object);
          if (open.has(object) || known === undefined) continue;
          pieces.delete(object);
          await known.during(null, async () => undefined);
        }
      }
    },
    count: () => {
      const {done, total} = underWay.read() ?? {done: 0, total: 0};
      return {done, total};
    },
  };
}

function countedOf({builds, last}: TableWork): Task[] {
  return [...builds.map(({task}) => task), ...last].filter(({reads}) => reads !== undefined);
}
