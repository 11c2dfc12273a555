import {mutationsOf, type Mutation} from '../mutation.ts';

const PURE = ['test/engine/load/guards-ledger.test.ts'];
const PLAN = ['test/engine/plan/cut-tables.test.ts'];
const LAB = ['test/e2e/hand-off/own-tables.test.ts'];

/** Tables that are loaded in parts: no page twice, none left out, taken once. */
export const PARTS: readonly Mutation[] = [
  ...mutationsOf(
    'src/domain/run/table-part.ts',
    ['test/domain/run/table-part.test.ts'],
    ['a gap between two parts is not seen', 'if (from > next) return', 'if (from > next + 1e12) return'],
    ['pages in two parts are not seen', 'if (next === null || from < next) return', 'if (next === null) return'],
    ['the last part may have an end', 'return next === null ? null :', 'return next !== -1 ? null :'],
    ['the last part ends where the inventory ended', 'at === count - 1 ? null : (at + 1) * size', '(at + 1) * size'],
    [
      'the whole table has no page of a part',
      'if (a === null || b === null) return true;',
      'if (a === null || b === null) return false;',
    ],
  ),
  ...mutationsOf('src/engine/load/pipeline/pg-dump.ts', PURE, [
    'pg_dump brings the whole table with each part',
    'carries: ({id}) => partOf(id) === null,',
    'carries: () => true,',
  ]),
  ...mutationsOf('src/engine/load/pipeline/copy.ts', PURE, [
    'each part is the whole table',
    'carried.columns, partOf(carried.unit.id))',
    'carried.columns, null)',
  ]),
  ...mutationsOf('src/engine/load/pipeline/lane-files.ts', PURE, [
    'a part does not ask whether its table was taken',
    'frame.before + mustHaveTaken(entry)',
    'frame.before',
  ]),
  ...mutationsOf(
    'src/engine/plan/judge-plan.ts',
    PLAN,
    ['parts need not be their table', '    ...judgeCut(units),\n', ''],
    [
      'a table may be whole in one unit and in part in another',
      'before !== undefined && (partOf(before) === null || partOf(name) === null)',
      'before !== undefined && partOf(before) === null && partOf(name) === null',
    ],
  ),
  ...mutationsOf('src/engine/plan/plan-units.ts', PLAN, [
    'a table is a part because of its name',
    "    .replaceAll('.pages-', '_pages-');",
    ';',
  ]),
  ...mutationsOf(
    'src/engine/load/take-table.ts',
    LAB,
    ['a table is taken from its owner', 'return [mustOwn(entry), ', 'return ['],
    ['that it was taken is not noted', ' noteTables(entry),', ''],
    ['it is taken again under parts that are in', 'if ((await target.one(readTaken(entry))).taken) return null;', ''],
  ),
  ...mutationsOf(
    'src/pg/load/own-tables.ts',
    LAB,
    [
      'rows of an older P stay under the parts',
      'noteWhatIsIn(entry), emptyOwnTables(entry), before',
      'noteWhatIsIn(entry), before',
    ],
    ["somebody's rows stay under the parts", ', before, mustBeEmptyBut(entry)]', ', before]'],
    [
      'parts that are in go where their note was lost',
      'lockTables(entry.tables), noteWhatIsIn(entry), ',
      'lockTables(entry.tables), ',
    ],
    ['a unit of another plan empties what is in', 'AND other.unit <> ${quoteLiteral(unit)})', "AND other.unit = '')"],
  ),
  ...mutationsOf('src/pg/load/own-tables.ts', PURE, [
    'somebody writes into a table while it is taken',
    '[lockTables(entry.tables), ',
    '[',
  ]),
  ...mutationsOf('src/pg/session/sqlstate.ts', LAB, ['a note that was lost stops the load', '|LH003)$/', ')$/']),
  ...mutationsOf(
    'src/engine/load/takings.ts',
    LAB,
    ['a part begins before its table is taken', 'if (partOf(unit.id) === null) return true;', 'return true;'],
    ['parts are chosen while their table is taken', 'underWay.has(tableOf(unit))),', 'tableOf(unit) === null),'],
    [
      'a run that is stopped leaves a session that takes',
      'await Promise.all([...sessions].map(async (session) => session.close()));',
      '',
    ],
  ),
  ...mutationsOf('src/engine/load/take-table.ts', LAB, [
    'a table is taken in the session of all',
    "const target = await ctx.open('target', TAKING);",
    "const target = await (ctx as never as {session: typeof ctx.open}).session('target', '');",
  ]),
  ...mutationsOf(
    'src/engine/load/judge-columns.ts',
    ['test/e2e/hand-off/guards-fence.test.ts'],
    ['an attempt begins whatever was altered since', 'if (table === undefined) return null;', 'return null;'],
  ),
  ...mutationsOf(
    'src/engine/load/lane/start-unit.ts',
    ['test/e2e/faults/first-moments.test.ts'],
    [
      'a lane is started whatever was altered since',
      'const failure = await judgeColumns(ctx, unit);',
      'const failure = null as Awaited<ReturnType<typeof judgeColumns>>;',
    ],
  ),
  ...mutationsOf(
    'src/engine/steps/load/full-load.ts',
    ['test/e2e/hand-off/guards-fence.test.ts'],
    [
      'what this run has filled is not asked whether it was altered',
      'tablesAltered(ctx, tables)',
      'tablesAltered(ctx, [...content.foreign, ...content.empty])',
    ],
  ),
];
