import type {ServerRole} from '../domain/pg/server-role.ts';
import type {Limits, Session} from '../pg/session/session.ts';
import {renderStatement, type Statement} from '../pg/session/statement.ts';
import type {Action} from './action.ts';

/** A quoted name or text, which stays as it is, or white space. */
const QUOTED_OR_SPACE = /"(?:[^"]|"")*"|'(?:[^']|'')*'|\s+/g;

/** A statement as an action shows it: one that is written over several lines, which begins with a line break, comes in one. Pure. */
export function showStatement(statement: Statement): string {
  const text = renderStatement(statement);
  return text.startsWith('\n') ? text.replace(QUOTED_OR_SPACE, (part) => (/^\s/.test(part) ? ' ' : part)).trim() : text;
}

/** What is said of an action in front of its SQL: a block comment, then the SQL. Stays SQL that a psql takes. Pure. */
export function remark(words: string, text: string): string {
  return `/* ${words.replaceAll('*/', '* /')} */ ${text}`;
}

/** Who runs statements: a session, or something that takes one from a pool. */
export type Runs = Pick<Session, 'run'>;

/** Where and how a statement is executed. */
interface How {
  readonly on: ServerRole;
  /** Gives the session when the action is executed. */
  readonly session: () => Promise<Runs>;
  readonly limits?: Limits;
}

/** The action that executes one statement; what is shown and what runs are the same object. */
export function statementAction(statement: Statement, {on, session, limits}: How): Action {
  return {
    on,
    text: showStatement(statement),
    execute: async () => void (await (await session()).run(statement, limits)),
  };
}

/** The execution of an action that the one before it has executed as well. */
export async function byThen(): Promise<void> {}

/** Executes actions in their order. */
export async function executeAll(actions: readonly Action[]): Promise<void> {
  for (const action of actions) await action.execute();
}

/** What comes of an action that is executed later. Throws "bug" when it is asked for before. */
export interface Later<T> {
  set(value: T): void;
  get(): T;
}

/** A place for what an action finds, for those after it and for the evidence. `what` is for the bug's message. */
export function later<T>(what: string): Later<T> {
  let found: {readonly value: T} | null = null;
  return {
    set: (value) => {
      found = {value};
    },
    get: () => {
      if (found === null) throw new Error(`bug: ${what} is asked for before its action was executed`);
      return found.value;
    },
  };
}
