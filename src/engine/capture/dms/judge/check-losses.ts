import {formatRelation} from '../../../../domain/pg/relation.ts';
import type {Finding} from '../../../../domain/run/finding.ts';
import {readLosses, type Loss, type LossRow} from '../../../../pg/capture/dms-losses.ts';
import {isWanted} from '../../../inventory/is-wanted.ts';
import {found, listed} from '../../../preflight/found.ts';
import type {StepContext} from '../../../step.ts';

/** The tables and columns that DMS by its own documentation changes or drops. */
export async function checkLosses(ctx: StepContext): Promise<Finding[]> {
  const source = await ctx.session('source');
  const rows = await source.run(readLosses());
  return judgeLosses(rows.filter((row) => isWanted(row, ctx.config.tables)));
}

/** Whoever has to look at them one by one wants all of them, as far as a line can hold them. */
const MOST_NAMES = 100;

/** How each is told: what DMS does, and what to do about it. */
interface Told {
  readonly check: string;
  readonly severity: 'warning' | 'note';
  readonly words: string;
  readonly remedy: string;
}

/** Its exceptions table says nothing of these: only a comparison of the rows finds them. */
const COMPARED = 'longhaul compare --again after the catch-up names the rows that differ';

const TOLD: Readonly<Record<Loss, Told>> = {
  'type not migrated': {
    check: 'dms-type',
    severity: 'warning',
    words:
      'DMS says that it does not migrate columns of these types (enums, composites, ranges, inet and others): they may come empty',
    remedy: `try one row of each before the run; ${COMPARED}; or another engine: cdc.engine: pglogical`,
  },
  'numeric without precision': {
    check: 'dms-numeric',
    severity: 'warning',
    words: 'numeric without precision: DMS takes it as numeric(28,6), and rounds what has more digits',
    remedy: `give them a precision where the values have one; ${COMPARED}`,
  },
  'numeric above 38 digits': {
    check: 'dms-numeric-wide',
    severity: 'warning',
    words: 'numeric of more than 38 digits: DMS takes it as text',
    remedy: COMPARED,
  },
  'text without a limit': {
    check: 'dms-char',
    severity: 'note',
    words: 'bpchar without a length: DMS migrates it in part',
    remedy: COMPARED,
  },
  'infinite times': {
    check: 'dms-infinity',
    severity: 'note',
    words: "dates and timestamps: DMS clips 'infinity' to 9999-12-31 and '-infinity' to 4713-01-01 BC",
    remedy: `see whether any of them is infinite; ${COMPARED}`,
  },
  'lob not null': {
    check: 'dms-lob-not-null',
    severity: 'warning',
    words:
      'columns that are LOBs to DMS and NOT NULL: it inserts the row without them first, which the constraint refuses',
    remedy: 'take NOT NULL off these columns on the target until the cutover; or another engine: cdc.engine: pglogical',
  },
  array: {
    check: 'dms-array',
    severity: 'note',
    words: 'arrays: NULL has been reported to come as an empty one',
    remedy: COMPARED,
  },
  'no primary key': {
    check: 'dms-no-key',
    severity: 'warning',
    words: 'tables without a primary key: DMS ignores their updates and deletes, and carries no LOB of theirs',
    remedy: 'give them a primary key; or let nobody update or delete in them until cutover',
  },
};

/** One finding for each kind of loss with its columns, and one for what can happen to any table. Pure. */
export function judgeLosses(rows: readonly LossRow[]): Finding[] {
  const kinds = Map.groupBy(rows, ({loss}) => loss);
  return [
    ...[...kinds].map(([loss, hit]): Finding => {
      const {check, severity, words, remedy} = TOLD[loss];
      const names = hit.map((row) => nameOf(row));
      const tables = new Set(hit.map((row) => formatRelation(row))).size;
      const subject = tables === 1 ? '1 table' : `${tables} tables`;
      return {check: `data.${check}`, severity, subject, seen: `${words} (${listed(names, MOST_NAMES)})`, remedy};
    }),
    ...(rows.length === 0 ? [] : [EVERY_TABLE]),
  ];
}

function nameOf({schema, name, column, type}: LossRow): string {
  return column === '' ? formatRelation({schema, name}) : `${formatRelation({schema, name})}.${column} ${type}`;
}

const EVERY_TABLE: Finding = found('data', 'every table').warning(
  'dms-every-table',
  'DMS ignores an UPDATE that changes a value of the primary key, and carries no TRUNCATE; of neither it says anything',
  `let nobody do either until cutover; ${COMPARED}`,
);
