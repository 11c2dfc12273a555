import {mutationsOf, type Mutation} from '../mutation.ts';

const LEDGER_LAB = ['test/e2e/hand-off/guards-ledger.test.ts'];
const FENCE_LAB = ['test/e2e/hand-off/guards-fence.test.ts'];
const PURE = ['test/engine/load/guards-ledger.test.ts'];
const REDUCE = ['test/domain/run/guards-reduce.test.ts'];

/** The fence, the ledger, whose the target is, and what is decided of a unit. */
export const LEDGER: readonly Mutation[] = [
  ...mutationsOf(
    'src/domain/pg/boundary.ts',
    REDUCE,
    [
      'a restart of the replica is not seen',
      'if (now.postmasterStart !== boundary.postmasterStart) {',
      "if (now.postmasterStart === '') {",
    ],
    ['a promotion is not seen', "if (!now.inRecovery) return 'the replica was promoted';", ''],
    ['a replica that goes on is not seen', 'if (now.replayLsn !== boundary.lsn) {', 'if (now.replayLsn === null) {'],
    ['a crash recovery is not seen', 'if (!now.paused) {', 'if (now.paused === undefined) {'],
    ['the fence asks for no pause', '${boundary.lsn} t t ', '${boundary.lsn} t f '],
    ['the fence asks for no recovery', '${boundary.lsn} t t ', '${boundary.lsn} f t '],
  ),
  ...mutationsOf(
    'src/pg/replication/replica.ts',
    FENCE_LAB,
    [
      'the data begin wherever the replica is',
      '`SELECT 1 / (CASE WHEN ${text} = ${quoteLiteral(expected)} THEN 1 ELSE 0 END) AS at_boundary \\\\gset`',
      "'SELECT 1 AS at_boundary \\\\gset'",
    ],
    ['the replica is not asked after the data', "    `SELECT ${text};`,\n    '',", "    '',"],
    ['the fence has no position', "concat_ws(' ', ${pick('replayLsn', version)},", "concat_ws(' ', '0/0',"],
    ['the fence has no pause', 'pg_is_in_recovery(), ${replayIsPaused(version)},', 'pg_is_in_recovery(), true,'],
    [
      'a replica that was asked to pause is paused',
      "`${state} = 'paused'`",
      "`${state} <> 'not paused'`",
      'between the request and the pause lies less than a record of the lab’s load',
    ],
  ),
  ...mutationsOf(
    'src/pg/load/ledger.ts',
    LEDGER_LAB,
    ['a unit does not ask whose the target is', '    mustOwn(entry),\n', ''],
    [
      'a unit of an older P may load',
      'WHERE run = ${quoteLiteral(run)} AND boundary = ${quoteLiteral(boundary)} FOR SHARE;',
      'WHERE run = ${quoteLiteral(run)} FOR SHARE;',
    ],
    [
      'a unit of another run may load',
      'WHERE run = ${quoteLiteral(run)} AND boundary = ${quoteLiteral(boundary)} FOR SHARE;',
      'WHERE boundary = ${quoteLiteral(boundary)} FOR SHARE;',
    ],
    [
      'a target is taken over under a unit',
      ' AND boundary = ${quoteLiteral(boundary)} FOR SHARE;',
      ' AND boundary = ${quoteLiteral(boundary)};',
    ],
    [
      'taking over changes nothing',
      'DO UPDATE SET run = excluded.run, boundary = excluded.boundary, since',
      'DO UPDATE SET boundary = excluded.boundary, since',
    ],
  ),
  ...mutationsOf(
    'src/pg/load/own-tables.ts',
    [...LEDGER_LAB, 'test/e2e/hand-off/own-tables.test.ts'],
    ['rows of an older P stay beside the new', "EXECUTE 'TRUNCATE ONLY ' || own;", 'NULL;'],
    ['partitions and children are emptied with their parent', "'TRUNCATE ONLY ' || own", "'TRUNCATE ' || own"],
    [
      'large objects that are in at this P are removed',
      'AND NOT EXISTS (SELECT ${taken} =',
      'AND EXISTS (SELECT ${taken} <>',
    ],
    [
      'tables that another run has loaded are emptied',
      ' AND taken.run = ${quoteLiteral(run)} AND taken.boundary <>',
      ' AND taken.boundary <>',
    ],
    [
      'what is in at this P is emptied',
      'AND now.boundary = ${quoteLiteral(boundary)})',
      'AND now.boundary IS NULL AND now.boundary = ${quoteLiteral(boundary)})',
    ],
    [
      'tables that an older version loaded are not known',
      '  UNION ALL\n  SELECT run, boundary, unnest(tables) FROM longhaul.load_unit`;',
      '`;',
    ],
    [
      'large objects that nobody loaded are removed',
      'WHERE EXISTS (SELECT ${taken} <> ${quoteLiteral(boundary)})',
      'WHERE true',
    ],
    [
      'a table is not noted as taken',
      "    'INSERT INTO longhaul.load_table (run, boundary, name)',\n",
      "    'SELECT FROM (VALUES (1)) AS t (x)',\n",
    ],
    ['a table with rows of others is loaded', '    IF filled THEN\n', '    IF filled IS NULL THEN\n'],
    ['others may write beside a unit', 'IN SHARE ROW EXCLUSIVE MODE;', 'IN ROW EXCLUSIVE MODE;'],
    ['rows that are hidden count as none', 'SET LOCAL row_security = off;\n', ''],
    [
      'large objects of others stay',
      'IF EXISTS (SELECT FROM pg_largeobject_metadata) THEN',
      'IF NOT EXISTS (SELECT FROM pg_largeobject_metadata) THEN',
    ],
  ),
  ...mutationsOf(
    'src/pg/load/ledger.ts',
    LEDGER_LAB,
    ['a unit commits table by table', "    'BEGIN ISOLATION LEVEL READ COMMITTED;',\n", ''],
    ['a unit does not see whom it waited for', "'BEGIN ISOLATION LEVEL READ COMMITTED;'", "'BEGIN;'"],
    [
      'a unit is not in the ledger',
      "    'INSERT INTO longhaul.load_unit (run, boundary, unit, attempt, tables)',\n",
      "    'SELECT FROM (',\n",
    ],
    [
      'units of other runs count as ours',
      '     WHERE run = $1 AND ($2',
      '     WHERE (run IS NOT NULL OR run = $1) AND ($2',
    ],
    ['a unit never commits', "    'COMMIT;',\n", ''],
  ),
  ...mutationsOf('src/pg/load/ledger.ts', PURE, [
    'every unit of the ledger is marked',
    ' AND unit = ${quoteLiteral(entry.unit)};`',
    ';`',
  ]),
  ...mutationsOf(
    'src/engine/load/take-target.ts',
    LEDGER_LAB,
    [
      'a target is taken from a run that works',
      'if (other !== null && (await isConnected(target, other))) throw ownedBy(other);',
      '',
    ],
    [
      'a target is never taken',
      'await target.run(takeOwnership(run, boundary.lsn), {lockTimeoutMs: ctx.config.timeouts.lockMs});',
      'await Promise.resolve();',
    ],
    [
      'a run waits for its own lanes',
      'if (owner?.run === run && owner.boundary === boundary.lsn) return;',
      'if (owner?.run === run && owner.boundary !== boundary.lsn) return;',
    ],
  ),
  ...mutationsOf(
    'src/engine/load/lane/settle.ts',
    LEDGER_LAB,
    [
      'a unit is decided while its backend lives',
      'const decided = ended.filter((unit) => !lives(unit));',
      'const decided = ended;',
    ],
    ['a unit is decided while its lane lives', "return life === 'gone' || (life", "return life !== 'unborn' || (life"],
    ['the backend of an ended lane is waited for', 'if (asked || ctx.steady() - sinceMs', 'if (ctx.steady() - sinceMs'],
    [
      'a backend that is late is not ended',
      '    if (late.length > 0) await target.run(terminateBackends(late));\n',
      '',
    ],
    ['the exits decide, not the ledger', '  if (row !== null) return recordCommitted(ctx, unit, row);\n', ''],
    [
      'what the ledger has is loaded again',
      "if (row !== null && unit.state.status !== 'committed' && unit.state.status !== 'running') {",
      "if (row !== null && unit.state.status === 'queued') {",
    ],
    [
      'what the ledger lost counts as in',
      "if (row === null && unit.state.status === 'committed') {",
      "if (row === null && unit.state.status === 'queued') {",
    ],
    [
      'what heals waits for the operator',
      'failure.heals && delayMs !== null ?',
      '!failure.heals && delayMs !== null ?',
    ],
  ),
  ...mutationsOf(
    'src/engine/load/read-ledger.ts',
    PURE,
    [
      'a unit of an older P is in',
      'row.unit === unit && row.boundary === boundary) ?? null',
      'row.unit === unit) ?? null',
    ],
    ['a table may be loaded by two units', 'partsIn.get(quoteRelation(table)) ?? []', 'partsIn.get(table.name) ?? []'],
    [
      'a part is loaded again by one that has some of its pages',
      'some((part) => overlap(part, partOf(unit.id)))',
      'some((part) => part === null || partOf(unit.id) === null)',
    ],
  ),
  ...mutationsOf(
    'src/engine/load/pipeline/lane-files.ts',
    PURE,
    ['tables of ours are not emptied', 'emptyOwnTables(entry) + frame.before', 'frame.before'],
    ['large objects of ours stay', "? emptyOwnObjects(targetVersion, entry) : ''", "? '' : ''"],
    ['rows of others are no reason to stop', ' + mustBeEmpty(entry.tables)', ''],
    ['a table is not noted', ' + noteTables(entry)', ''],
  ),
  ...mutationsOf(
    'src/engine/load/pipeline/pg-dump.ts',
    PURE,
    ['a dump of large objects commits the unit', "'-e', '/^COMMIT;$/d'", "'-e', '/^END;$/d'"],
    [
      'the status of a dump of large objects is that of sed',
      '`read -r status < dump.status && exit "$status"`,',
      "'exit 0',",
    ],
    ['psql goes on after an error', "    '-v',\n    'ON_ERROR_STOP=1',\n", ''],
    [
      'a password is asked for, in the night',
      "    tools.psql.path,\n    '-X',\n    '--no-password',\n",
      "    tools.psql.path,\n    '-X',\n",
    ],
  ),
  ...mutationsOf(
    'src/engine/load/pipeline/dump-selection.ts',
    PURE,
    [
      'a table that is not there is an empty dump',
      "        '--section=data',\n        '-B',\n        '--strict-names',\n",
      "        '--section=data',\n        '-B',\n",
    ],
    [
      'every unit brings the large objects',
      "        '--section=data',\n        '-B',\n        '--strict-names',\n",
      "        '--section=data',\n        '--strict-names',\n",
    ],
    ['the rest brings all tables once more', "...others.flatMap((table) => ['-T', quoteRelation(table)])", ''],
    [
      'the rest leaves out its own',
      'all.filter((other) => other.id !== unit.id)',
      'all.filter((other) => other.id !== null)',
    ],
    ['the rest brings what was not wanted', 'return [...dataScope(tables), ', 'return ['],
  ),
  ...mutationsOf(
    'src/engine/tools/shell-quote.ts',
    PURE,
    ['a quote ends a word', "word.replaceAll(\"'\", String.raw`'\\''`)", 'word'],
    ['a word with a dollar is no word', '/^[A-Za-z0-9_\\-./:=@%+,]+$/', '/^[A-Za-z0-9_\\-./:=@%+,$()]+$/'],
    ['an empty word is lost', '@%+,]+$/', '@%+,]*$/'],
  ),
];
