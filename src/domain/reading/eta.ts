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
    | 'a lane failed'
    | 'held'
    | 'nothing runs'
    | 'stalled'
    | 'P is lost';
  /** With the slowest and the fastest rate that the windows show. */
  readonly soonest: number | null;
  readonly latest: number | null;
  /** What is left of the indexes once the rows are in: from their own pace as soon as one is built, before that from what they took in an earlier attempt of this run; null when there was none. */
  readonly indexMinutes: number | null;
  /** What is left of the comparison of rows, known in the same way. A reading of an earlier version has it not. */
  readonly compareMinutes?: number | null;
}

/** How long the whole run takes until everything is loaded, built and compared; null while a part of it is not known. Pure. */
export function minutesOfRun({loadMinutes, indexMinutes, compareMinutes = null}: Eta): number | null {
  return loadMinutes === null || indexMinutes === null || compareMinutes === null
    ? null
    : loadMinutes + indexMinutes + compareMinutes;
}
