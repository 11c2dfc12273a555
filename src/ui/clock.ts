/** Time as the console sees it; given from outside, so that tests can hold it still. */
export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Calls `run` every so many milliseconds until the function that it gives is called. */
  readonly every: (ms: number, run: () => void) => () => void;
}
