import {mutationsOf, type Mutation} from '../mutation.ts';

const HASH = ['test/pg/compare/row-hash.test.ts'];
const PAIRS = ['test/engine/compare/pair-rows.test.ts'];
const LAB = ['test/engine/compare/compare-rows.pg.test.ts'];
const SCANS = ['test/engine/compare/scans.pg.test.ts'];
const PACE = ['test/engine/compare/pace.test.ts'];

/** Every row compared: nothing that differs is taken for equal, and what was not read at P is nothing. */
export const COMPARING: readonly Mutation[] = [
  ...mutationsOf(
    'src/pg/compare/row-hash.ts',
    HASH,
    [
      'a bigint is folded into 32 bits',
      "`hashint4extended(${seed}, ${value}${of === 'int8' ? '' : '::int8'})`",
      '`hashint8extended(${value}, ${seed})`',
    ],
    ['texts are hashed under their own collation', '${NULL}) COLLATE "C", ${so})', '${NULL}), ${so})'],
    ['NULL is a value like 0', '`coalesce(${number}, ${index + 1})`', '`coalesce(${number}, 0)`'],
    ['NULL is an empty text', 'const NULL = "E\'\\\\x01null\\\\x02\'";', 'const NULL = "\'\'";'],
    ['a row of 500 MB has no hash before 11', 'octet_length(${sent}) >= ${MOST_BYTES}', 'false'],
    ['sums do not tell which values were in one row', '`hashint4extended(0, ${first})`', '`(${first})`'],
    [
      'a text does not know which values were before it',
      '`hashtextextended(coalesce(${text}, ${NULL}) COLLATE "C", ${so})`',
      '`(${so}) # hashtextextended(coalesce(${text}, ${NULL}) COLLATE "C", 1)`',
    ],
  ),
  ...mutationsOf(
    'src/pg/compare/type-form.ts',
    HASH,
    ['blanks at the end of char(n) are not seen', 'return `textin(bpcharout(${value}))`;', 'return null;'],
    ['what no load of xml brings is a false alarm', "if (name === 'xml') return", "if (name === 'XML') return"],
    [
      'the sign of a NaN is a false alarm',
      "CASE WHEN ${value} = 'NaN' THEN 'NaN' ELSE encode(${name}send(${value}), 'hex') END",
      "encode(${name}send(${value}), 'hex')",
    ],
    ['a cast to text says what is compared', 'const cast = row.isCast ? {cast: name} : {};', 'const cast = {};'],
    [
      'a composite in an array that is null is a row of nulls',
      'FROM (SELECT unnest(${value}) AS ${ELEMENT}) AS elements',
      'FROM unnest(${value}) AS ${ELEMENT}',
    ],
    ['the bounds of an array of floats are not seen', "coalesce(array_dims(${value}), '') || ", ''],
  ),
  ...mutationsOf(
    'src/pg/compare/pin-session.ts',
    HASH,
    ['texts of two encodings are hashed byte by byte', ' && one.encoding === other.encoding', ''],
    ['two byte orders have one hash', "one.hash !== other.hash ? 'md5' : ", ''],
  ),
  ...mutationsOf(
    'src/pg/compare/differing-rows.ts',
    HASH,
    ['each use of a value makes it once more', 'known === -1 ? made', 'known !== -2 ? made'],
    ['a value is copied to be digested', "dialect.formula === 'extended' ?", "dialect.formula === 'md5' ?"],
    ['planners put the value where it is used', ' OFFSET 0`;', '`;'],
  ),
  ...mutationsOf('src/engine/compare/pair-rows.ts', PAIRS, [
    'rows of two scans are not added up',
    'rows: before.rows + rows',
    'rows',
  ]),
  ...mutationsOf('src/engine/compare/at-boundary.ts', LAB, [
    'what was read while the replica left P counts',
    '  const result = await work();\n  await mustBeAtBoundary(ctx, replica);',
    '  const result = await work();',
  ]),
  ...mutationsOf(
    'src/engine/compare/kept-sums.ts',
    LAB,
    [
      'a table that was written to since is not read again',
      'JSON.stringify([p, side, statement, mark])',
      'JSON.stringify([p, side, statement])',
    ],
    ['nothing is kept of a comparison that was interrupted', 'known.get(nameOf(scan)) ?? null', 'null'],
  ),
  ...mutationsOf('src/engine/compare/compare-tables.ts', LAB, [
    'the next comparison believes the last one',
    '    await (await readKeptSums(ctx)).forget();\n',
    '',
  ]),
  ...mutationsOf(
    'src/engine/compare/compare-rows.ts',
    LAB,
    [
      'only counts decide',
      'replica.rows === target.rows && replica.sum === target.sum',
      'replica.rows === target.rows',
    ],
    ['a column of one side alone is equal', '...(pair.problem === null ? [] : [pair.problem]), ', ''],
    [
      'a table that the target has not ends the comparison of all',
      'if (pair.absent === side) return',
      'if (pair.absent === side && pair.bytes < 0) return',
    ],
    [
      'rows beside a column of one side alone are not looked for',
      'const isToFind = !isSame && ',
      'const isToFind = !isSame && pair.problem === null && ',
    ],
  ),
  ...mutationsOf('src/engine/compare/compare-rows.ts', SCANS, [
    'rows that a broken index hides are not missed',
    'if (plain === null || plain === rows)',
    'if (plain !== 0)',
  ]),
  ...mutationsOf('src/pg/compare/table-sums.ts', SCANS, [
    'the plain count is made by an index',
    'SELECT count(ctid)',
    'SELECT count(*)',
  ]),
  ...mutationsOf(
    'src/engine/compare/scans/held.ts',
    SCANS,
    ['a comparison that is held goes on', '  while (ctx.state().held) await ctx.sleep(EVERY_MS);\n', ''],
    ['a scan goes on though it is held', 'heldSince ??= ctx.steady()', 'heldSince = null'],
    [
      'a scan that we have ended fails the comparison',
      'if (!watch.hasCancelled() || sqlStateOf(error) !== SQLSTATE.queryCanceled) throw error;',
      'throw error;',
    ],
  ),
  ...mutationsOf('src/engine/compare/count-tables.ts', SCANS, [
    'a count goes on though it is held',
    'return unlessHeld(ctx, work, {cancel: pair.cancel, tell});',
    'return work();',
  ]),
  ...mutationsOf(
    'src/engine/compare/scans/pace.ts',
    PACE,
    ['a comparison has no rate', 'if (mayBegin(side)) break;', 'if (mayBegin(side) || bytes >= 0) break;'],
    ['who waits for his turn hears of a lost server when it has come', '      mustStillDo();\n', ''],
  ),
  ...mutationsOf(
    'src/engine/compare/scans/scanning.ts',
    ['test/e2e/faults/server-away.test.ts'],
    ['a lost session waits for its turn', '            mustBeConnected(session);\n', ''],
  ),
  ...mutationsOf(
    'src/engine/waiting/under-way.ts',
    ['test/engine/compare/again/progress.test.ts'],
    ['what is waited for between two slices is no time', " || work?.step === 'compare-again'", ''],
  ),
  ...mutationsOf(
    'src/engine/compare/again/pieces.ts',
    ['test/engine/compare/again/progress.test.ts'],
    ['what a slice has left is at work for ever', 'for (const end of ends) end();', ''],
  ),
  ...mutationsOf('src/domain/run/run-state.ts', PACE, [
    'what an operator asks for slows no comparison',
    'const limits = [compare.rateBytes, asked]',
    'const limits = [compare.rateBytes]',
  ]),
  ...mutationsOf(
    'src/engine/steps/load/compare-rows.ts',
    ['test/engine/compare/how-to-agree.test.ts'],
    ['what no load mends is to be loaded again, for ever', 'if (stale.length > 0) return howToComputeAnew(stale);', ''],
  ),
  ...mutationsOf(
    'src/engine/steps/cdc/compare-again.ts',
    ['test/engine/compare/how-to-agree.test.ts'],
    [
      'what the target computes anew is to be mended on the target',
      'if (stale.length === 0) return MEND;',
      'if (stale.length >= 0) return MEND;',
    ],
  ),
  ...mutationsOf('src/engine/compare/content-of-row.ts', PAIRS, [
    'the key is shown where no value may be',
    'key: showValues && content !== null ? key : []',
    'key: content !== null ? key : []',
  ]),
];
