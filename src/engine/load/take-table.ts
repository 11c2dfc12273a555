import {noteTables, readTaken, takeForParts} from '../../pg/load/own-tables.ts';
import {mustOwn, type LedgerEntry} from '../../pg/load/ledger.ts';
import {sql} from '../../pg/session/statement.ts';
import type {LoadUnit, UnitFailure} from '../../domain/run/load-unit.ts';
import {healsWithTime, SQLSTATE, sqlStateOf} from '../../pg/session/sqlstate.ts';
import {loadRemedy} from './lane/load-remedy.ts';
import type {StepContext} from '../step.ts';
import type {ObjectFrame} from './object-rights.ts';

/** The purpose of the sessions that take tables, in their application_name. */
export const TAKING = 'take';

/**
 * Takes the table of a part for this run at this P, once, before its first part: what the run loaded at an older P goes, somebody's rows end
 * it. A transaction of its own, for parts are loaded beside each other, and a session of its own: to see that a table of dead rows holds none may take as
 * long as timeouts.scan. One that is taken already is left as it is. Null where the part may begin, else why it fails; throws where the target does not
 * answer.
 */
export async function takeTable(
  ctx: Pick<StepContext, 'open' | 'config'>,
  unit: LoadUnit,
  entry: LedgerEntry,
  frame: ObjectFrame,
): Promise<UnitFailure | null> {
  const {scanMs, lockMs} = ctx.config.timeouts;
  const target = await ctx.open('target', TAKING);
  try {
    if ((await target.one(readTaken(entry))).taken) return null;
    await target.run(sql(takingScript(entry, frame)), {timeoutMs: scanMs, lockTimeoutMs: lockMs});
    return null;
  } catch (error) {
    const sqlstate = sqlStateOf(error);
    if (sqlstate === null || !(error instanceof Error)) throw error;
    // Without the statement, which is a page long.
    return takingFailure(unit, error.cause instanceof Error ? error.cause.message : error.message, sqlstate);
  } finally {
    await target.close();
  }
}

/** Why a part does not begin: its table could not be taken for its P. There is no lane yet, and no log of one. Pure. */
export function takingFailure(unit: LoadUnit, said: string, sqlstate: string): UnitFailure {
  return {
    cause: 'consumer',
    message: `its table could not be taken: ${said}`,
    table: unit.tables[0] ?? null,
    sqlstate,
    remedy: takingRemedy(unit, sqlstate),
    heals: healsWithTime(sqlstate),
  };
}

function takingRemedy(unit: LoadUnit, sqlstate: string): string {
  switch (sqlstate) {
    case SQLSTATE.lockNotAvailable:
      return `somebody on the target holds a lock on the table (pg_locks, pg_stat_activity): wait for his transaction or end it, then longhaul retry ${unit.id}`;
    case SQLSTATE.queryCanceled:
      return `to see that no row is in it took longer than timeouts.scan: VACUUM the table on the target, or raise timeouts.scan; then longhaul retry ${unit.id}`;
    default:
      return loadRemedy(unit, sqlstate, unit.tables[0] ?? null);
  }
}

/** What it runs, as one text and so in one transaction. */
export function takingScript(entry: LedgerEntry, frame: ObjectFrame): string {
  return [mustOwn(entry), takeForParts(entry, frame.before), noteTables(entry), frame.after].join('\n').trim();
}
