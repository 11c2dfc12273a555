import {
  createLedger,
  dropLedger,
  ledgerClosing,
  ledgerOpening,
  mustOwn,
  readLedger,
  readOwner,
  readOwnerExists,
  takeOwnership,
  type LedgerEntry,
} from '../../../src/pg/load/ledger.ts';
import {doBlock} from '../../../src/pg/load/do-block.ts';
import {
  emptyOwnObjects,
  emptyOwnTables,
  mustBeEmpty,
  mustHaveNoObjects,
  mustHaveTaken,
  noteTables,
  readOwnTables,
  readTableLedgerExists,
  readTaken,
  takeForParts,
} from '../../../src/pg/load/own-tables.ts';
import {sql} from '../../../src/pg/session/statement.ts';
import {onTarget, type Trial} from './trial.ts';

const TABLE = '"public"."tried"';
const ENTRY: LedgerEntry = {run: "it's", boundary: '0/1234', unit: '01-public.tried', attempt: 1, tables: [TABLE]};
const OWNED = [...createLedger(), takeOwnership(ENTRY.run, ENTRY.boundary)];
const MAKE_TABLE = sql(`CREATE TABLE ${TABLE} (id integer)`);

/** What comes before and after a unit's data on the target. */
export const ON_LEDGER: Readonly<Record<string, Trial>> = {
  createLedger: onTarget(createLedger),
  dropLedger: onTarget(() => [...createLedger(), dropLedger()]),
  takeOwnership: onTarget(() => [...OWNED, takeOwnership('another', ENTRY.boundary)]),
  readOwnerExists: onTarget(() => [readOwnerExists()]),
  readOwner: onTarget(() => [...OWNED, readOwner()]),
  readLedger: onTarget(() => [...OWNED, readLedger(ENTRY.run), readLedger(ENTRY.run, [ENTRY.unit])]),
  ledgerOpening: onTarget((version) => [...OWNED, sql(ledgerOpening(version, ENTRY))]),
  // It ends with COMMIT.
  ledgerClosing: {
    ...onTarget((version) => [
      ...OWNED,
      sql(ledgerOpening(version, ENTRY)),
      sql(ledgerClosing(ENTRY)),
      sql('DROP SCHEMA longhaul CASCADE'),
    ]),
    alone: true,
  },
  mustBeEmpty: onTarget(() => [MAKE_TABLE, sql(mustBeEmpty([TABLE]))]),
  mustOwn: onTarget(() => [...OWNED, sql(mustOwn(ENTRY))]),
  readTaken: onTarget(() => [...OWNED, readTaken(ENTRY)]),
  mustHaveTaken: onTarget(() => [...OWNED, sql(noteTables(ENTRY)), sql(mustHaveTaken(ENTRY))]),
  noteTables: onTarget(() => [...OWNED, sql(noteTables(ENTRY))]),
  // What an older P brought is there, so that it is emptied.
  takeForParts: onTarget(() => [
    MAKE_TABLE,
    ...OWNED,
    sql(noteTables({...ENTRY, boundary: '0/1000'})),
    sql(takeForParts(ENTRY, '')),
  ]),
  emptyOwnTables: onTarget(() => [
    MAKE_TABLE,
    ...OWNED,
    sql(noteTables({...ENTRY, boundary: '0/1000'})),
    sql(emptyOwnTables(ENTRY)),
  ]),
  emptyOwnObjects: onTarget((version) => [...OWNED, sql(emptyOwnObjects(version, ENTRY))]),
  readTableLedgerExists: onTarget(() => [readTableLedgerExists()]),
  readOwnTables: onTarget(() => [...OWNED, readOwnTables(ENTRY.run)]),
  doBlock: onTarget(() => [sql(doBlock('\nBEGIN\nEND'))]),
  mustHaveNoObjects: onTarget(() => [sql(mustHaveNoObjects())]),
};
