import {quoteLiteral} from '../domain/identifier.ts';
import type {ServerVersion} from '../domain/server-version.ts';
import {sql, type Statement} from './statement.ts';
import {pick} from './versions.ts';

/**
 * The ledger: `longhaul.load_unit` on the target. A unit's row is inserted before its first row of data and committed with the
 * last one, in one transaction. So the table answers "is this unit in?" after any crash, and its primary key makes a second
 * attempt wait for the end of a first one that still lives, and fail (23505) once that has committed.
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
    sql(`COMMENT ON SCHEMA longhaul IS 'Longhaul''s ledger of the full load; dropped by its clean-up'`),
  ];
}

/** Whether the ledger is there. */
export function readLedgerExists(): Statement<{exists: boolean}> {
  return sql(`SELECT to_regclass('longhaul.load_unit') IS NOT NULL AS "exists"`);
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

/** The units of a run that are in, of any boundary. */
export function readLedger(run: string): Statement<LedgerRow> {
  return sql(
    `
    SELECT unit, boundary::text AS "boundary", attempt, tables,
           to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "startedAt",
           to_char(committed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "committedAt"
      FROM longhaul.load_unit
     WHERE run = $1
     ORDER BY committed_at`,
    [run],
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

/** The text that psql runs before the data on a target of this version: opens the transaction, takes the unit's place in the ledger. */
export function ledgerOpening(version: ServerVersion, entry: LedgerEntry): string {
  const tables = entry.tables.map((table) => quoteLiteral(table)).join(', ');
  return [
    pick('loadTimeouts', version),
    'BEGIN;',
    'INSERT INTO longhaul.load_unit (run, boundary, unit, attempt, tables)',
    `  VALUES (${quoteLiteral(entry.run)}, ${quoteLiteral(entry.boundary)}, ${quoteLiteral(entry.unit)}, ${entry.attempt},`,
    `          ARRAY[${tables}]::text[]);`,
    '',
  ].join('\n');
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
