import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {printable} from '../../../domain/base/printable.ts';
import type {Session} from '../../../pg/session/session.ts';
import {SQLSTATE, sqlStateOf} from '../../../pg/session/sqlstate.ts';
import {renderStatement, sql, type Statement} from '../../../pg/session/statement.ts';

const AT_ONCE = 100;

/** What an object that was left out on purpose is told by. */
const NOT_THERE: ReadonlySet<string | null> = new Set([
  SQLSTATE.undefinedTable,
  SQLSTATE.undefinedObject,
  SQLSTATE.undefinedFunction,
  SQLSTATE.undefinedColumn,
  SQLSTATE.invalidSchemaName,
]);

/** Whether a server refused a statement because it has not what that is about. */
export function isNotThere(error: unknown): boolean {
  return NOT_THERE.has(sqlStateOf(error));
}

/**
 * Runs statements that have no parameters, many in one transaction; where one of them fails, each by itself. What is about an object that is
 * not there is passed over, what the server refuses is given back in words, and everything else is thrown. `onBatch` hears how many are done.
 */
export async function applyEach(
  target: Session,
  statements: readonly Statement[],
  onBatch: (done: number) => Promise<void>,
): Promise<string[]> {
  const refused: string[] = [];
  for (let from = 0; from < statements.length; from += AT_ONCE) {
    const batch = statements.slice(from, from + AT_ONCE);
    await onBatch(from);
    try {
      // Several statements in one message are one transaction.
      await target.run(sql(batch.map(renderStatement).join(';\n')));
    } catch (error) {
      if (!(error instanceof LonghaulError) || error.code !== 'failed') throw error;
      for (const statement of batch) refused.push(...(await tryOne(target, statement)));
    }
  }
  return refused;
}

async function tryOne(target: Session, statement: Statement): Promise<string[]> {
  try {
    await target.run(sql(renderStatement(statement)));
    return [];
  } catch (error) {
    const state = sqlStateOf(error);
    if (isNotThere(error)) return [];
    if (state !== SQLSTATE.insufficientPrivilege && state !== SQLSTATE.featureNotSupported) throw error;
    return [
      printable(`${renderStatement(statement)}: ${error instanceof Error ? error.message.split(', in: ')[0] : ''}`),
    ];
  }
}
