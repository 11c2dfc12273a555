import type {Actor} from '../../../domain/run/event.ts';

/** How a table came out, with the rows of both sides. */
export interface FinalResult {
  readonly table: string;
  readonly differs: boolean;
  readonly sourceRows: number;
  readonly targetRows: number;
}

/** A table that could not be read as it was: dropped or altered since, or too large for `timeouts.scan`. */
export interface FailedTable {
  readonly table: string;
  readonly why: string;
  /** What was thrown; null where nothing was. */
  readonly error: unknown;
}

/** The tables that were written to since they were last found equal, and their bytes on the source. */
export interface WrittenSince {
  readonly tables: readonly string[];
  readonly bytes: number;
}

/** Who has ended it before its end, and why. */
export interface EndedEarly {
  readonly by: Actor;
  readonly why: string;
}

/** How far the last comparison is. */
export interface FinalProgress {
  readonly compared: readonly FinalResult[];
  /** Tables that are still to be compared, as of the same moment. */
  readonly left: readonly string[];
  /** Those of them of which both sides have as many rows. */
  readonly counted: readonly string[];
  /** Not among those that are left: nobody compares them any more. */
  readonly failed: readonly FailedTable[];
  /** Those that are compared first. */
  readonly written: WrittenSince;
  /** What went wrong with it; null where nothing did. */
  readonly failure: unknown;
  /** Null where nobody has ended it. */
  readonly ended: EndedEarly | null;
}

/**
 * The comparison of every row at F: first of what was written to since it was last found equal, then of the rest. What there is no time for while writes are stopped is counted then, as far as there is time for that. It begins once all has arrived, each session with the snapshot of that moment, and may go
 * on after the target was opened: what is compared then is what there was. Its snapshots keep vacuum from its work on both sides, and are held no longer than `cutover.compare_limit`. One for each
 * supervisor; what it has not done by its end nobody does.
 */
export interface FinalComparison<Context> {
  /** Reads what is compared, in which order and how, and opens the sessions, before writes are stopped. */
  prepare(ctx: Context): Promise<void>;
  /** Takes tables for compared that somebody else has compared since writes were stopped; not those that `prepare` does not know. */
  settle(results: readonly FinalResult[]): void;
  /** Opens the snapshots and begins. */
  begin(ctx: Context): Promise<void>;
  progress(): FinalProgress;
  /** Resolves when all is compared, or when it was ended. */
  over(): Promise<void>;
  /** Ends it before its end, with its statements and snapshots on both servers; what is left was not compared. Nothing where it is over. */
  end(ctx: Context, early: EndedEarly): Promise<void>;
  /** Ends it, and its snapshots, where nobody wants to know its result. */
  stop(): Promise<void>;
}
