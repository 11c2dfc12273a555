/** A clock in milliseconds. */
export type Clock = () => number;

/**
 * Grows at its own pace whatever is done to the clock of the machine: for waits, limits and ages. Its zero means nothing.
 * Source: man 2 clock_gettime, CLOCK_MONOTONIC.
 */
export const steadyClock: Clock = () => performance.now();

/** How fast time goes on while it is ahead of the clock of the machine. */
const PACE = 0.5;

/**
 * The machine's clock for the times that are written down, in milliseconds since 1970: it never goes back, and not behind `after`. Where that clock
 * was set back, time goes on more slowly until the clock has come up with it, so that what is later has the later time all the while.
 */
export function neverBack({
  now,
  steady,
  after,
}: {
  readonly now: Clock;
  readonly steady: Clock;
  readonly after: number;
}): Clock {
  let last = after;
  let lastSteady = steady();
  return () => {
    const at = steady();
    last = Math.max(now(), last + (at - lastSteady) * PACE);
    lastSteady = at;
    return last;
  };
}
