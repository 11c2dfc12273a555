/** How long to wait after the n-th failure in a row (from 1): the first time doubled again and again, never longer than the longest. */
export function doublingMs(failures: number, firstMs: number, longestMs: number): number {
  // Beyond 2^30 any first time is longer than any longest.
  return Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 30));
}
