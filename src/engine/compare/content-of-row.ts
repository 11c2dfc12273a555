import type {RowDifference} from '../../domain/run/row-difference.ts';
import type {RowContent} from '../../pg/compare/differing-rows.ts';
import type {ComparedPair} from './read-sides.ts';

/** What was read of a row that differs; null where the side has it not. */
export interface ReadRow {
  readonly pair: Pick<ComparedPair, 'columns' | 'key'>;
  readonly kind: RowDifference['kind'];
  readonly replica: RowContent | null;
  readonly target: RowContent | null;
  readonly showValues: boolean;
}

/** Of a row without a key so many columns are shown. */
const MOST_COLUMNS = 8;

/** The key of a row that differs, and the columns in which it does. Pure. */
export function contentOfRow({
  pair,
  kind,
  replica,
  target,
  showValues,
}: ReadRow): Pick<RowDifference, 'key' | 'columns'> {
  const named = pair.key ?? pair.columns.slice(0, MOST_COLUMNS);
  const content = replica ?? target;
  const key = named.map(({name}) => {
    const at = pair.columns.findIndex((column) => column.name === name);
    return {column: name, value: content?.texts[at] ?? null};
  });
  return {
    key: showValues && content !== null ? key : [],
    columns: kind === 'changed' && replica !== null && target !== null ? columnsOf(pair, replica, target) : [],
  };
}

function columnsOf({columns}: ReadRow['pair'], replica: RowContent, target: RowContent): RowDifference['columns'] {
  return columns.flatMap(({name}, at) => {
    if (replica.digests[at] === target.digests[at]) return [];
    const [one, other] = shown(replica, target, at);
    return [{column: name, replica: one, target: other}];
  });
}

/** Texts that tell the two apart: the values' own, else what was compared, else with the digest, where they differ beyond what is shown. */
function shown(replica: RowContent, target: RowContent, at: number): [string | null, string | null] {
  for (const kind of ['texts', 'forms'] as const) {
    const [one = null, other = null] = [replica[kind][at], target[kind][at]];
    if (one !== other) return [one, other];
  }
  const whole = ({texts, digests}: RowContent): string | null =>
    texts[at] === null || texts[at] === undefined ? null : `${texts[at]}, md5 ${digests[at] ?? ''}`;
  return [whole(replica), whole(target)];
}
