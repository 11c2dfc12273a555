import {mutationsOf, type Mutation} from '../mutation.ts';

const WALK = ['test/engine/cutover/guards-walk-cutover.test.ts'];
const ABORT = ['test/engine/exit/guards-abort.test.ts'];
const LAST = ['test/engine/cutover/final/last-comparison.test.ts', 'test/engine/cutover/final/not-counted.test.ts'];
const FORESEEN = ['test/engine/cutover/foreseen.test.ts'];
const LAST_STORY = ['test/e2e/cutover/last-comparison.test.ts'];
const WINDOW = ['test/engine/cutover/final/window.test.ts'];

/** The last comparison with its snapshots, and what is foreseen or told of what follows it. */
export const FINAL: readonly Mutation[] = [
  ...mutationsOf(
    'src/engine/run/own-statements.ts',
    WALK,
    [
      'a cutover that is taken back waits for its locks',
      "...(isOpened ? [] : [endCutoverSessions(ctx, 'source', ['fence'])])",
      '...(isOpened ? [] : [])',
    ],
    [
      'the locks are let go though the target is open',
      "...(isOpened ? [] : [endCutoverSessions(ctx, 'source', ['fence'])])",
      "...[endCutoverSessions(ctx, 'source', ['fence'])]",
    ],
    [
      'a scan of the last comparison holds its snapshot behind its supervisor',
      "named(ctx, ['run', TAKING, REST, FINAL, ...SCANS])",
      "named(ctx, ['run', TAKING, REST, ...SCANS])",
    ],
  ),
  ...mutationsOf(
    'src/engine/cutover/final/written-since.ts',
    LAST,
    [
      'a table that the statistics tell nothing of is compared last',
      "return then === undefined || then === '' || now !== then;",
      'return then !== undefined && now !== then;',
    ],
    [
      'what was equal before another P is taken for equal',
      "if (entry.type === 'boundary.captured') marks.clear();",
      '',
    ],
    ['what differs is compared last', 'rowsThatDiffer === undefined && undecided === 0 && ', ''],
  ),
  ...mutationsOf(
    'src/engine/cutover/final/window.ts',
    WINDOW,
    [
      'what was written to since waits behind what is smaller',
      'const all = [...written, ...others];',
      'const all = [...others, ...written];',
    ],
    [
      'a table that takes longer than there is time for keeps all others from being read',
      'if (ms > forMs || usedMs + ms > leftMs) return false;',
      '',
    ],
    [
      'what there is no time to compare is not even counted',
      "...counted.map((pair) => ({pair, how: 'count' as const})),",
      '',
    ],
  ),
  ...mutationsOf(
    'src/engine/cutover/final/read-table.ts',
    LAST_STORY,
    [
      'what was compared is locked for hours on the open target',
      'await letGo(lane);\n    if (isGone) {',
      'if (isGone) {',
    ],
    [
      'a table that was altered ends the comparison of all others',
      'if (!isOfTable(error, lane)) throw error;',
      'throw error;',
    ],
    [
      'a table that was emptied on the open target is told as one that differed',
      'lane.isOpened() && (await isRewritten(pair, lane))',
      'false',
    ],
    [
      'what there is no time for is read whole instead of counted',
      "how === 'count'\n      ? countTable(table)\n      : sumRows(",
      'sumRows(',
    ],
  ),
  ...mutationsOf(
    'src/engine/cutover/final/final-comparison.ts',
    LAST_STORY,
    [
      'the snapshots are held on the open target without a limit',
      "void endInTime(stoppedBy(ctx, over.signal), async (why) => end(at, ctx, {by: 'run', why}));",
      '',
    ],
    [
      'a table that somebody locks for a moment ends the comparison of all others',
      'return {timeoutMs: config.timeouts.scanMs, lockTimeoutMs: 0};',
      'return {timeoutMs: config.timeouts.scanMs};',
    ],
    [
      'the servers go on scanning for nobody',
      'await Promise.all(planEndOfFinalScans(ctx).map(async (action) => action.execute()));',
      'await Promise.resolve(planEndOfFinalScans(ctx));',
    ],
  ),
  ...mutationsOf(
    'src/engine/cutover/final/end-of-comparison.ts',
    LAST,
    ['what was not compared because somebody has ended it is not told', 'if (ended !== null) return ended;', ''],
    [
      'snapshots of a supervisor that is gone stay',
      'if (isOfAnother(progress)) await executeAll(planEndOfFinalScans(ctx));',
      '',
    ],
    [
      'a table that could not be read is taken for one that was compared',
      '...failed.map((one) => notCompared(one.table, withoutStatement(one.why))),',
      '',
    ],
  ),
  ...mutationsOf(
    'src/engine/steps/cutover/compare-final.ts',
    LAST,
    [
      'a comparison that a bug has ended is taken for one that is not over yet',
      'for (const error of [failure, ...failed.map((one) => one.error)])',
      'for (const error of failed.map((one) => one.error))',
    ],
    [
      'what was written to and not compared is told as if nothing was written',
      'writtenOf(late.length, them)',
      'writtenOf(0, them)',
    ],
    [
      'a table that cannot be read while writes are stopped is gone over',
      '[failure, ...failed.map((one) => one.error)]',
      '[failure]',
    ],
    ['what was not even counted is not told', '    await tellNotCounted(ctx, progress);\n', ''],
  ),
  ...mutationsOf('src/engine/cutover/views.ts', FORESEEN, [
    'readers of a view wait though the operator has not said so',
    "(which === 'beside-readers' && isKeyed)",
    "which === 'beside-readers'",
  ]),
  ...mutationsOf('src/engine/cutover/sequences/numbers-taken.ts', FORESEEN, [
    'a sequence that gives a number that is taken is not told',
    'return beyond > 0n || (beyond === 0n && !position.isCalled);',
    'return false;',
  ]),
  ...mutationsOf('src/engine/cutover/rehearsal/builds.ts', FORESEEN, [
    'what takes the whole write stop is a note',
    'ms > SHARE * writeStopLimitMs ? warning : note',
    'note',
  ]),
  ...mutationsOf('src/engine/cutover/rehearsal/no-lock.ts', FORESEEN, [
    'what nothing proves is not said',
    "...(keepsTruncate ? [] : ['TRUNCATE']),",
    '',
  ]),
  ...mutationsOf(
    'src/engine/capture/dms/tasks/changed-since.ts',
    ['test/e2e/dms/without-locks.test.ts'],
    [
      'who has written since F is not seen with DMS',
      'return (await source.run(readPglogicalChangedSince(slot, sets, after))).map(({table}) => table);',
      'return (await source.run(readPglogicalChangedSince(slot, sets, after))).slice(0, 0).map(({table}) => table);',
    ],
  ),
  ...mutationsOf(
    'src/engine/steps/cutover/hand-over.ts',
    ['test/e2e/dms/without-locks.test.ts'],
    [
      'without locks the slots of DMS are not read',
      'const isProved = ctx.config.cutover.lock && ',
      'const isProved = ',
    ],
  ),
  ...mutationsOf(
    'src/engine/exit/abort.ts',
    ABORT,
    [
      'a server that is away keeps all of a run from being taken back',
      'if (!(error instanceof LonghaulError)) throw error;\n    const text',
      'throw error;\n    const text',
    ],
    [
      'slots that are gone are said to hold WAL',
      'return slotsLeft && mayHoldSlots(failed)',
      'return mayHoldSlots(failed)',
    ],
  ),
  ...mutationsOf('src/engine/capture/pglogical/plan-removal.ts', ABORT, [
    'what is left of a way back stays for ever where a part of it was taken off before',
    'if (there.length > 0) await (await',
    'await (await',
  ]),
  ...mutationsOf('src/engine/capture/native/reverse/removal.ts', ABORT, [
    'what the way back has on production stays where the target is gone',
    '    ...sentinels.map((name) => statementAction(dropSentinel(name), onSource)),\n',
    '',
  ]),
  ...mutationsOf('src/engine/cutover/going-back.ts', WALK, [
    'change capture is not tried again though its session was ended by us',
    'if (tries > 1 || sqlStateOf(error) !== SQLSTATE.adminShutdown)',
    'if (tries > 0)',
  ]),
  ...mutationsOf(
    'src/engine/steps/cutover/hand-over.ts',
    ['test/engine/cutover/guards-hand-over.test.ts'],
    ['the target is opened though a transaction was skipped since the cutover has begun', '  mustBeWhole(ctx);\n', ''],
  ),
  ...mutationsOf(
    'src/domain/rules/refused-in-cdc.ts',
    ['test/domain/rules/refused-in-cdc.test.ts'],
    ['a transaction is skipped while a cutover drains it, and lost', 'if (turning !== null) return turning;', ''],
    ['a table is adopted while a cutover is under way', 'if (notNow !== null) return notNow;', ''],
    [
      'change capture is touched while a way back rests on it',
      'const [way, command, one] = isCutoverUnderWay(back)',
      'const [way, command, one] = isCutoverUnderWay(null)',
    ],
  ),
  ...mutationsOf(
    'src/cli/supervisor/follow-cutover.ts',
    ['test/cli/supervisor/follow-cutover.test.ts'],
    [
      'how the walk before has ended ends this one',
      'const code = hasBegun ? codeOf(state) : null;',
      'const code = codeOf(state);',
    ],
  ),
  ...mutationsOf('src/engine/steps/cutover/validate-constraints.ts', LAST_STORY, [
    'views are filled anew by what our own sessions have set',
    "withUsualValues(await ctx.session('target'), fill)",
    'fill()',
  ]),
];
