import {mutationsOf, type Mutation} from '../mutation.ts';

const SHUT = ['test/engine/cutover/guards-shut.pg.test.ts'];
const WALK = ['test/engine/cutover/guards-walk-cutover.test.ts'];
const QUIET = ['test/engine/cutover/guards-quiet.test.ts'];
const COMMANDS = ['test/engine/cutover/operator-commands.test.ts'];
const LEFT = ['test/engine/cutover/left-behind.test.ts'];
const OUT = ['test/e2e/cutover/back-out.test.ts'];
const THERE = ['test/e2e/cutover/hand-over.test.ts'];
const BACK = ['test/e2e/back/there-and-back.test.ts'];

/** The cutover and the way back: who may write, and that one side alone takes it. */
export const CUTOVER: readonly Mutation[] = [
  ...mutationsOf(
    'src/engine/cutover/fence.ts',
    SHUT,
    [
      'locks that went with their session are taken for held',
      'if (now?.pid === pid && now.locked === locked) return null;',
      'return null;',
    ],
    ['locks that nobody has taken are held', 'if (held === null) return gone;', 'if (held === null) return null;'],
    ['what fails beside the locks takes them with it', 'await session.run(tryBehindFence(), LIMITS);', ''],
    [
      'a try for the locks that fails lets autovacuum in again',
      'await session.run(endTryBehindFence(), limits);',
      'await session.run(endFence());',
    ],
    [
      'an autovacuum is waited for with the writes stopped',
      'if (tables.length > 0) ready = await openFence(ctx, tables, MAINTENANCE_MS);',
      "ready = await ctx.open('source', 'fence');",
    ],
    [
      'who keeps the tables from being locked is not named',
      'readInTheWay(session, readShareBlockers(session.version, tables))',
      'readInTheWay(session, readMaintainers(session.version, tables))',
    ],
  ),
  ...mutationsOf('src/engine/cutover/short-locks.ts', SHUT, [
    'an autovacuum is never ended for a short lock',
    'tries % LONG_TRY === 0',
    'tries < 0',
  ]),
  ...mutationsOf('src/engine/waiting/past-deadlock.ts', SHUT, [
    'the server gives up on nobody',
    'Math.round(seconds * 1000) + SLACK_MS',
    'SLACK_MS',
  ]),
  ...mutationsOf(
    'src/engine/cutover/shut.ts',
    SHUT,
    [
      'the side that is left takes writes from the moment on at which the locks go',
      'await ctx.fence.replace(ctx, open.length === 0 ? [] : [shutTables(open)]);',
      'await ctx.fence.drop();',
    ],
    [
      'the side that is opened refuses writes',
      "if (isShut(ctx.state(), 'target')) await",
      "if (!isShut(ctx.state(), 'target')) await",
    ],
    [
      'triggers stay on the tables for good',
      'const tables = await server.run(readShut());',
      'const tables: RelationName[] = [];',
    ],
  ),
  ...mutationsOf(
    'src/pg/cutover/shut.ts',
    SHUT,
    ['TRUNCATE goes through', '...(table.lacksTruncate ?', '...(false ?'],
    [
      'a deleted row stays once writes are allowed again',
      "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;",
      'RETURN NEW;',
    ],
    [
      'a trigger that was taken away is not made anew',
      '(${lacks(ROWS)} OR ${lacks(TRUNCATE)}) ORDER',
      '(${lacks(ROWS)} AND ${lacks(TRUNCATE)}) ORDER',
    ],
  ),
  ...mutationsOf(
    'src/engine/cutover/going-back.ts',
    SHUT,
    [
      'a cutover that has opened the target is taken back: two sides',
      'if (cutover === null || isTargetOpened(cutover)) throw',
      'if (cutover === null) throw',
    ],
    ['the source goes on refusing writes', 'for (const action of planWritesAllowed(ctx)) await action.execute();', ''],
    [
      'the locks outlive the cutover',
      'await ctx.fence.drop();',
      '',
      'the sessions of the cutover are ended by their names as well, this one with them',
    ],
  ),
  ...mutationsOf(
    'src/engine/cutover/going-back.ts',
    OUT,
    ['the operator’s commands are not undone', '...(await undoCommands(ctx, cutover.commands))', '...[]'],
    [
      'triggers fire at the target while changes are applied again',
      'for (const action of notFiring) await action.execute();',
      '',
    ],
    ['change capture does not go on', '  await resumeCapture(ctx);\n', ''],
    ['change capture stays turned round', '  await resumeChanges(ctx);\n', ''],
  ),
  ...mutationsOf('src/engine/cutover/by-command.ts', WALK, [
    'whoever takes a cutover back waits for minutes though writes are allowed',
    'await takenBack(ctx, endOfWalk(ctx, walk));',
    'await endOfWalk(ctx, walk);',
  ]),
  ...mutationsOf('src/engine/cutover/write-stop.ts', SHUT, [
    'a session that began read-only refuses writes for hours',
    'execute: async () => endReadOnlyClients(ctx, setting.since),',
    'execute: async () => undefined,',
  ]),
  ...mutationsOf(
    'src/engine/cutover/walk-cutover.ts',
    WALK,
    ['a cutover without its locks is gone on with', 'if (isOurs) await takeInTime(walk);', 'await takeInTime(walk);'],
    [
      'a cutover that fails leaves both sides closed',
      "if (statusOf(ctx) === 'under-way') await goBackPatiently(ctx, {by: 'run', reason: why}, walk.hurried);",
      '',
    ],
    [
      'sequences are copied over those of a target that was written to',
      "if (!(await isReadOnly(ctx))) return 'hand-over';",
      '',
    ],
    [
      'a target that is closed is opened without the writes being stopped again',
      "await turnForward(ctx);\n  return 'stop-writes';",
      "await turnForward(ctx);\n  return 'hand-over';",
    ],
    [
      'a target that could not be opened is left closed',
      "while (statusOf(ctx) === 'opening') {",
      "if (statusOf(ctx) === 'opening') {",
    ],
  ),
  ...mutationsOf(
    'src/engine/cutover/own-slots.ts',
    LEFT,
    ['what could still come is left on the source', 'if (!(await isReadOnly(ctx))) return false;', 'return false;'],
    [
      'who wrote on the source before the target is opened is told, and no more',
      'if (isTargetOpened(ctx.state().cutover) && !(await canStillCome(ctx))) {',
      'if (!(await canStillCome(ctx))) {',
    ],
    [
      'rows on the source alone keep the target closed for ever',
      'if (isTargetOpened(ctx.state().cutover) && !(await canStillCome(ctx))) {',
      'if (false) {',
    ],
  ),
  ...mutationsOf(
    'src/engine/cutover/quiet.ts',
    QUIET,
    [
      'a prepared transaction is waited for',
      'if (ctx.steady() >= end || writers.some(({pid}) => pid === 0)) throw',
      'if (ctx.steady() >= end) throw',
    ],
    ['who writes all the same is taken for nobody', 'if (writers.length === 0) return;', 'return;'],
    [
      "clients are ended though the operator's commands stop them",
      'if (stopsItself(ctx.config)) {',
      'if (ctx.config.run !== undefined) {',
    ],
  ),
  ...mutationsOf(
    'src/engine/cutover/commands/operator-commands.ts',
    COMMANDS,
    [
      'a command that has begun is in no journal',
      "await note(ctx, {command: name, moment: 'started', output: '', undo: keptUndo(ctx.config, command)});",
      '',
    ],
    [
      'a command begins though the cutover was taken back',
      'ctx.signal.throwIfAborted();\n      await note',
      'await note',
    ],
    [
      'a check that hangs is waited for',
      'await runMasked(ctx, check, {...howTo(ctx, name, limitMs), signal: ctx.signal});',
      'await runMasked(ctx, check, howTo(ctx, name, limitMs));',
    ],
    ['a command of a dead supervisor goes on', 'env, endsWithUs: true}', 'env}'],
    ['no check is asked', 'if (check === null) return;', 'return;'],
    [
      'a password that a command prints is kept',
      'return redact(await runCommand(command, how));',
      'return await runCommand(command, how);',
    ],
    [
      'a password that a command fails with is told',
      'asWritten(ctx, redact(error.message))',
      'asWritten(ctx, error.message)',
    ],
  ),
  ...mutationsOf('src/engine/steps/cutover/hand-over.ts', THERE, [
    'the target stays read-only',
    'execute: async () => open(ctx),',
    'execute: async () => undefined,',
  ]),
  ...mutationsOf('src/engine/cutover/sequences/copy-positions.ts', THERE, [
    'sequences are set nowhere',
    'await target.run(setPositions(moved));',
    '',
  ]),
  ...mutationsOf(
    'src/engine/schema/goal/waits.ts',
    ['test/engine/schema/trigger-states.test.ts'],
    [
      'triggers fire for every change that is applied, once a cutover was taken back',
      "if (load.triggers === 'at-cutover' && cutover?.status !== 'handed-over') return [];",
      '',
    ],
    [
      'triggers that are off while changes are applied are switched on',
      'const off = triggersOff(claimed);',
      'const off = triggersOff([]);',
    ],
  ),
  ...mutationsOf('src/engine/load/target-content.ts', BACK, [
    'a run that has been there and back finds rows of its own sentinels that nobody has loaded',
    "claimedBack(ctx.state().claimed, 'back-sentinel').map(",
    "claimedBack([], 'back-sentinel').map(",
  ]),
  ...mutationsOf('src/engine/back/mirrored.ts', BACK, [
    'rows are copied from the source to the target as one goes back',
    'return isBack === true ? {source: target, target: source} : {source, target};',
    'return {source, target};',
  ]),
  ...mutationsOf('src/engine/cutover/rest/copy-objects.ts', BACK, [
    'large objects of the source get owners of the target',
    'const kept = ctx.isBack === true ?',
    'const kept = false ?',
  ]),
  ...mutationsOf('src/engine/back/follow.ts', BACK, [
    'nothing comes back',
    'for (const action of await reverse.planFollow(ctx)) await action.execute();',
    '',
  ]),
];
