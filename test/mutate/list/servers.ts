import {mutationsOf, type Mutation} from '../mutation.ts';

const SERVERS_TESTS = ['test/e2e/faults/guards-servers.test.ts'];
const LAB = ['test/e2e/faults/guards.test.ts'];
const FENCE_LAB = ['test/e2e/hand-off/guards-fence.test.ts'];

/** Sessions, time-outs, rows that are hidden, and the pause. */
export const SERVERS: readonly Mutation[] = [
  ...mutationsOf(
    'src/pg/session/connect.ts',
    SERVERS_TESTS,
    ['hidden rows are not counted, without a word', "pick('sessionSettings', version)", "''"],
    [
      'a session for looking may write',
      'SET default_transaction_read_only = ${options.readOnly};',
      'SET default_transaction_read_only = false;',
    ],
    [
      'a statement may run for ever',
      'SET statement_timeout = ${options.statementTimeoutMs};',
      'SET statement_timeout = 0;',
    ],
    [
      'a statement may wait for a lock for ever',
      'SET lock_timeout = ${options.lockTimeoutMs};',
      'SET lock_timeout = 0;',
    ],
    ['a name is looked for along search_path', "`SET search_path = ''; SET", '`SET'],
    ['a limit of one statement stays for the next', '      set = isEnd ? null : {timeoutMs, lockTimeoutMs};\n', ''],
    [
      'a session that is lost is not seen',
      "  client.on('end', () => (lost = true));\n",
      '',
      'the error that comes before it says so as well',
    ],
  ),
  ...mutationsOf('src/engine/run/run-context.ts', SERVERS_TESTS, [
    'a session that is lost is used for ever',
    'if (living !== null && !living.lost) return living;',
    'if (living !== null) return living;',
  ]),
  ...mutationsOf(
    'src/engine/schema/copy/row-security.ts',
    SERVERS_TESTS,
    [
      'row security stays lifted on the target',
      "if (!session.lost) await session.run(sql('ROLLBACK'));",
      "if (!session.lost) await session.run(sql('COMMIT'));",
    ],
    ['hidden rows stay hidden', '    for (const table of hiding) await session.run(liftRowSecurity(table));\n', ''],
    [
      'no table hides rows',
      'return tables.filter((table) => names.has(quoteRelation(table)));',
      'return tables.filter((table) => names.size > 1000 && table.name !== null);',
    ],
    [
      'every table is taken for one that hides rows',
      'return tables.filter((table) => names.has(quoteRelation(table)));',
      'return [...tables];',
    ],
    ['row security does not come back after the load', 'after: lines(forceRowSecurity)', "after: ''"],
    ['a table that hides rows cannot be loaded', 'before: lines(liftRowSecurity)', "before: ''"],
  ),
  ...mutationsOf(
    'src/engine/load/target-content.ts',
    SERVERS_TESTS,
    [
      'rows that nobody loaded are not seen',
      'foreign: others.filter((table) => filled.has(quoteRelation(table)) && !ofWayBack.has(quoteRelation(table))),',
      'foreign: [],',
    ],
    [
      'hidden rows that nobody loaded are not seen',
      'changesNothing ? await tablesThatHide(target, others) : []',
      'await tablesThatHide(target, others)',
    ],
  ),
  ...mutationsOf(
    'src/engine/run/own-statements.ts',
    SERVERS_TESTS,
    [
      'index builds are ended',
      "const SCANS = ['compare-%', 'analyze-%'];",
      "const SCANS = ['compare-%', 'analyze-%', 'index-%'];",
    ],
    ['lanes are ended with the scans', "named(ctx, ['run', TAKING, REST, FINAL, ...SCANS])", "named(ctx, ['%'])"],
    ['another run’s scans are ended', '`longhaul/${config.run}/${purpose}`', '`longhaul/${config.run}%/${purpose}`'],
    ['scans go on for nobody', 'await session?.run(statement)', 'await session?.run(readBackendsLike([]))'],
  ),
  ...mutationsOf(
    'src/engine/steps/boundary/pause-replay.ts',
    LAB,
    ['a replay that somebody else paused is resumed', 'if (!ctx.state().replayPaused || !(await', 'if (!(await'],
    [
      'a pause of ours is not taken back',
      '!(await readPosition(ctx)).inRecovery) return {resumedReplay: false};',
      '(await readPosition(ctx)).inRecovery) return {resumedReplay: false};',
    ],
    ['P is taken without waiting for replay', '    if (earliest !== null) await waitForReplay(ctx, earliest);\n', ''],
    [
      'a replica that was paused too early is left there',
      'return compareLsn(replayLsn, earliest) < 0 ? earliest : null;',
      'return null;',
    ],
  ),
  ...mutationsOf(
    'src/engine/steps/load/full-load.ts',
    FENCE_LAB,
    ['a P that is not proved is loaded at', 'return boundaryProved ? boundary : null;', 'return boundary;'],
    ['a load begins though the replica has left P', '        ...(await judgeFence(ctx, boundary)),\n', ''],
    ['rows that nobody loaded are not in the way', "    ...foreignRows('full-load', content),\n", ''],
    [
      'a table that is missing is not missed',
      '    ...content.missing.map((table): Finding => ({',
      '    ...content.missing.slice(1000).map((table): Finding => ({',
    ],
    ['large objects of others are not in the way', "    ...foreignObjects('full-load', objects),\n", ''],
  ),
  ...mutationsOf(
    'src/engine/preflight/read-once.ts',
    ['test/e2e/whole-runs/shown-is-done.test.ts'],
    ['every check reads the catalogs again', 'const answer = answers.get(question) ?? ', 'const answer = '],
  ),
  ...mutationsOf('src/engine/schema/goal/tables-that-differ.ts', FENCE_LAB, [
    'a table with other columns is loaded',
    'return tables.filter((table) => wanted.get(quoteRelation(table)) !== there.get(quoteRelation(table)));',
    'return tables.filter((table) => !wanted.has(quoteRelation(table)));',
  ]),
  ...mutationsOf(
    'src/engine/preflight/database/check-target-schema.ts',
    ['test/engine/preflight/preflight.pg.test.ts'],
    [
      'other columns are found after the slots were made',
      '    ...judgeColumns(differ.map((table) => formatRelation(table))),\n',
      '',
    ],
    [
      'some of the tables are taken for all of them',
      'if (missing.length === 0) return [];',
      'if (wanted > 0) return [];',
    ],
  ),
  ...mutationsOf(
    'src/engine/preflight/database/check-rows-by-checks.ts',
    ['test/engine/preflight/objects.test.ts'],
    [
      'rows that the target refuses are no blocker',
      'const broken = seen.filter((one) => one.broken === true);',
      'const broken = seen.filter(() => false);',
    ],
  ),
  ...mutationsOf(
    'src/pg/rows/doubtful-checks.ts',
    ['test/cases/stories/findings.pg.test.ts'],
    ['a child is asked for what its parent has', 'a.inherited = 0', 'a.relation = o.conrelid'],
    [
      'generated columns are not computed by what was replaced',
      'WHERE called.ids[1]::oid >= 16384)',
      'WHERE called.ids[1]::oid < 0)',
    ],
    ['a function that was replaced is not doubted', ' OR p.oid >= 16384', ''],
    ['a domain inside of the type of a column is not asked', 'o.contypid = i.part', 'o.contypid = i.whole'],
  ),
  ...mutationsOf(
    'src/engine/preflight/database/read-rows.ts',
    ['test/cases/stories/findings.pg.test.ts'],
    [
      'a domain that refuses its values is well',
      'if (state === SQLSTATE.checkViolation) return',
      'if (state === SQLSTATE.diskFull) return',
    ],
  ),
  ...mutationsOf(
    'src/engine/preflight/database/check-functions.ts',
    ['test/cases/stories/findings.pg.test.ts'],
    [
      'a check that writes rows on the target is well',
      'if (state === SQLSTATE.readOnlyTransaction) return WRITES;',
      '',
    ],
  ),
  ...mutationsOf(
    'src/engine/preflight/servers/check-connections.ts',
    ['test/engine/preflight/connections.test.ts'],
    ['the connections of others are free', 'limit >= 0 && limit - used < needed', 'limit >= 0 && limit < needed'],
    ['the fence has no session', 'return BESIDE + 2 * lanes;', 'return BESIDE + lanes;'],
    [
      'a limit that is copied is not told',
      'if (limit < 0 || limit >= needed) return [];',
      'if (limit < needed) return [];',
    ],
  ),
  ...mutationsOf(
    'src/engine/preflight/servers/room-to-come.ts',
    ['test/engine/preflight/room.test.ts'],
    ['old rows take no room beside the new ones', ' + twice - freed', ' - freed'],
    [
      'what is loaded comes again',
      'const open = source.filter((table) => !done.has(quoteRelation(table)));',
      'const open = source;',
    ],
    ['one lane empties at a time', '.slice(0, most)', '.slice(0, 1)'],
  ),
  ...mutationsOf(
    'src/engine/inventory/judge-widest.ts',
    ['test/engine/inventory/judge-widest.test.ts'],
    ['a row that no COPY carries is a warning', "about(table, 'blocker',", "about(table, 'warning',"],
  ),
  ...mutationsOf(
    'src/pg/catalog/measured-columns.ts',
    ['test/engine/inventory/measure-lobs.pg.test.ts'],
    ['a bytea is as long as its text', '{bytea: 2, ', '{bytea: 1, '],
    ['a bit takes an eighth of a digit', "'bit varying': 8}", "'bit varying': 1}"],
    ['what takes no room is made a text of as well', 'stored === true ?', 'false ?'],
  ),
  ...mutationsOf(
    'src/pg/session/settings.ts',
    ['test/engine/preflight/preflight.pg.test.ts'],
    [
      'our own time-outs are told as those of others',
      "CASE WHEN reset_val = '0' THEN reset_val ELSE concat_ws(' ', reset_val, unit) END",
      "concat_ws(' ', setting, unit)",
    ],
  ),
  ...mutationsOf(
    'src/pg/catalog/called-functions.ts',
    ['test/cases/stories/findings.pg.test.ts'],
    ['a strict function is not called for the rows that it has', 'const ROWS = 20;', 'const ROWS = 1;'],
    ['a view behind a materialized view is not read', "v.relkind = 'v' JOIN", "v.relkind = 'x' JOIN"],
    [
      'the domain of a domain is not asked',
      "JOIN pg_type t ON t.oid = o.base AND t.typtype = 'd'),",
      "JOIN pg_type t ON t.oid = o.base AND t.typtype = 'x'),",
    ],
  ),
  ...mutationsOf(
    'src/domain/run/reduce/step.ts',
    ['test/domain/run/reduce.test.ts'],
    [
      'a step begins anew with each supervisor',
      'startedAt: startOf(step) ?? entry.at,\n          progress',
      'startedAt: entry.at,\n          progress',
    ],
  ),
];
