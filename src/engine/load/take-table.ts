import {emptyOwnTables, mustBeEmpty, noteTables, readTaken} from '../../pg/load/own-tables.ts';
import {mustOwn, type LedgerEntry} from '../../pg/load/ledger.ts';
import {sql} from '../../pg/session/statement.ts';
import type {LoadUnit, UnitFailure} from '../../domain/run/load-unit.ts';
import {sqlStateOf} from '../../pg/session/sqlstate.ts';
import {takingFailure} from './outcome.ts';
import type {StepContext} from '../step.ts';
import type {ObjectFrame} from './object-rights.ts';

/**
 * Takes the table of a part for this run at this P, once, before its first part: what the run loaded at an older P goes, somebody's rows end
 * it. A transaction of its own, for parts are loaded beside each other. One that is taken already is left as it is. Null where the part may begin, else
 * why it fails; throws where the target does not answer.
 */
export async function takeTable(
  ctx: StepContext,
  unit: LoadUnit,
  entry: LedgerEntry,
  frame: ObjectFrame,
): Promise<UnitFailure | null> {
  const target = await ctx.session('target');
  if ((await target.one(readTaken(entry))).taken) return null;
  const {scanMs, lockMs} = ctx.config.timeouts;
  try {
    await target.run(sql(takingScript(entry, frame)), {timeoutMs: scanMs, lockTimeoutMs: lockMs});
    return null;
  } catch (error) {
    const sqlstate = sqlStateOf(error);
    if (sqlstate === null || !(error instanceof Error)) throw error;
    return takingFailure(unit, error.message, sqlstate);
  }
}

/** What it runs, as one text and so in one transaction. */
export function takingScript(entry: LedgerEntry, frame: ObjectFrame): string {
  const own = [mustOwn(entry), emptyOwnTables(entry), frame.before, mustBeEmpty(entry.tables), noteTables(entry)];
  return [...own, frame.after].join('\n').trim();
}
