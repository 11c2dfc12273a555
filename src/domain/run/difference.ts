import type {StepId} from './step-id.ts';

/** Something of the target that is not as it is on the source, and that Longhaul could not make so. */
export interface Difference {
  /** What it is, and what `longhaul accept` calls it: `index public.users_email`, `foreign key public.child.child_pid_fkey`. */
  readonly object: string;
  /** How it differs, in a few words that stay the same from one attempt to the next: `is not there`, `is not validated`. */
  readonly differs: string;
  /** Why, in the server's words with the rows that it names; empty where nobody said. */
  readonly why: string;
  /** A query for the target that lists the rows that are in the way; null where none are, or where it cannot be written. */
  readonly query: string | null;
  readonly remedy: string;
}

/** A difference as the run knows it, with who has accepted it and when (ISO 8601); null while nobody has. */
export interface KnownDifference extends Difference {
  readonly step: StepId;
  readonly accepted: {readonly by: string; readonly at: string} | null;
}

/** The differences that still have to be mended or accepted. Pure. */
export function openDifferences({differences}: {readonly differences: readonly KnownDifference[]}): KnownDifference[] {
  return differences.filter(({accepted}) => accepted === null);
}

/** Whether it is the same difference: of the same object, in the same way. What the server says of it may change from row to row. Pure. */
export function isSameDifference(a: Difference, b: Difference): boolean {
  return a.object === b.object && a.differs === b.differs;
}

/** `index public.users_email is not there: Key (email)=(u7) is duplicated`. Pure. */
export function describeDifference({object, differs, why}: Difference): string {
  return `${object} ${differs}${why === '' ? '' : `: ${why}`}`;
}

/** Whether an operator has accepted this difference. Pure. */
export function isAcceptedIn(
  {differences}: {readonly differences: readonly KnownDifference[]},
  difference: Difference,
): boolean {
  return differences.some((one) => one.accepted !== null && isSameDifference(one, difference));
}
