import {renderStatement, type Statement} from '../../../pg/session/statement.ts';
import type {Action} from '../../action.ts';
import {findOwnPath, forgetPath} from '../../../pg/load/restore.ts';
import {isRefusal, serverWords, type ServerWords} from '../../../pg/session/server-words.ts';
import type {Session} from '../../../pg/session/session.ts';
import {SQLSTATE, sqlStateOf} from '../../../pg/session/sqlstate.ts';

/** What becomes of the objects that are tried, each by its name: `index public.users_email`. */
export interface Attempts {
  /** What the server refused, and how. One refusal keeps nothing else from being made. */
  readonly refused: Map<string, ServerWords>;
  /** What an operator has accepted as it is: it is not tried. */
  readonly accepted: ReadonlySet<string>;
}

/** A piece of work: the object that it is about, and its statements in order. */
export interface Task {
  readonly object: string;
  readonly statements: readonly Statement[];
  /** The table that has to be read for it, and its bytes; without them it is done at once, or nobody knows how long it takes. */
  readonly reads?: {readonly table: string; readonly bytes: number};
}

/** An index of a table of 1 TB takes hours, and nobody but us is on the target: no limit. */
const NO_LIMIT = {timeoutMs: 0, lockTimeoutMs: 0};

/** What a function that finds its tables and functions by search_path is told by. */
const NOT_FOUND: ReadonlySet<string | null> = new Set([
  SQLSTATE.undefinedFunction,
  SQLSTATE.undefinedTable,
  SQLSTATE.undefinedObject,
]);

/** The action that attempts a task on the target, on the session that it is given. */
export function taskAction(
  task: Task,
  attempts: Attempts,
  withSession: (work: (session: Session) => Promise<void>) => Promise<void>,
): Action {
  return {
    on: 'target',
    text: task.statements.map(renderStatement).join(';\n'),
    execute: async () => withSession(async (session) => void (await attempt(session, task, attempts))),
  };
}

/** Runs a task's statements; false, and noted, where the server refuses one. What has been refused is not tried again. Throws what concerns all. */
export async function attempt(
  session: Session,
  {object, statements}: Task,
  {refused, accepted}: Attempts,
): Promise<boolean> {
  if (refused.has(object) || accepted.has(object)) return false;
  for (const statement of statements) {
    try {
      await runOnce(session, statement);
    } catch (error) {
      const said = serverWords(error);
      if (said === null || session.lost || !isRefusal(said.sqlstate)) throw error;
      refused.set(object, said);
      return false;
    }
  }
  return true;
}

/** What is there already was made by a run that was cut off right after. */
async function runOnce(session: Session, statement: Statement): Promise<void> {
  try {
    await runWithPath(session, statement);
  } catch (error) {
    const state = sqlStateOf(error);
    if (state !== SQLSTATE.duplicateObject && state !== SQLSTATE.duplicateTable) throw error;
  }
}

/**
 * Ours is empty, and every name in what we run is qualified. A function of the application may be written for the path that the database has:
 * production runs it with that one, and so does the second attempt. From 17 on the server itself sets a path for such work.
 */
async function runWithPath(session: Session, statement: Statement): Promise<void> {
  try {
    await session.run(statement, NO_LIMIT);
  } catch (error) {
    if (session.lost || !NOT_FOUND.has(sqlStateOf(error))) throw error;
    await session.run(findOwnPath());
    try {
      await session.run(statement, NO_LIMIT);
    } finally {
      if (!session.lost) await session.run(forgetPath());
    }
  }
}
