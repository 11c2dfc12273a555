import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {printable} from '../../../domain/base/printable.ts';
import {withoutStatement} from '../../../pg/session/server-error.ts';
import type {Session} from '../../../pg/session/session.ts';
import type {Action} from '../../action.ts';
import type {StepContext} from '../../step.ts';
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

/** Where the words of a server's refusals go, and who hears how many statements are done. */
interface Applying {
  readonly refused: string[];
  readonly onBatch?: (done: number) => Promise<void>;
}

/**
 * Statements that have no parameters, on the target, many in one transaction; where one of them fails, each by itself. What is about an object
 * that is not there is passed over, what the server refuses is added to `refused` in words, and everything else is thrown.
 */
export function planEach(
  ctx: Pick<StepContext, 'session'>,
  statements: readonly Statement[],
  {refused, onBatch = async () => undefined}: Applying,
): Action[] {
  const starts = Array.from({length: Math.ceil(statements.length / AT_ONCE)}, (_, index) => index * AT_ONCE);
  return starts.map((from) => {
    const batch = statements.slice(from, from + AT_ONCE);
    // Several statements in one message are one transaction.
    const text = batch.map(renderStatement).join(';\n');
    const execute = async (): Promise<void> => {
      await onBatch(from);
      const target = await ctx.session('target');
      try {
        await target.run(sql(text));
      } catch (error) {
        if (!(error instanceof LonghaulError) || error.code !== 'failed') throw error;
        for (const statement of batch) refused.push(...(await tryOne(target, statement)));
      }
    };
    return {on: 'target', text, execute};
  });
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
      printable(`${renderStatement(statement)}: ${error instanceof Error ? withoutStatement(error.message) : ''}`),
    ];
  }
}
