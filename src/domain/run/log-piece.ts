/** A piece of a log. */
export interface LogPiece {
  /** Its first byte. */
  readonly from: number;
  readonly text: string;
  /** The byte after it. */
  readonly end: number;
  /** Bytes of the log as it was then. */
  readonly size: number;
}

/** A piece of the log of a unit's newest attempt; each attempt has its own log. */
export interface UnitLogPiece extends LogPiece {
  readonly attempt: number;
}
