import {isSameDifference, type Difference, type KnownDifference} from '../../../domain/run/difference.ts';

/** What the run knows already. */
interface Known {
  /** Differences that this step has found before. */
  readonly known: readonly KnownDifference[];
  /** Every difference that the run knows of, this step's and others'. */
  readonly others: readonly KnownDifference[];
  /** Whether the replica has left P, so that production may have altered what is compared. */
  readonly gone: boolean;
}

/**
 * What is left to this step of what was found: not what build-indexes has told of, open or accepted; and once replay goes on only what was found
 * at P, for what production alters from then on is not what there was at P. Pure.
 */
export function leftToStep(found: readonly Difference[], {known, others, gone}: Known): Difference[] {
  const told = others.filter(({step}) => step !== 'compare-objects');
  return found
    .filter((one) => !told.some((other) => isSameDifference(one, other)))
    .filter((one) => !gone || known.some((other) => isSameDifference(one, other)))
    .map(({object, differs, why, query, remedy}) => ({object, differs, why, query, remedy}));
}
