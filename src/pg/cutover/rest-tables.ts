import {quoteIdentifier, quoteLiteral} from '../../domain/pg/identifier.ts';
import {quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import type {ServerVersion} from '../../domain/pg/server-version.ts';
import type {FiringTrigger} from '../../domain/run/back/claimed-back.ts';
import {switchTrigger} from '../capture/reverse.ts';
import {AS_WRITTEN, beginReading, rowsIn, type DataColumns} from '../load/copy-data.ts';
import {doBlock} from '../load/do-block.ts';
import {renderStatement, sql, type Statement} from '../session/statement.ts';
import {pick} from '../session/versions.ts';

/** The unlogged tables of the database: no standby has their rows, and no change capture carries them. */
export function readUnloggedTables(): Statement<RelationName> {
  return sql(`
    SELECT n.nspname::text AS "schema", c.relname::text AS "name"
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND c.relpersistence = 'u' AND n.nspname !~ '^pg_'
       AND n.nspname NOT IN ('information_schema', 'pglogical', 'pglogical_origin', 'longhaul')
       AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
     ORDER BY 1, 2`);
}

/** A table as whoever copies it again has to know it. */
export interface RestFacts extends RelationName {
  readonly oid: string;
  /** The number of its file: TRUNCATE gives it another one, and so do VACUUM FULL and CLUSTER. */
  readonly file: string;
  /** With TOAST, without indexes. */
  readonly bytes: number;
  /** Without TOAST. */
  readonly heapBytes: number;
  /** How many rows the planner expects; 0 where nobody has counted. */
  readonly rows: number;
  /** Rows that were updated or deleted since `countedSince`; null where the server does not count them. */
  readonly changed: number | null;
  /** Since when the server has counted, ISO 8601; null is unknown. A crash begins it anew: from 15 on the database's own time is empty after one, and the background writer's tells of it. */
  readonly countedSince: string | null;
  /** Whether it may be emptied by TRUNCATE: our role may, and no foreign key of another table refers to it. */
  readonly mayTruncate: boolean;
  /** Whether our role may remove its rows and write others. */
  readonly mayWrite: boolean;
  /** Whether our role may switch off its triggers that fire for a replica too: it has none, or our role has its owner's rights. */
  readonly maySwitch: boolean;
  /** Whether rows that are written there fire triggers, foreign keys among them, or a rule makes something else of DELETE; COPY and TRUNCATE know no rules. */
  readonly hasTriggers: boolean;
  /** Whether such a rule is in force for a replica too. */
  readonly hasRules: boolean;
}

/** These tables, as far as they are there. */
export function readRestFacts(version: ServerVersion, tables: readonly RelationName[]): Statement<RestFacts> {
  return sql(
    `
    SELECT n.nspname::text AS "schema", c.relname::text AS "name", c.oid::text AS "oid", c.relfilenode::text AS "file", pg_table_size(c.oid) AS "bytes", pg_relation_size(c.oid) AS "heapBytes", greatest(c.reltuples, 0)::bigint AS "rows",
           CASE WHEN current_setting('track_counts')::boolean THEN pg_stat_get_tuples_updated(c.oid) + pg_stat_get_tuples_deleted(c.oid) END AS "changed",
           (SELECT to_char(greatest(d.stats_reset, (SELECT b.stats_reset FROM pg_stat_bgwriter b)) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') FROM pg_stat_database d WHERE d.datname = current_database()) AS "countedSince",
           has_table_privilege(c.oid, 'TRUNCATE')
             AND NOT EXISTS (SELECT FROM pg_constraint o WHERE o.contype = 'f' AND o.confrelid = c.oid AND o.conrelid <> c.oid) AS "mayTruncate",
           has_table_privilege(c.oid, 'INSERT') AND has_table_privilege(c.oid, 'DELETE') AS "mayWrite",
           pg_has_role(c.relowner, 'USAGE') OR NOT EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = c.oid AND g.tgenabled IN ('A', 'R') AND NOT g.tgisinternal) AS "maySwitch",
           EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = c.oid AND g.tgenabled <> 'D' AND left(g.tgname, 13) <> 'longhaul_shut')
             OR EXISTS (SELECT FROM pg_rewrite r WHERE r.ev_class = c.oid AND r.ev_type = '4' AND r.ev_enabled <> 'D') AS "hasTriggers",
           EXISTS (SELECT FROM pg_rewrite r WHERE r.ev_class = c.oid AND r.ev_type = '4' AND r.ev_enabled IN ('A', 'R')) AS "hasRules"
      FROM unnest($1::text[]) AS t(name)
      JOIN pg_class c ON c.oid = ${pick('tableNamed', version)}
      JOIN pg_namespace n ON n.oid = c.relnamespace`,
    [tables.map((table) => quoteRelation(table))],
  );
}

/** What of a table is copied again, and what goes before. */
export interface CopiedTable {
  readonly table: DataColumns;
  /** What is removed of the target's: everything, or the rows at these places, `(0,7)`. */
  readonly remove: 'truncate' | 'delete' | readonly string[];
  /** What is taken of the source's: the rows at these places; null is every row. */
  readonly take: readonly string[] | null;
  /** Triggers of the target that would fire in the role of a replica; they are switched off in the same transaction. */
  readonly firing: readonly FiringTrigger[];
}

/** How long it may take. */
interface Limited {
  readonly limitMs: number;
  readonly lockMs: number;
  /** The snapshot of which the source's rows are, as another session has exported it; left out, what is committed when it begins. */
  readonly snapshot?: string;
}

/** Under which conditions the target takes the rows. */
export interface CopyingAgain extends Limited {
  /** The session on the target without which nothing is to be written any more: its supervisor's. */
  readonly pid: number;
  readonly applicationName: string;
  /** Whether the role may write as a replica does, so that neither triggers nor foreign keys fire. */
  readonly asReplica: boolean;
}

/**
 * What a psql on the source runs to print tables as SQL that a psql on the target takes: each in a transaction of its own, in which nobody else writes to it. What ends early ends
 * without COMMIT; and nothing is written once the supervisor's own session is gone, be it that the text has arrived: change capture may go on by then, and what it has applied would
 * go.
 */
export function copyAgainScript(version: ServerVersion, tables: readonly CopiedTable[], how: CopyingAgain): string {
  return [
    ...beginnings(version, how),
    ...tables.flatMap((one) => [
      ...openings(one, how).map((line) => printed(line)),
      `COPY ${taken(one)} TO STDOUT;`,
      printed('\\.'),
      ...one.firing.map((trigger) => printed(`${renderStatement(switchTrigger(trigger, true))};`)),
      printed('COMMIT;'),
    ]),
    'COMMIT;',
    '',
  ].join('\n');
}

/** What is tried of a table: its first rows. */
export interface TriedCopy {
  readonly table: DataColumns;
  readonly rows: number;
  readonly isUnlogged: boolean;
}

/** The same, as what only tries it runs it: some rows into a table like the target's, with its indexes, which is rolled back. Without a table both programs do nothing but begin and end. */
export function tryCopyScript(version: ServerVersion, tried: TriedCopy | null, how: Limited): string {
  return [...beginnings(version, how), ...(tried === null ? [] : trying(tried)), 'COMMIT;', ''].join('\n');
}

function trying({table, rows, isUnlogged}: TriedCopy): string[] {
  const columns = table.columns.map((column) => quoteIdentifier(column)).join(', ');
  const list = columns === '' ? '' : ` (${columns})`;
  return [
    printed('BEGIN READ WRITE;'),
    printed(
      `CREATE ${isUnlogged ? 'UNLOGGED ' : ''}TABLE longhaul.tried_copy (LIKE ${quoteRelation(table)} INCLUDING INDEXES);`,
    ),
    printed(`COPY longhaul.tried_copy${list} FROM stdin WITH (FREEZE);`),
    `COPY (SELECT ${columns} FROM ONLY ${quoteRelation(table)} LIMIT ${rows}) TO STDOUT;`,
    printed('\\.'),
    printed('ROLLBACK;'),
  ];
}

function beginnings(version: ServerVersion, {snapshot, limitMs, lockMs}: Limited): string[] {
  return [
    beginReading(version, [], null),
    ...(snapshot === undefined ? [] : [`SET TRANSACTION SNAPSHOT ${literal(snapshot)};`]),
    `SET LOCAL statement_timeout = ${limitMs}; SET LOCAL lock_timeout = ${lockMs};`,
    `SELECT 'SET client_encoding = ' || pg_catalog.quote_literal(pg_catalog.current_setting('client_encoding')) || ';';`,
    printed(AS_WRITTEN),
    // A way back begins where the target has flushed (decision 0074): what is copied must not come back.
    printed('SET synchronous_commit = on;'),
    printed(`SET statement_timeout = ${limitMs}; SET lock_timeout = ${lockMs};`),
  ];
}

function openings({table, remove, firing}: CopiedTable, {pid, applicationName, asReplica}: CopyingAgain): string[] {
  const name = quoteRelation(table);
  const truncates = remove === 'truncate';
  return [
    'BEGIN READ WRITE;',
    ...(asReplica ? ['SET LOCAL session_replication_role = replica;'] : []),
    `LOCK TABLE ONLY ${name} IN ${truncates ? 'ACCESS EXCLUSIVE' : 'SHARE ROW EXCLUSIVE'} MODE;`,
    doBlock(`
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a WHERE a.pid = ${pid} AND a.application_name = ${literal(applicationName)}) THEN
    RAISE EXCEPTION 'the supervisor that copies this table again has ended';
  END IF;
END`),
    ...firing.map((trigger) => `${renderStatement(switchTrigger(trigger, false))};`),
    truncates ? `TRUNCATE ONLY ${name};` : `DELETE FROM ONLY ${name}${remove === 'delete' ? '' : at(remove)};`,
    `COPY ${rowsIn({...table, condition: ''}, null)} FROM stdin${truncates ? ' WITH (FREEZE)' : ''};`,
  ];
}

/** Everything was removed, of an extension's configuration table its own rows as well: everything is taken. */
function taken({table, take}: CopiedTable): string {
  return rowsIn({...table, condition: take === null ? '' : at(take).trimStart()}, null);
}

/** ` WHERE ctid = ANY (…)`, which the server looks up place by place. */
function at(places: readonly string[]): string {
  return ` WHERE ctid = ANY ('{${places.map((place) => `"${place}"`).join(',')}}'::tid[])`;
}

function printed(line: string): string {
  return `SELECT ${literal(line)};`;
}

function literal(text: string): string {
  return quoteLiteral(text).trim();
}
