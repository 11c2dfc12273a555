/** How much of the load is left, in heap and TOAST bytes of the source, and for how long. Minutes are null while they are not known. */
export interface Eta {
  readonly bytesLeft: number;
  readonly bytesTotal: number;
  readonly bytesPerSecond: number | null;
  readonly loadMinutes: number | null;
  /** Why the load's end cannot be said, in a few words; empty where it can. */
  readonly why:
    | ''
    | 'being measured'
    | 'lanes paused'
    | 'failed, waits for R'
    | 'held'
    | 'nothing runs'
    | 'stalled'
    | 'P is lost';
  /** With the slowest and the fastest rate that the windows show. */
  readonly soonest: number | null;
  readonly latest: number | null;
  /** Indexes after the load, from what they took beside the load in an earlier attempt of this run; null when there was none. */
  readonly indexMinutes: number | null;
}
