import {printable} from '../../domain/base/printable.ts';
import {sqlStateOf} from './sqlstate.ts';

/** What a server said of a statement that it refused: `Key (email)=(u7) is duplicated` is its detail. */
export interface ServerWords {
  readonly sqlstate: string;
  /** Message and detail in one sentence, safe for a terminal. */
  readonly words: string;
}

/** The server's own words and SQLSTATE; null for an error that no server sent. */
export function serverWords(error: unknown): ServerWords | null {
  const sqlstate = sqlStateOf(error);
  if (sqlstate === null) return null;
  let at: unknown = error;
  while (at instanceof Error && !('severity' in at)) at = at.cause;
  if (!(at instanceof Error)) return null;
  const detail = 'detail' in at && typeof at.detail === 'string' ? at.detail : '';
  const where = 'where' in at && typeof at.where === 'string' ? at.where.split('\n')[0] : '';
  const said = [at.message, detail, where === '' ? '' : `in ${where ?? ''}`].filter((one) => one !== '');
  return {sqlstate, words: printable(said.join(': ')).replace(/\.$/, '')};
}

/**
 * Whether the server refused the statement itself, its rows or its definition, so that others may work: not what ended the session or the
 * server (57P01 and its kin), what a full disk or a lack of memory stops (53), a disk that fails (58), a connection that is lost (08).
 */
export function isRefusal(sqlstate: string): boolean {
  return !/^(08|53|58|57P|F0)/.test(sqlstate);
}
