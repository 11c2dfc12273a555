import {noteTables, readTaken, takeForParts} from '../../pg/load/own-tables.ts';
import {mustOwn, type LedgerEntry} from '../../pg/load/ledger.ts';
import {sql} from '../../pg/session/statement.ts';
import type {LoadUnit, UnitFailure} from '../../domain/run/load-unit.ts';
import {sqlStateOf} from '../../pg/session/sqlstate.ts';
import {takingFailure} from './outcome.ts';
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
    return takingFailure(unit, error.message, sqlstate);
  } finally {
    await target.close();
  }
}

/** What it runs, as one text and so in one transaction. */
export function takingScript(entry: LedgerEntry, frame: ObjectFrame): string {
  return [mustOwn(entry), takeForParts(entry, frame.before), noteTables(entry), frame.after].join('\n').trim();
}
