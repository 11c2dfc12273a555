import {quoteLiteral} from '../../domain/pg/identifier.ts';
import type {ServerVersion} from '../../domain/pg/server-version.ts';
import {SQLSTATE} from '../session/sqlstate.ts';
import {sql, type Statement} from '../session/statement.ts';
import {pick} from '../session/versions.ts';
import {doBlock} from './do-block.ts';

/**
 * The ledger, in schema longhaul on the target. `load_unit`: a unit's row is inserted before its first row of data and committed with the
 * last one, in one transaction. So the table answers "is this unit in?" after any crash, and its primary key makes a second
 * attempt wait for the end of a first one that still lives, and fail (23505) once that has committed.
 * `load_table`: the tables that a run has taken at a P; see own-tables.ts.
 * `owner`: the one run, and its P, that may load into this target. Every unit holds the row FOR SHARE until it commits.
 */
export function createLedger(): readonly Statement[] {
  return [
    sql('CREATE SCHEMA IF NOT EXISTS longhaul'),
    sql(`
      CREATE TABLE IF NOT EXISTS longhaul.load_unit (
        run text NOT NULL,
        boundary pg_lsn NOT NULL,
        unit text NOT NULL,
        attempt int NOT NULL,
        tables text[] NOT NULL,
        started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        committed_at timestamptz,
        PRIMARY KEY (run, boundary, unit)
      )`),
    sql(`
      CREATE TABLE IF NOT EXISTS longhaul.load_table (
        run text NOT NULL,
        boundary pg_lsn NOT NULL,
        name text NOT NULL,
        since timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (run, name, boundary)
      )`),
    sql(`
      CREATE TABLE IF NOT EXISTS longhaul.owner (
        only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
        run text NOT NULL,
        boundary pg_lsn NOT NULL,
        since timestamptz NOT NULL DEFAULT clock_timestamp()
      )`),
    sql(`COMMENT ON SCHEMA longhaul IS 'Longhaul''s ledger of the full load; dropped by its clean-up'`),
  ];
}

/** Whether the ledger is there. */
export function readLedgerExists(): Statement<{exists: boolean}> {
  return sql(`SELECT to_regclass('longhaul.load_unit') IS NOT NULL AS "exists"`);
}

/** Whether the ledger has an owner's row; one that an older version made has no such table. */
export function readOwnerExists(): Statement<{exists: boolean}> {
  return sql(`SELECT to_regclass('longhaul.owner') IS NOT NULL AS "exists"`);
}

/** The run that the target belongs to, and the P that it loads at. `since` is the target's clock, ISO 8601 in UTC. */
export interface LedgerOwner {
  readonly run: string;
  readonly boundary: string;
  readonly since: string;
}

/** Who owns the target; no row while nobody has loaded. */
export function readOwner(): Statement<LedgerOwner> {
  return sql(`
    SELECT run, boundary::text AS "boundary", to_char(since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "since"
      FROM longhaul.owner`);
}

/**
 * Makes a run at its P the owner. It waits for every unit of the owner before, for each holds the row until it commits or rolls back: give
 * it a lock_timeout. Afterwards no unit of that owner begins.
 */
export function takeOwnership(run: string, boundary: string): Statement {
  return sql(
    `
    INSERT INTO longhaul.owner AS owner (run, boundary) VALUES ($1, $2)
        ON CONFLICT (only_row) DO UPDATE SET run = excluded.run, boundary = excluded.boundary, since = clock_timestamp()
     WHERE (owner.run, owner.boundary) IS DISTINCT FROM (excluded.run, excluded.boundary)`,
    [run, boundary],
  );
}

/** One unit that is in. Times are the target's clock, ISO 8601 in UTC. */
export interface LedgerRow {
  readonly unit: string;
  readonly boundary: string;
  readonly attempt: number;
  /** Quoted qualified names. */
  readonly tables: readonly string[];
  readonly startedAt: string;
  readonly committedAt: string;
}

/** The units of a run that are in, or of these units, of any boundary. */
export function readLedger(run: string, units: readonly string[] | null = null): Statement<LedgerRow> {
  return sql(
    `
    SELECT unit, boundary::text AS "boundary", attempt, tables,
           to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "startedAt",
           to_char(committed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "committedAt"
      FROM longhaul.load_unit
     WHERE run = $1 AND ($2::text[] IS NULL OR unit = ANY ($2))
     ORDER BY committed_at`,
    [run, units],
  );
}

/** What identifies a unit's row in the ledger. */
export interface LedgerEntry {
  readonly run: string;
  readonly boundary: string;
  readonly unit: string;
  readonly attempt: number;
  readonly tables: readonly string[];
}

/**
 * The text that psql runs before the data on a target of this version: opens the transaction, makes sure that the run owns the target and
 * goes on owning it (SQLSTATE LH001 where another does), takes the unit's place in the ledger.
 */
export function ledgerOpening(version: ServerVersion, entry: LedgerEntry): string {
  const tables = entry.tables.map((table) => quoteLiteral(table)).join(', ');
  return [
    pick('loadTimeouts', version),
    // Database or role may begin others: in one snapshot a unit would not see the rows of whom it waited for.
    'BEGIN ISOLATION LEVEL READ COMMITTED;',
    mustOwn(entry),
    'INSERT INTO longhaul.load_unit (run, boundary, unit, attempt, tables)',
    `  VALUES (${quoteLiteral(entry.run)}, ${quoteLiteral(entry.boundary)}, ${quoteLiteral(entry.unit)}, ${entry.attempt},`,
    `          ARRAY[${tables}]::text[]);`,
    '',
  ].join('\n');
}

/** The text that makes sure that the run owns the target at its P, and goes on owning it until the transaction ends (LH001 where another does). */
export function mustOwn({run, boundary}: Pick<LedgerEntry, 'run' | 'boundary'>): string {
  return doBlock(`
BEGIN
  PERFORM FROM longhaul.owner WHERE run = ${quoteLiteral(run)} AND boundary = ${quoteLiteral(boundary)} FOR SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION USING ERRCODE = '${SQLSTATE.notOwner}', MESSAGE = 'the target belongs to '
      || coalesce((SELECT 'run ' || run || ' at P ' || boundary::text FROM longhaul.owner), 'no run') || ' now';
  END IF;
END`);
}

/** The commit token: what psql gets only after the producer ended well and the fence held. Without it, end of file rolls back. */
export function ledgerClosing(entry: LedgerEntry): string {
  return [
    '',
    `UPDATE longhaul.load_unit SET committed_at = clock_timestamp()`,
    `  WHERE run = ${quoteLiteral(entry.run)} AND boundary = ${quoteLiteral(entry.boundary)} AND unit = ${quoteLiteral(entry.unit)};`,
    'COMMIT;',
    '',
  ].join('\n');
}

/** Drops the ledger, with all that runs have noted in it. */
export function dropLedger(): Statement {
  return sql('DROP SCHEMA IF EXISTS longhaul CASCADE');
}
