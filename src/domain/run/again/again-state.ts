import type {Actor, AgainHow, Failure} from '../event.ts';

/** A comparison while change capture runs: the last one, or the one that goes on. Times are the jump box's clock in ISO 8601. */
export interface AgainState {
  readonly startedAt: string;
  readonly by: Actor;
  readonly how: AgainHow;
  /** So many tables are to be compared. */
  readonly tables: number;
  /** Those that are left out, as `public.log`, for change capture does not bring them whole. */
  readonly leftOut?: readonly string[];
  /** Those that are compared, as `public.users`: who goes on after a crash does not read them again. */
  readonly done: readonly string[];
  readonly rows: number;
  readonly differing: readonly string[];
  /** Rows that were written to in every round, and are neither equal nor different. */
  readonly undecided: number;
  /** Null while it goes on. */
  readonly endedAt: string | null;
  /** Why it did not come to its end; null where it did, and while it goes on. */
  readonly failure: Failure | null;
}

/** Replica and target are held, or were about to be: what was made for it has to be taken back. */
export interface FenceState {
  readonly since: string;
  /** The slots whose changes are not applied meanwhile. */
  readonly slots: readonly string[];
}
