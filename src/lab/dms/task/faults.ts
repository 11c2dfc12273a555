/** What the stand-in does wrong on request, for one task. */
export interface Faults {
  /** Cuts the next value of a LOB that is longer than so many characters; once. */
  truncateLob: number | null;
  /** Waits so long before each transaction. */
  slowMs: number;
  /** Fails the task at the next transaction, with this message. */
  fail: string | null;
  /** Loses both connections once, and goes on by itself. */
  recoverable: boolean;
  /** Applies nothing of this table any more, `public.big`, and goes on with the others, as it does where its settings say SUSPEND_TABLE. */
  suspend: string | null;
  /** Changes and drops all that DMS by its own documentation changes and drops: losses.ts. */
  lossy: boolean;
}

/** A task that does everything right. */
export function noFaults(): Faults {
  return {truncateLob: null, slowMs: 0, fail: null, recoverable: false, suspend: null, lossy: false};
}

/** Sets faults as they are asked for: `{"slowMs": 500}`. What is not named stays as it is. */
export function setFaults(faults: Faults, asked: Readonly<Record<string, unknown>>): void {
  const {truncateLob, slowMs, fail, recoverable, suspend, lossy} = asked;
  if (typeof truncateLob === 'number' || truncateLob === null) faults.truncateLob = truncateLob;
  if (typeof slowMs === 'number') faults.slowMs = slowMs;
  if (typeof fail === 'string' || fail === null) faults.fail = fail;
  if (typeof recoverable === 'boolean') faults.recoverable = recoverable;
  if (typeof suspend === 'string' || suspend === null) faults.suspend = suspend;
  if (typeof lossy === 'boolean') faults.lossy = lossy;
}
