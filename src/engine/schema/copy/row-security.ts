import {quoteRelation, type RelationName} from '../../../domain/pg/relation.ts';
import {tablesOf} from '../../../domain/run/load-unit.ts';
import {forceRowSecurity, liftRowSecurity, readHidingTables} from '../../../pg/roles/row-security.ts';
import type {Session} from '../../../pg/session/session.ts';
import {renderStatement, sql} from '../../../pg/session/statement.ts';
import type {Action} from '../../action.ts';
import {byThen, remark, showStatement} from '../../make-action.ts';
import {readInventoryFile} from '../../inventory/inventory-file.ts';
import {readPlan} from '../../plan/plan-file.ts';
import type {StepContext} from '../../step.ts';
import type {ObjectFrame} from '../../load/object-rights.ts';

/** Which of these tables, all of them there, hide rows from our role. On the target no role is above row security. */
export async function tablesThatHide(session: Session, tables: readonly RelationName[]): Promise<RelationName[]> {
  if (tables.length === 0) return [];
  const names = new Set((await session.run(readHidingTables(tables, session.version))).map(({name}) => name));
  return tables.filter((table) => names.has(quoteRelation(table)));
}

/** Works with every row in sight: what we own can be seen whole in a transaction that is taken back. */
export async function withEveryRow<T>(
  session: Session,
  tables: readonly RelationName[],
  work: () => Promise<T>,
): Promise<T> {
  const hiding = await tablesThatHide(session, tables);
  if (hiding.length === 0) return work();
  // Also where the session can change nothing: it is taken back.
  await session.run(sql('BEGIN READ WRITE'));
  try {
    for (const table of hiding) await session.run(liftRowSecurity(table));
    return await work();
  } finally {
    if (!session.lost) await session.run(sql('ROLLBACK'));
  }
}

/** The tables of the plan that have row security on the source. */
export async function tablesWithRowSecurity(ctx: StepContext): Promise<RelationName[]> {
  const {tables} = await readInventoryFile(ctx);
  const names = new Set(tables.filter(({rowSecurity}) => rowSecurity).map(({relation}) => quoteRelation(relation)));
  const {units} = await readPlan(ctx);
  return tablesOf(units).filter((table) => names.has(quoteRelation(table)));
}

/** What makes every row of these tables visible for a moment; of each only where it hides rows from our role. */
export function showLifts(tables: readonly RelationName[]): Action[] {
  const words = 'only where it hides rows from our role, in a transaction that is rolled back';
  return tables.map((table) => ({
    on: 'target',
    text: remark(words, showStatement(liftRowSecurity(table))),
    execute: byThen,
  }));
}

/** COPY fails on a table that hides rows; within the unit's transaction it does not. Pure. */
export function frameRowSecurity(hiding: readonly RelationName[]): ObjectFrame {
  const lines = (make: typeof liftRowSecurity): string =>
    hiding.map((table) => `${renderStatement(make(table))};\n`).join('');
  return {before: lines(liftRowSecurity), after: lines(forceRowSecurity)};
}
