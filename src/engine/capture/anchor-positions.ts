import {laterLsn, type Lsn} from '../../domain/pg/lsn.ts';
import type {RunState} from '../../domain/run/run-state.ts';

/** What P must not lie before, as the journal has it. */
export interface AnchorPositions {
  /** S_i: where each slot was when it was created. */
  readonly slots: ReadonlyMap<string, Lsn>;
  /** A: where the primary was after the last table was added; null in a run without slots. */
  readonly afterTables: Lsn | null;
  /** Where the sentinel behind the slots was written; null with an engine that has none. */
  readonly sentinel?: Lsn | null;
}

/** Reads S_i and A from the evidence of create-slots, or of prepare-cdc where that has made the slots, and of add-tables or create-publications. */
export function anchorPositions(state: RunState): AnchorPositions {
  const {
    'create-slots': created,
    'prepare-cdc': prepared,
    'add-tables': added,
    'create-publications': published,
  } = state.evidence;
  return {
    slots: new Map(
      [...(created?.slots ?? []), ...(prepared?.slots ?? [])].flatMap(({name, confirmedFlushLsn: begins}) =>
        begins === null ? [] : [[name, begins] as const],
      ),
    ),
    afterTables: added?.afterTablesLsn ?? published?.afterTablesLsn ?? null,
    sentinel: created?.sentinelLsn ?? prepared?.sentinelLsn ?? null,
  };
}

/** The position that the replica must have replayed before it may be paused; null when there is none. */
export function earliestBoundary({slots, afterTables, sentinel}: AnchorPositions): Lsn | null {
  const after = [afterTables, sentinel ?? null].filter((lsn) => lsn !== null);
  return [...slots.values(), ...after].reduce<Lsn | null>(
    (latest, lsn) => (latest === null ? lsn : laterLsn(latest, lsn)),
    null,
  );
}
