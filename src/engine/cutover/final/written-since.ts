import {formatRelation, quoteRelation, type RelationName} from '../../../domain/pg/relation.ts';
import type {JournalEntry} from '../../../domain/run/event.ts';
import {SENTINEL_SCHEMA} from '../../../pg/capture/sentinels.ts';
import {readExtents} from '../../../pg/compare/table-extents.ts';
import {tablesToCompare} from '../../compare/compare-tables.ts';
import type {TableToCompare} from '../../compare/read-sides.ts';
import {readJournal} from '../../run/journal.ts';
import type {StepContext} from '../../step.ts';
import type {Ordered} from './window.ts';

/** What the source tells of tables before a comparison reads them, kept with its result: the last comparison takes those first that were written to since. */
export interface SourceMarks {
  /** Asks for those that were not asked for yet: what is written while they are compared counts as written since. */
  readonly before: (tables: readonly {readonly table: RelationName}[]) => Promise<void>;
  /** The mark, for the event; nothing where the source told none. */
  of(table: RelationName): {readonly mark?: string};
}

/** Of no table yet. */
export function createSourceMarks(ctx: Pick<StepContext, 'session'>): SourceMarks {
  const marks = new Map<string, string>();
  return {
    before: async (tables) => {
      const asked = tables.map(({table}) => table).filter((table) => !marks.has(quoteRelation(table)));
      if (asked.length === 0) return;
      for (const table of asked) marks.set(quoteRelation(table), '');
      // An order rests on it, and nothing else: who keeps a table locked there keeps nobody from comparing.
      const told = await readMarks(ctx, asked).catch(() => []);
      for (const [name, mark] of told) marks.set(name, mark);
    },
    of: (table) => {
      const mark = marks.get(quoteRelation(table)) ?? '';
      return mark === '' ? {} : {mark};
    },
  };
}

async function readMarks(
  ctx: Pick<StepContext, 'session'>,
  tables: readonly RelationName[],
): Promise<(readonly [string, string])[]> {
  const source = await ctx.session('source');
  const rows = await source.run(readExtents(source.version, tables));
  return rows.map((row) => [quoteRelation(row), row.mark]);
}

/** What the last comparison reads: all tables, and those that were written to since and the others, each the smallest first, so that of most it is known soon. */
export interface TablesAhead extends Ordered<TableToCompare> {
  readonly tables: readonly TableToCompare[];
}

/** What it would read now; the sentinels are written to until the end. */
export async function readTablesAhead(ctx: StepContext): Promise<TablesAhead> {
  const all = (await tablesToCompare(ctx)).filter(({table}) => table.schema !== SENTINEL_SCHEMA);
  const tables = all.toReversed();
  const written = await writtenSince(ctx, tables);
  const known = new Set(written);
  return {tables, written, others: tables.filter((one) => !known.has(one))};
}

/** Of these tables those that were written to on the source since they were found equal while change capture ran, in their order, and those that never were. */
async function writtenSince<Table extends {readonly table: RelationName}>(
  ctx: Pick<StepContext, 'session' | 'folder'>,
  tables: readonly Table[],
): Promise<Table[]> {
  const equal = equalMarks(await readJournal(ctx.folder.journal));
  const now = new Map(
    await readMarks(
      ctx,
      tables.map(({table}) => table),
    ),
  );
  return tables.filter(({table}) => isWrittenTo(equal.get(formatRelation(table)), now.get(quoteRelation(table))));
}

/** Whether a table has to be taken for one that was written to: a hint, for the server counts late, and not what it did before a crash. Pure. */
export function isWrittenTo(then: string | undefined, now: string | undefined): boolean {
  return then === undefined || then === '' || now !== then;
}

/** The mark of each table, `public.users`, that was equal when it was last compared while change capture ran. Nothing of before P. Pure. */
export function equalMarks(entries: readonly JournalEntry[]): Map<string, string> {
  const marks = new Map<string, string>();
  for (const entry of entries) {
    if (entry.type === 'boundary.captured') marks.clear();
    if (entry.type !== 'again.compared') continue;
    const {table, rowsThatDiffer, undecided, mark} = entry;
    if (rowsThatDiffer === undefined && undecided === 0 && mark !== undefined) marks.set(formatRelation(table), mark);
    else marks.delete(formatRelation(table));
  }
  return marks;
}
