import {mutationsOf, type Mutation} from '../mutation.ts';

const PURE = ['test/engine/load/guards-ledger.test.ts'];
const PLAN = ['test/engine/plan/cut-tables.test.ts'];
const KEYS = ['test/engine/plan/cut-by-key.test.ts'];
const RANGES = ['test/pg/ranges/ranges.pg.test.ts'];
const LAB = ['test/e2e/hand-off/own-tables.test.ts'];

/** Tables that are loaded in parts: no page twice, none left out, taken once; rows that no COPY carries. */
export const PARTS: readonly Mutation[] = [
  ...mutationsOf(
    'src/domain/run/table-part.ts',
    ['test/domain/run/table-part.test.ts'],
    ['a gap between two parts is not seen', 'if (from > next) return', 'if (from > next + 1e12) return'],
    ['pages in two parts are not seen', 'if (next === null || from < next) return', 'if (next === null) return'],
    ['a page that no table has is read', 'if (beyond !== undefined) return', 'if (beyond === -1) return'],
    ['the last part may have an end', 'return next === null ? null :', 'return next !== -1 ? null :'],
    ['a range of a key that is missing is not seen', 'if (missing !== undefined) return', 'if (missing === -1) return'],
    ['a range of a key that is there twice is not seen', 'if (twice !== undefined) return', 'if (twice === -1) return'],
    [
      'ranges of two cuts pass for one table',
      'if (parts.some(({cut, of}) => cut !== first?.cut || of !== first.of))',
      'if (parts.length === 0)',
    ],
    ['ranges of two cuts have no row in common', 'a.cut === b.cut && a.of', 'a.of'],
    ['a range and itself have no row in common', ' && a.number !== b.number', ''],
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
    'part: rowsOfUnit(unit), freeze',
    'part: null, freeze',
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
  ...mutationsOf(
    'src/engine/plan/plan-units.ts',
    PLAN,
    ['a table is a part because of its name', "    .replaceAll('.pages-', '_pages-')\n", ''],
    [
      'large objects are taken for small ones',
      'bytes: largeObjectBytes}',
      'bytes: Math.min(largeObjectBytes, count * OBJECT_BYTES)}',
    ],
    ['large objects are in no unit', '[...cut, ...several, ...objects]', '[...cut, ...several]'],
  ),
  ...mutationsOf(
    'src/engine/plan/plan-units.ts',
    ['test/engine/plan/group-tables.test.ts'],
    ['a sequence of a partitioned table is left behind', 'movesRows(table) || isGone(table)', 'true'],
    ['what no table brings is in no unit', "(needsRest(inventory) ? [make('rest', [])] : [])];", '[]];'],
  ),
  ...mutationsOf(
    'src/engine/plan/unit-size.ts',
    ['test/engine/plan/group-tables.test.ts'],
    ['ten thousand tables are in one transaction', 'group.length >= MOST_TABLES || ', ''],
    ['small tables are together whatever they hold', ' || bytes + loadBytes(table) > Math.max(most, LEAST_GROUP)', ''],
  ),
  ...mutationsOf(
    'src/domain/run/key-range.ts',
    ['test/domain/run/key-range.test.ts'],
    ['rows before the first bound are in no range', 'return [null, ...bounds].map(', 'return bounds.map('],
    [
      'a bound is not in the digest of a cut',
      'key.map(({name, type}) => [name, type]), bounds]',
      'key.map(({name, type}) => [name, type])]',
    ],
    ['a type that is SQL is cast to', 'if (strange !== undefined) return', 'if (strange === null) return'],
    [
      'a cut may be by any columns',
      'if (key.some(({name}, at) => primaryKey?.[at] !== name)) return',
      'if (key.length > 99) return',
    ],
  ),
  ...mutationsOf(
    'src/domain/run/load-unit.ts',
    ['test/domain/run/key-range.test.ts'],
    [
      'a range that is missing is the whole table',
      "if (range === undefined) throw new Error(`bug: the unit ${id} has no range of its table's key`);",
      'if (range === undefined) return null;',
    ],
  ),
  ...mutationsOf(
    'src/engine/plan/plan-cuts.ts',
    KEYS,
    ['an edited bound passes under the id of another', 'cutDigest(table, own.cut) === part.cut && ', ''],
    ['bounds that are no texts are read', 'all.length === bounds.length', 'true'],
    ['types that are SQL are read', 'known.length === key.length', 'true'],
  ),
  ...mutationsOf('src/engine/plan/judge-plan.ts', KEYS, [
    'ranges need no cut',
    '    ...judgeCuts(plan.cuts, units, inventory),\n',
    '',
  ]),
  ...mutationsOf(
    'src/engine/plan/cut-tables.ts',
    KEYS,
    ['stale statistics cut a table', 'if (pagesOf(table) > MOST_GROWN * key.pages)', 'if (key.pages < 0)'],
    ['a table is read once for each range', 'if (times <= MOST_READ_TWICE) return null;', 'return null;'],
    ['a table with row security is cut', 'if (table.rowSecurity) return', 'if (table.columnCount < 0) return'],
    [
      'ids of ranges have five digits',
      'Math.min(Math.ceil(loadBytes(table) / load.unitBytes), MOST_PARTS)',
      'Math.ceil(loadBytes(table) / load.unitBytes)',
    ],
  ),
  ...mutationsOf(
    'src/engine/plan/judge-cuts.ts',
    KEYS,
    [
      'a key that has changed is not seen',
      'now[at]?.column !== name || now[at]?.type !== type',
      'now[at] === undefined',
    ],
    ['rows without a value are in no range', 'now[at]?.notNull === false', 'now[at] === undefined'],
  ),
  ...mutationsOf(
    'src/pg/ranges/rows-of.ts',
    RANGES,
    ['a bound is in both of its ranges', "'<', values(part.key, part.to)", "'<=', values(part.key, part.to)"],
    ['a bound is in none of its ranges', "'>=', values(part.key, part.from)", "'>', values(part.key, part.from)"],
    ['the order of the bounds is not asked for', 'CASE WHEN ${ordered} THEN 0', 'CASE WHEN true THEN 0'],
    [
      'bounds are compared as the database compares',
      ", (SELECT ${names[at] ?? ''} FROM ONLY ${quoteRelation(table)} LIMIT 0)",
      '',
    ],
  ),
  ...mutationsOf('src/pg/load/copy-data.ts', RANGES, [
    'a range reads the whole table',
    'SET enable_seqscan = off;',
    '',
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
  ...mutationsOf(
    'src/engine/inventory/measure-lobs.ts',
    ['test/engine/inventory/measure-lobs.pg.test.ts'],
    ['a row too wide for COPY is not looked for', 'heapBytes === 0 || toastBytes >= LEAST_STORED', 'false'],
    ['every table is read for nobody', '(every || mayBeWide(table))', 'mayBeWide(table)'],
  ),
];
