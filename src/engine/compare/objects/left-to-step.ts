import {NOT_MADE} from '../../schema/goal/differences.ts';
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
    .filter((one) => !told.some((other) => isSameDifference(one, other) || isOfNotMade(one, other)))
    .filter((one) => !gone || known.some((other) => isSameDifference(one, other)))
    .map(({object, differs, why, query, remedy}) => ({object, differs, why, query, remedy}));
}

/** What could not be restored is told by the name that pg_restore lists it by: `POLICY public t own app_owner` is `policy own ON public.t`. */
function isOfNotMade({object}: Difference, told: KnownDifference): boolean {
  if (told.differs !== NOT_MADE) return false;
  if (told.object === object) return true;
  const [, kind = '', own = '', schema = '', table = ''] = ON_TABLE.exec(object.replaceAll('"', '')) ?? [];
  return kind !== '' && told.object.startsWith(`${kind.toUpperCase()} ${schema} ${table} ${own} `);
}

const ON_TABLE = /^(policy|rule) (.*) ON ([^.]*)\.(.*)$/;
