import type {Lsn} from '../../domain/pg/lsn.ts';
import type {LoadUnit} from '../../domain/run/load-unit.ts';
import {overlap, partOf, type TablePart} from '../../domain/run/table-part.ts';
import {quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import {readLedger, readLedgerExists, type LedgerRow} from '../../pg/load/ledger.ts';
import type {Session} from '../../pg/session/session.ts';

/** Every unit of the run that is in, or of these units, at any boundary; empty where there is no ledger yet. */
export async function readUnitsIn(
  target: Session,
  run: string,
  units: readonly string[] | null = null,
): Promise<LedgerRow[]> {
  const {exists} = await target.one(readLedgerExists());
  return exists ? target.run(readLedger(run, units)) : [];
}

/** The unit's row at this boundary; null when the unit is not in. Pure. */
export function rowOf(ledger: readonly LedgerRow[], unit: string, boundary: Lsn): LedgerRow | null {
  return ledger.find((row) => row.unit === unit && row.boundary === boundary) ?? null;
}

/** Tables of units that are not in, which another unit has brought in at this boundary: loading them would double their rows. Pure. */
export function tablesInTwice(ledger: readonly LedgerRow[], units: readonly LoadUnit[], boundary: Lsn): RelationName[] {
  const now = ledger.filter((row) => row.boundary === boundary);
  const partsIn = new Map<string, (TablePart | null)[]>();
  for (const {unit, tables} of now)
    for (const table of tables) partsIn.set(table, [...(partsIn.get(table) ?? []), partOf(unit)]);
  const isIn = (unit: LoadUnit, table: RelationName): boolean =>
    (partsIn.get(quoteRelation(table)) ?? []).some((part) => overlap(part, partOf(unit.id)));
  const open = units.filter((unit) => rowOf(now, unit.id, boundary) === null);
  return open.flatMap((unit) => unit.tables.filter((table) => isIn(unit, table)));
}
