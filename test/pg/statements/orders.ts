import {setList, setNumber} from '../../../src/pg/session/alter-system.ts';
import {
  createPglogical,
  openPglogicalTo,
  pglogicalClosed,
  pglogicalForApplications,
  readPglogicalRights,
} from '../../../src/pg/replication/pglogical-rights.ts';
import {sql} from '../../../src/pg/session/statement.ts';
import {reads, type Place, type Trial} from './trial.ts';

/** What only a superuser may type, whatever the version. */
const SUPERUSER = {on: ['source'], superuserBefore: Number.POSITIVE_INFINITY} as const;

function withPglogical(order: (place: Place) => string): Trial {
  return {...SUPERUSER, make: (place) => [sql(order(place))], pglogical: true};
}

/** The orders that findings tell a superuser to type, and what they rest on. */
export const ORDERS: Readonly<Record<string, Trial>> = {
  readPglogicalRights: reads(readPglogicalRights),
  openPglogicalTo: withPglogical(() => openPglogicalTo('longhaul')),
  pglogicalForApplications: withPglogical(() => pglogicalForApplications(['longhaul'])),
  pglogicalClosed: withPglogical(() => pglogicalClosed(['longhaul'])),
  createPglogical: {
    ...SUPERUSER,
    make: ({version}) => [sql('DROP EXTENSION pglogical'), sql(createPglogical('longhaul', version))],
    alone: true,
    pglogical: true,
  },
  setList: {
    ...SUPERUSER,
    make: () => [sql(setList('search_path', ['a', 'b, c'])), sql('ALTER SYSTEM RESET search_path')],
    alone: true,
  },
  setNumber: {
    ...SUPERUSER,
    make: () => [sql(setNumber('work_mem', 4096)), sql('ALTER SYSTEM RESET work_mem')],
    alone: true,
  },
};
