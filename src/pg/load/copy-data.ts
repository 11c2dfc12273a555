import {quoteIdentifier, quoteLiteral} from '../../domain/pg/identifier.ts';
import {formatRelation, quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import type {KeyRange} from '../../domain/run/key-range.ts';
import type {PagePart} from '../../domain/run/table-part.ts';
import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {SQLSTATE} from '../session/sqlstate.ts';
import {sql, type Statement} from '../session/statement.ts';
import {conditionOf, mustBeInOrder} from '../ranges/rows-of.ts';
import {pick} from '../session/versions.ts';
import {doBlock} from './do-block.ts';

/** A table and what its rows are made of: neither dropped nor generated columns, in the order of the table; and the sequences that its columns own. */
export interface DataColumns extends RelationName {
  readonly columns: readonly string[];
  /** As quoted qualified names; a sequence has itself here. */
  readonly sequences: readonly string[];
  /** False for a sequence. */
  readonly isTable?: boolean;
  /** Of a configuration table of an extension, which rows are the users': `WHERE NOT built_in`; empty for all rows. */
  readonly condition?: string;
}

/** The columns of these tables that hold data, a row a table or sequence that is there. A sequence that is unlogged no standby can read. */
export function readDataColumns(version: ServerVersion, tables: readonly RelationName[]): Statement<DataColumns> {
  return sql(
    `
    SELECT n.nspname::text AS "schema", c.relname::text AS "name",
           ARRAY(SELECT a.attname::text FROM pg_attribute a
                  WHERE c.relkind <> 'S' AND a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND NOT (${pick('isGenerated', version)})
                  ORDER BY a.attnum) AS "columns",
           ARRAY(SELECT quote_ident(m.nspname) || '.' || quote_ident(s.relname)
                   FROM pg_depend d
                   JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
                   JOIN pg_namespace m ON m.oid = s.relnamespace
                  WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid
                    AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i') AND s.relpersistence <> 'u'
                 UNION ALL SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) WHERE c.relkind = 'S' AND c.relpersistence <> 'u'
                  ORDER BY 1) AS "sequences",
           c.relkind <> 'S' AS "isTable",
           coalesce((SELECT e.extcondition[k.place] FROM pg_extension e, unnest(e.extconfig) WITH ORDINALITY AS k(oid, place)
                      WHERE k.oid = c.oid LIMIT 1), '') AS "condition"
      FROM unnest($1::text[]) WITH ORDINALITY AS t(name, position)
      JOIN pg_class c ON c.oid = ${pick('tableNamed', version)}
      JOIN pg_namespace n ON n.oid = c.relnamespace
     ORDER BY t.position`,
    [tables.map((table) => quoteRelation(table))],
  );
}

/** What travels as text: whole tables, or a part of one. */
export interface CopiedText {
  readonly tables: readonly DataColumns[];
  readonly part: PagePart | KeyRange | null;
  /** Whether the target's tables are emptied in the transaction that takes the rows. */
  readonly freeze: boolean;
  /** Whether psql counts what it sends, so that the one who takes the rows can compare: from 12 on. */
  readonly counted: boolean;
}

/** Where the producing psql writes what it is to count: not its standard output, of whose COPY it would not keep the count. */
export const PIPE = String.raw`\g /dev/fd/8`;

/** How whoever takes rows as text reads them, whatever database and role begin with: as beginReading() has them written. */
export const AS_WRITTEN =
  "SET array_nulls = on; SET standard_conforming_strings = on; SET xmloption = content; SET lc_monetary = 'C'; SET client_min_messages = warning;";

/**
 * What a psql on a server of this version runs (-XAtq) to print these tables as SQL that another psql takes: `COPY … FROM stdin;`, the rows, `\.`, and how many they were,
 * for mustHaveTakenAll(). Of a part, the rows that lie in its pages (up to 13 the whole table is read for it) or in its range of the key. One snapshot, children not counted,
 * in the encoding of the session, which the other one is told. The settings are those of pg_dump; money is written so that it is read as the same number wherever lc_monetary is another. What is
 * counted goes to descriptor 8, the rest to standard output.
 */
export function copyOutScript(version: ServerVersion, {tables, part, freeze, counted}: CopiedText): string {
  const end = counted ? ` ${PIPE}` : ';';
  const begin = counted ? quoteLiteral('\\set sent\n\\set taken\n') : "''";
  // At both ends of the pipe the counts of the tables come one after the other, each behind a space.
  const done = counted
    ? `${quoteLiteral("\\.\n\\set taken :taken ' ' :ROW_COUNT\n\\set sent :sent ' ' ")} || :ROW_COUNT`
    : quoteLiteral('\\.');
  return [
    beginReading(version, tables, part),
    `SELECT ${begin} || 'SET client_encoding = ' || pg_catalog.quote_literal(pg_catalog.current_setting('client_encoding')) || ';'${end}`,
    `SELECT ${quoteLiteral(AS_WRITTEN)}${end}`,
    ...tables
      .filter(({isTable}) => isTable !== false)
      .flatMap((table) => [
        `SELECT ${quoteLiteral(`COPY ${quoteRelation(table)}${columnList(table)} FROM stdin${freeze ? ' WITH (FREEZE)' : ''};`)}${end}`,
        `COPY ${rowsIn(table, part)} TO STDOUT${end}`,
        `SELECT ${done}${end}`,
      ]),
    ...tables.flatMap(({sequences}) => sequences.map((sequence) => sequenceAsItIs(sequence).replace(/;$/, end))),
    'COMMIT;',
    '',
  ].join('\n');
}

/**
 * The text that ends a unit (LH004) which took other rows of one of these tables than were sent, by psql's variables `sent` and `taken`, a number for each table. Where
 * nothing says how many were sent, it is no SQL, and ends the unit as well. Empty where there is no table.
 */
export function mustHaveTakenAll(tables: readonly DataColumns[]): string {
  const names = tables.filter(({isTable}) => isTable !== false).map((table) => quoteLiteral(formatRelation(table)));
  if (names.length === 0) return '';
  return [
    String.raw`SELECT pg_catalog.set_config('longhaul.sent', :'sent', true) AS longhaul_sent, pg_catalog.set_config('longhaul.taken', :'taken', true) AS longhaul_taken \gset`,
    doBlock(`
DECLARE
  names text[] := ARRAY[${names.join(', ')}];
  sent text[] := ${countsIn('sent')};
  taken text[] := ${countsIn('taken')};
BEGIN
  FOR at IN 1 .. pg_catalog.cardinality(names) LOOP
    IF (sent[at]::bigint = taken[at]::bigint) IS NOT TRUE THEN
      RAISE EXCEPTION USING ERRCODE = '${SQLSTATE.rowsDiffer}', MESSAGE = pg_catalog.format('%s rows of %s were sent, and %s taken', sent[at], names[at], taken[at]);
    END IF;
  END LOOP;
END`),
    '',
  ].join('\n');
}

function countsIn(which: 'sent' | 'taken'): string {
  return `pg_catalog.string_to_array(pg_catalog.btrim(pg_catalog.current_setting('longhaul.${which}')), ' ')`;
}

/** How a session begins that reads these tables, or a part of the one: its settings, one snapshot, and whether the bounds of the part can be used here. */
export function beginReading(
  version: ServerVersion,
  [first]: readonly DataColumns[],
  part: PagePart | KeyRange | null,
): string {
  return [
    pick('loadTimeouts', version) + pick('sessionSettings', version),
    "SET datestyle = 'ISO'; SET intervalstyle = 'postgres'; SET extra_float_digits = 3; SET lc_monetary = 'C'; SET synchronize_seqscans = off;",
    ...(part !== null && 'key' in part ? [byKey(version)] : []),
    'BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;',
    ...(first === undefined ? [] : [mustBeInOrder(first, part)]),
  ].join('\n');
}

/** For a session that reads a range of a key: its bounds are texts of a session with this time zone, and whatever the planner expects, the index serves it. */
function byKey(version: ServerVersion): string {
  return `SET timezone = 'UTC'; SET enable_seqscan = off;${pick('withoutWorkers', version)}`;
}

/** pg_dump leaves out the sequence of an identity column whose table it leaves out. Every part says it: at P it is the same. */
export function sequenceAsItIs(sequence: string): string {
  const set = quoteLiteral(`SELECT pg_catalog.setval(${quoteLiteral(sequence)}, `);
  return `SELECT ${set} || last_value::text || ', ' || is_called::text || ');' FROM ${sequence};`;
}

/**
 * What COPY reads of a table. Every row is in the part whose pages have its first version, and rows do not move on a standby that is paused; or in the range
 * that has its key.
 */
export function rowsIn(table: DataColumns, part: PagePart | KeyRange | null): string {
  const condition = conditionOf(part);
  const where = condition === null ? (table.condition ?? '') : `WHERE ${condition}`;
  if (where === '') return quoteRelation(table) + columnList(table);
  const columns = table.columns.map((column) => quoteIdentifier(column)).join(', ');
  return `(SELECT ${columns} FROM ONLY ${quoteRelation(table)} ${where})`;
}

/** Empty for a table without columns, whose rows are empty lines. */
function columnList({columns}: DataColumns): string {
  return columns.length === 0 ? '' : ` (${columns.map((column) => quoteIdentifier(column)).join(', ')})`;
}
