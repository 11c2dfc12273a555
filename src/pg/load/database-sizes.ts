import {sql, type Statement} from '../session/statement.ts';

/** Bytes of the database that is connected to. Looks at every file of it: 20,000 tables are some 100,000 files. */
export function readDatabaseSize(): Statement<{bytes: number}> {
  return sql('SELECT pg_database_size(current_database()) AS "bytes"');
}

/** Bytes of all databases. Needs CONNECT on each of them, or pg_monitor (10+), or superuser; 42501 otherwise. */
export function readAllDatabaseSizes(): Statement<{bytes: number}> {
  return sql('SELECT coalesce(sum(pg_database_size(oid)), 0)::bigint AS "bytes" FROM pg_database');
}
