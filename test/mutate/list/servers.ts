import {mutationsOf, type Mutation} from '../mutation.ts';

const SERVERS_TESTS = ['test/e2e/faults/guards-servers.test.ts'];
const STRANGERS = ['test/pg/session/strangers.test.ts'];
const LAB = ['test/e2e/faults/guards.test.ts'];
const FENCE_LAB = ['test/e2e/hand-off/guards-fence.test.ts'];

/** Sessions, time-outs, rows that are hidden, and the pause. */
export const SERVERS: readonly Mutation[] = [
  ...mutationsOf(
    'src/pg/session/connect.ts',
    SERVERS_TESTS,
    ['hidden rows are not counted, without a word', "pick('sessionSettings', row.version)", "''"],
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
  ...mutationsOf(
    'src/pg/session/connect-client.ts',
    STRANGERS,
    [
      'who answers in another protocol is waited for',
      'if (!isFirstOfPostgres(answer, isAsked)) giveUp',
      'if (isOpen === null) giveUp',
    ],
    [
      'each TLS attempt has the whole time',
      '    deadline.msLeft(),\n  );',
      '    deadline.limitMs,\n  );',
      'who says nothing is not tried twice',
    ],
    ['a port that says nothing is tried again in another way', 'if (error instanceof LonghaulError || ', 'if ('],
    [
      'an attempt goes on that nobody waits for',
      "const stop = (): void => giveUp(new Error('it is not wanted any more'));",
      'const stop = (): void => undefined;',
    ],
    [
      'a connection that was given up stays open',
      '    cutClient(client);\n    throw why',
      '    throw why',
      'it was destroyed with its reason',
    ],
  ),
  ...mutationsOf(
    'src/engine/run/run-context.ts',
    ['test/engine/run/run-context.test.ts'],
    [
      'a session that is made while all are closed stays',
      '      closing.abort();\n      await Promise.allSettled(connecting);\n',
      '',
    ],
  ),
  ...mutationsOf(
    'src/engine/preflight/servers/reach-servers.ts',
    ['test/cli/unreachable.pg.test.ts'],
    ['the first server that is away hides the others', 'throw allOf(away);', 'throw allOf(away.slice(0, 1));'],
  ),
  ...mutationsOf(
    'src/engine/preflight/servers/check-replica.ts',
    ['test/engine/preflight/replica.test.ts'],
    [
      'a standby that does not stream is passed',
      'receiving !== false) return [];',
      'receiving !== undefined) return [];',
    ],
    [
      'a standby that follows from an archive is passed',
      'if (position.receiveLsn !== null && receiving',
      'if (receiving',
    ],
  ),
  ...mutationsOf(
    'src/engine/steps/boundary/pause-replay.ts',
    ['test/engine/preflight/preflight.pg.test.ts'],
    ['a standby that does not stream is paused', 'if (findings.length > 0) return {done: null, findings};', ''],
  ),
  ...mutationsOf(
    'src/pg/load/own-tables.ts',
    ['test/e2e/hand-off/own-tables.test.ts'],
    ['large objects are removed in one transaction', '    COMMIT;\n', ''],
    [
      'large objects are removed from a target that is of another P',
      '    EXIT WHEN NOT FOUND;\n    PERFORM pg_catalog.lo_unlink',
      '    PERFORM pg_catalog.lo_unlink',
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
      'foreign: others.filter((table) => filled.has(quoteRelation(table))),',
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
    ['lanes are ended with the scans', "named(ctx, ['run', ...SCANS])", "named(ctx, ['%'])"],
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
    [
      'a table with other columns is loaded',
      'return tables.filter((table) => digests.get(quoteRelation(table)) !== there.get(quoteRelation(table)));',
      'return tables.filter((table) => !digests.has(quoteRelation(table)));',
    ],
    ['large objects of others are not in the way', '    ...(objects === 0\n', '    ...(objects >= 0\n'],
  ),
  ...mutationsOf(
    'src/engine/steps/boundary/capture-boundary.ts',
    ['test/e2e/faults/guards.test.ts'],
    ['lanes of an older P live on', '    ...planEndOfOldLanes(ctx),\n', ''],
    ['a replica that moves gives a P', 'second.inRecovery && second.paused && still', 'second.inRecovery'],
  ),
  ...mutationsOf(
    'src/engine/steps/boundary/pause-replay.ts',
    ['test/e2e/faults/guards.test.ts'],
    [
      'lanes of an older P live on under a new pause',
      'fenceBroken(boundary, position) === null ? [] : planEndOfOldLanes(ctx)',
      'fenceBroken(boundary, position) === null ? [] : []',
    ],
    ['replay is not paused', '    await pause.execute();\n    await waitForPause', '    await waitForPause'],
    ['a pause is not in the journal', "    await ctx.record({type: 'replay.paused', by: 'run'});\n", ''],
  ),
];
