import type {Finding} from '../../../domain/run/finding.ts';
import {quoteIdentifier} from '../../../domain/pg/identifier.ts';
import {printable} from '../../../domain/base/printable.ts';
import {formatRelation, quoteRelation} from '../../../domain/pg/relation.ts';
import {readFitsNoPage, readPlainTables, type PlainTable} from '../../../pg/rows/plain-columns.ts';
import {isWanted} from '../../inventory/is-wanted.ts';
import type {StepContext} from '../../step.ts';
import {found, listed} from '../found.ts';
import {askEach} from './read-rows.ts';

/** A table, and whether it has a row that fits no page as it would be written today; null where there was not the time to know. */
export interface PlainSeen {
  readonly table: PlainTable;
  readonly fitsNoPage: boolean | null;
}

/** Rows that came while a column was stored out of line, and that fit no page since it is not: a load writes them anew, and the target refuses them. */
export async function checkPlainColumns(ctx: StepContext): Promise<Finding[]> {
  const source = await ctx.session('source');
  const tables = (await source.run(readPlainTables())).filter((one) => isWanted(one, ctx.config.tables));
  const seen = await askEach(ctx, 'plain', tables, readFitsNoPage);
  return judgePlainColumns(seen.map(([table, fitsNoPage]) => ({table, fitsNoPage})));
}

/** Pure. */
export function judgePlainColumns(seen: readonly PlainSeen[]): Finding[] {
  const {blocker, note} = found('data', 'rows');
  const [long = [], unknown = []] = [true, null].map((is) => seen.filter((one) => one.fitsNoPage === is));
  const inWords = (some: readonly PlainSeen[]): string =>
    listed(
      some.map(({table}) => `${table.columns.map((name) => printable(name)).join(', ')} of ${formatRelation(table)}`),
    );
  return [
    ...(long.length === 0
      ? []
      : [
          blocker(
            'rows-fit-no-page',
            `columns that are to be stored in the row itself (SET STORAGE PLAIN) since rows came that are longer than a page; written anew they are refused: ${inWords(long)}`,
            `on the source: ${long.map(({table}) => storeExtended(table)).join('; ')}`,
          ),
        ]),
    ...(unknown.length === 0
      ? []
      : [
          note(
            'rows-fit-no-page',
            `whether rows are longer than a page in these columns, which are to be stored in the row itself, is not known, for the time was not enough to read them: ${inWords(unknown)}`,
          ),
        ]),
  ];
}

/** Changes no row. */
function storeExtended({columns, ...table}: PlainTable): string {
  const each = columns.map((name) => `ALTER COLUMN ${quoteIdentifier(name)} SET STORAGE EXTENDED`);
  return `ALTER TABLE ${quoteRelation(table)} ${each.join(', ')}`;
}
