import type {Lsn} from '../../domain/pg/lsn.ts';
import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {sql, type Statement} from '../session/statement.ts';
import {pick} from '../session/versions.ts';

/** Where the primary writes next. Raises 55000 on a standby. */
export function readInsertPosition(version: ServerVersion): Statement<{insertLsn: Lsn}> {
  return sql(`SELECT ${pick('insertLsn', version)} AS "insertLsn"`);
}
