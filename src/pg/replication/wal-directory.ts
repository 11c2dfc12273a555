import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {pick} from '../session/versions.ts';

/** Bytes in the server's WAL directory. Needs pg_monitor from 10 on, superuser before (pg_ls_dir); 42501 otherwise. */
export function readWalDirectory(version: ServerVersion): Statement<{bytes: number}> {
  return sql(`SELECT ${pick('walDirectoryBytes', version)} AS "bytes"`);
}

/** Whether the role may ask for it. Who may not and asks leaves an error in the server's log, every time. */
export function readMayListWal(version: ServerVersion): Statement<{may: boolean}> {
  return sql(`SELECT ${pick('mayListWal', version)} AS "may"`);
}
