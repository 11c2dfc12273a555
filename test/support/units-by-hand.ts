import type {Lab} from '../../src/lab/lab.ts';
import {ledgerClosing, ledgerOpening, takeOwnership} from '../../src/pg/load/ledger.ts';
import {emptyOwnTables, mustBeEmpty, noteTables} from '../../src/pg/load/own-tables.ts';
import type {Session} from '../../src/pg/session/session.ts';
import {sql} from '../../src/pg/session/statement.ts';
import {eventually} from './longhaul.ts';

/** Which unit, of which run at which P. */
export interface HandUnit {
  readonly run?: string;
  readonly boundary?: string;
  readonly unit?: string;
}

/** What stands in for a lane: psql on the target with the SQL of a unit that loads two rows into one table. */
export interface UnitsByHand {
  /** Up to the commit token, which is missing. */
  readonly open: (unit?: HandUnit) => string;
  readonly whole: (unit?: HandUnit) => string;
  readonly own: (run?: string, boundary?: string) => Promise<unknown>;
  /** A unit that waits with its rows written until it is let go; `letGo` gives `in`, or its error. */
  readonly waiting: () => Promise<{letGo: () => Promise<string>}>;
  readonly rows: () => Promise<string | undefined>;
  /** The runs of the units that are in. */
  readonly inLedger: () => Promise<string[]>;
}

/** Units of run `rehearsal` at this P, by hand. */
export function unitsByHand(
  lab: Lab,
  target: Session,
  {boundary: P, unit: usual, table}: Readonly<Record<'boundary' | 'unit' | 'table', string>>,
): UnitsByHand {
  const entryOf = ({run = 'rehearsal', boundary = P, unit = usual}: HandUnit) => ({
    run,
    boundary,
    unit,
    attempt: 1,
    tables: [table],
  });
  const open = (unit: HandUnit = {}): string =>
    `${ledgerOpening(target.version, entryOf(unit))}${emptyOwnTables(entryOf(unit))}${mustBeEmpty([table])}${noteTables(entryOf(unit))}INSERT INTO ${table} VALUES (1), (2);\n`;
  return {
    open,
    whole: (unit = {}) => open(unit) + ledgerClosing(entryOf(unit)),
    own: async (run = 'rehearsal', boundary = P) => target.run(takeOwnership(run, boundary), {lockTimeoutMs: 300}),
    waiting: async () => {
      await target.run(sql('SELECT pg_catalog.pg_advisory_lock(7)'));
      const ended = lab.target.sql(`${open()} SELECT pg_advisory_xact_lock(7); ${ledgerClosing(entryOf({}))}`).then(
        () => 'in',
        (error: unknown) => String(error),
      );
      await eventually('the unit', async () => {
        const held = await lab.target.sql(`SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`);
        return held[0] ?? null;
      });
      return {
        letGo: async () => {
          await target.run(sql('SELECT pg_catalog.pg_advisory_unlock(7)'));
          return ended;
        },
      };
    },
    rows: async () => (await lab.target.sql(`SELECT count(*) FROM ${table}`))[0]?.[0],
    inLedger: async () => (await lab.target.sql('SELECT run FROM longhaul.load_unit ORDER BY 1')).flat(),
  };
}
