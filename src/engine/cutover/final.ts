/** How a table came out, with the rows of both sides. */
export interface FinalResult {
  readonly table: string;
  readonly differs: boolean;
  readonly sourceRows: number;
  readonly targetRows: number;
}

/** How far the last comparison is. */
export interface FinalProgress {
  readonly compared: readonly FinalResult[];
  /** Tables that are still to be compared, as of the same moment. */
  readonly left: readonly string[];
  /** Why it ended before its end; null where it has not. */
  readonly failure: unknown;
}

/**
 * The comparison of every row at F. It begins once all has arrived, each session with the snapshot of that moment, and may go on after the target was opened: what is compared
 * then is what there was. One for each supervisor; what it has not done by its end nobody does.
 */
export interface FinalComparison<Context> {
  /** Reads what is compared, and how, and opens the sessions, before writes are stopped. */
  prepare(ctx: Context): Promise<void>;
  /** Takes tables for compared that somebody else has compared since writes were stopped; not those that `prepare` does not know. */
  settle(results: readonly FinalResult[]): void;
  /** Opens the snapshots and begins. */
  begin(ctx: Context): Promise<void>;
  progress(): FinalProgress;
  /** Resolves when all is compared, or when it was ended. */
  ended(): Promise<void>;
  /** Ends it, and its snapshots, which keep vacuum from its work. */
  stop(): Promise<void>;
}
