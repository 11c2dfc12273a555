import type {Lsn} from '../domain/lsn.ts';
import type {ServerVersion} from '../domain/server-version.ts';
import {sql, type Statement} from './statement.ts';
import {pick} from './versions.ts';

/** Where the primary writes next. Raises 55000 on a standby. */
export function readInsertPosition(version: ServerVersion): Statement<{insertLsn: Lsn}> {
  return sql(`SELECT ${pick('insertLsn', version)} AS "insertLsn"`);
}
