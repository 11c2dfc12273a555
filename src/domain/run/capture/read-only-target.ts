/** With what a session begins that means to write to a target that is read-only by default. */
export const WRITES = 'SET default_transaction_read_only = off';

/** Whether this run has made the target's database read-only by default, and not opened it since. Pure. */
export function isTargetClosed(claimed: readonly string[]): boolean {
  return claimed.some((object) => object.startsWith('read-only '));
}
