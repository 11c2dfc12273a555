import {quoteLiteral} from '../../domain/pg/identifier.ts';
import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {SQLSTATE} from '../session/sqlstate.ts';
import {sql, type Statement} from '../session/statement.ts';
import {pick} from '../session/versions.ts';
import {doBlock} from './do-block.ts';
import type {LedgerEntry} from './ledger.ts';

/*
 * Whose a table of the target is. It is this run's once a unit of the run has taken it: found it empty, or emptied it of what the run had
 * loaded at an older P, and noted it in longhaul.load_table. That belongs to the table and not to the unit: a unit that is a part of a
 * table finds it taken at its P, and neither empties it nor asks whether it is empty. The units that are in name their tables as well,
 * in longhaul.load_unit: that is how tables are known that an older version loaded.
 */

/** Every table that a run has taken, of any boundary; one row a table and P. */
const TAKEN = `
  SELECT run, boundary, name FROM longhaul.load_table
  UNION ALL
  SELECT run, boundary, unnest(tables) FROM longhaul.load_unit`;

/** Whether the ledger notes tables; one that an older version made does not. */
export function readTableLedgerExists(): Statement<{exists: boolean}> {
  return sql(`SELECT to_regclass('longhaul.load_table') IS NOT NULL AS "exists"`);
}

/** The tables that are the run's, of any boundary, as quoted qualified names. */
export function readOwnTables(run: string): Statement<{name: string}> {
  return sql(`SELECT DISTINCT taken.name AS "name" FROM (${TAKEN}) AS taken WHERE taken.run = $1`, [run]);
}

/**
 * The text that empties those of a unit's tables that hold what the run loaded at an older P. One that is taken at this P already is left
 * as it is, and one of which another unit is in, whatever was lost of longhaul.load_table. Children and partitions are no part of their table.
 */
export function emptyOwnTables({run, boundary, unit, tables}: LedgerEntry): string {
  if (tables.length === 0) return '';
  return `${doBlock(`
DECLARE
  own text;
BEGIN
  -- What this run has loaded into them at an older P goes.
  FOR own IN
    SELECT DISTINCT wanted.name
      FROM unnest(${namesOf(tables)}) AS wanted(name)
      JOIN (${TAKEN}) AS taken ON taken.name = wanted.name AND taken.run = ${quoteLiteral(run)} AND taken.boundary <> ${quoteLiteral(boundary)}
     WHERE NOT EXISTS (SELECT FROM longhaul.load_table now
                        WHERE now.run = ${quoteLiteral(run)} AND now.name = wanted.name AND now.boundary = ${quoteLiteral(boundary)})
       AND NOT EXISTS (SELECT FROM longhaul.load_unit other
                        WHERE other.run = ${quoteLiteral(run)} AND wanted.name = ANY (other.tables) AND other.boundary = ${quoteLiteral(boundary)}
                          AND other.unit <> ${quoteLiteral(unit)})
  LOOP
    EXECUTE 'TRUNCATE ONLY ' || own;
  END LOOP;
END`)}
`;
}

/** The text that notes that the run has taken these tables at its P; it follows mustBeEmpty(). */
export function noteTables({run, boundary, tables}: LedgerEntry): string {
  if (tables.length === 0) return '';
  return [
    'INSERT INTO longhaul.load_table (run, boundary, name)',
    `  SELECT ${quoteLiteral(run)}, ${quoteLiteral(boundary)}, unnest(${namesOf(tables)}) ON CONFLICT DO NOTHING;`,
    '',
  ].join('\n');
}

/** The text that ends a unit (LH003) whose table the run has not taken at its P: a part neither empties its table nor may it find rows that are nobody's. */
export function mustHaveTaken({run, boundary, tables}: LedgerEntry): string {
  return `${doBlock(`
DECLARE
  wanted text;
BEGIN
  FOREACH wanted IN ARRAY ${namesOf(tables)} LOOP
    IF NOT EXISTS (SELECT FROM longhaul.load_table AS taken
                    WHERE taken.run = ${quoteLiteral(run)} AND taken.name = wanted AND taken.boundary = ${quoteLiteral(boundary)}) THEN
      RAISE EXCEPTION USING ERRCODE = '${SQLSTATE.notTaken}', MESSAGE = 'table ' || wanted || ' is not taken at this P';
    END IF;
  END LOOP;
END`)}
`;
}

/**
 * The text that takes tables for their parts: nobody else writes meanwhile. Of a table of which a part is in at this P only the note is written again:
 * the parts are the run's, and whoever lost the note has not emptied it. `before` makes all rows of the tables visible.
 */
export function takeForParts(entry: LedgerEntry, before: string): string {
  return [lockTables(entry.tables), noteWhatIsIn(entry), emptyOwnTables(entry), before, mustBeEmptyBut(entry)].join(
    '\n',
  );
}

/** The units that are in name their tables. */
function noteWhatIsIn({run, boundary, tables}: LedgerEntry): string {
  return `INSERT INTO longhaul.load_table (run, boundary, name)
  SELECT DISTINCT own.run, own.boundary, own.name
    FROM (SELECT run, boundary, unnest(tables) AS name FROM longhaul.load_unit) AS own
   WHERE own.run = ${quoteLiteral(run)} AND own.boundary = ${quoteLiteral(boundary)} AND own.name = ANY (${namesOf(tables)}) ON CONFLICT DO NOTHING;
`;
}

/** Whether the run has taken the tables at its P, all of them. */
export function readTaken({run, boundary, tables}: LedgerEntry): Statement<{taken: boolean}> {
  return sql(
    `SELECT count(DISTINCT name) = cardinality($3::text[]) AS "taken" FROM longhaul.load_table WHERE run = $1 AND boundary = $2 AND name = ANY ($3::text[])`,
    [run, boundary, [...tables]],
  );
}

/** Each that is removed holds a lock until its transaction ends, and the server's lock table may be as small as a few thousand for all. */
const OBJECTS_AT_ONCE = 500;

/**
 * The text that removes the large objects where the run has loaded them at an older P: they are of no table, so the unit itself says it. In transactions of
 * its own, some hundreds at a time, before the unit's: what an older P has brought is of no use any more. None is removed once the unit is in at this P:
 * that is asked in the statement that removes, so that it sees both or neither.
 */
export function emptyOwnObjects(version: ServerVersion, {run, boundary, unit}: LedgerEntry): string {
  const taken = `FROM longhaul.load_unit WHERE run = ${quoteLiteral(run)} AND unit = ${quoteLiteral(unit)} AND boundary`;
  return `${pick('loadTimeouts', version)}
${doBlock(`
BEGIN
  -- Those that this run has loaded at an older P go.
  LOOP
    PERFORM FROM longhaul.owner WHERE run = ${quoteLiteral(run)} AND boundary = ${quoteLiteral(boundary)} FOR SHARE;
    EXIT WHEN NOT FOUND;
    PERFORM pg_catalog.lo_unlink(own.oid) FROM (
      SELECT m.oid FROM pg_catalog.pg_largeobject_metadata m
       WHERE EXISTS (SELECT ${taken} <> ${quoteLiteral(boundary)})
         AND NOT EXISTS (SELECT ${taken} = ${quoteLiteral(boundary)})
       LIMIT ${OBJECTS_AT_ONCE}) AS own;
    EXIT WHEN NOT FOUND;
    COMMIT;
  END LOOP;
END`)}
`;
}

/**
 * The text that lets nobody else write to the unit's tables until it commits, and ends the unit (LH002) where one of them holds rows: what
 * was ours is emptied before, so they are somebody's. `tables` are quoted qualified names.
 */
export function mustBeEmpty(tables: readonly string[]): string {
  return tables.length === 0 ? '' : lockTables(tables) + askEachForRows(tables, null);
}

/** The same for what is to be taken for parts, but for tables that the run has noted at this P. */
function mustBeEmptyBut({run, boundary, tables}: LedgerEntry): string {
  const noted = `EXISTS (SELECT FROM longhaul.load_table AS taken
                      WHERE taken.run = ${quoteLiteral(run)} AND taken.boundary = ${quoteLiteral(boundary)} AND taken.name = wanted)`;
  return askEachForRows(tables, noted);
}

function lockTables(tables: readonly string[]): string {
  return `LOCK TABLE ONLY ${tables.join(', ONLY ')} IN SHARE ROW EXCLUSIVE MODE;\n`;
}

/** `unless` is a condition on the name `wanted`; null asks all. */
function askEachForRows(tables: readonly string[], unless: string | null): string {
  return `SET LOCAL row_security = off;
${doBlock(`
DECLARE
  wanted text;
  filled boolean;
BEGIN
  FOREACH wanted IN ARRAY ${namesOf(tables)} LOOP
${unless === null ? '' : `    CONTINUE WHEN ${unless};\n`}    EXECUTE 'SELECT EXISTS (SELECT FROM ONLY ' || wanted || ')' INTO filled;
    IF filled THEN
      RAISE EXCEPTION USING ERRCODE = '${SQLSTATE.foreignRows}', MESSAGE = 'table ' || wanted || ' holds rows that this run did not load';
    END IF;
  END LOOP;
END`)}
`;
}

/** The same for large objects, which no lock keeps others from making. */
export function mustHaveNoObjects(): string {
  return `${doBlock(`
BEGIN
  IF EXISTS (SELECT FROM pg_largeobject_metadata) THEN
    RAISE EXCEPTION USING ERRCODE = '${SQLSTATE.foreignRows}', MESSAGE = 'the target holds large objects that this run did not load';
  END IF;
END`)}
`;
}

function namesOf(tables: readonly string[]): string {
  return `ARRAY[${tables.map((table) => quoteLiteral(table)).join(', ')}]::text[]`;
}
