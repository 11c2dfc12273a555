/** So long after a cutover the changes have begun to come the other way, or to come again. */
const SETTLES_MS = 15_000;

/** Whether to read often: while a cutover is under way, and for a while behind it, for what was read last then would be shown as what is. `steady` is a clock that nobody sets, in milliseconds. */
export function createHurrying(isUnderWay: () => boolean, steady: () => number): () => boolean {
  let lastMs = -Infinity;
  return () => {
    if (isUnderWay()) lastMs = steady();
    return steady() - lastMs <= SETTLES_MS;
  };
}
