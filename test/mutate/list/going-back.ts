import {mutationsOf, type Mutation} from '../mutation.ts';

const WALK = ['test/engine/cutover/guards-walk-cutover.test.ts'];
const LED = ['test/engine/back/lead-back.test.ts'];
const ABORTED = ['test/engine/exit/abort-command.test.ts'];

/** A cutover that is taken back, by an abort as well, with a target that may be away; and what is left alone while it goes on. */
export const GOING_BACK: readonly Mutation[] = [
  ...mutationsOf('src/engine/cutover/going-back.ts', WALK, [
    'a target that is cut off keeps the operator’s commands from being undone',
    '  const undone = [...(await restartJobs(ctx)), ...(await undoCommands(ctx, cutover.commands))];\n',
    '  await ctx.final.stop();\n  const undone = [...(await restartJobs(ctx)), ...(await undoCommands(ctx, cutover.commands))];\n',
  ]),
  ...mutationsOf('src/engine/cutover/going-back.ts', ABORTED, [
    'an abort waits for minutes for a target that is away',
    '!ctx.signal.aborted && !hurried.aborted &&',
    '!ctx.signal.aborted &&',
  ]),
  ...mutationsOf(
    'src/engine/exit/abort-command.ts',
    ABORTED,
    ['nobody is told that the cutover was taken back', 'if (taken === null) return reply;', 'return reply;'],
    ['what was not undone of a cutover is not told', 'if (isAllUndone(reason)) return', 'if (reason !== null) return'],
    [
      'an abort says that nothing was taken back though the cutover was',
      'if (isTaken(before, after)) return `${TAKEN}, but',
      'if (false) return `${TAKEN}, but',
    ],
  ),
  ...mutationsOf(
    'src/engine/capture/control/kick-down.ts',
    ['test/engine/capture/control/kick-down.test.ts'],
    [
      'a slot that was drained is kicked while the target is being opened',
      'if (isDrained(given.state())) return new Map();',
      '',
    ],
  ),
  ...mutationsOf(
    'src/domain/run/cutover/cutover.ts',
    ['test/engine/capture/control/kick-down.test.ts'],
    [
      'a drain waits for a slot that sleeps, which nobody wakes',
      "id === drain && state.status === 'done'",
      'id === drain',
    ],
  ),
  ...mutationsOf(
    'src/engine/cutover/commands/operator-commands.ts',
    ['test/engine/cutover/operator-commands.test.ts'],
    [
      "another command's undo is run after longhaul.yaml was edited",
      'return oppositeOf(ctx, name, undos?.[name]);',
      'return oppositeOf(ctx, name, undefined);',
    ],
    [
      'a password of an undo is in the journal',
      'return words.map((word) => redact(word));',
      'return words.map((word) => (redact(word) === word ? word : word));',
    ],
    ['an undo is run with its password masked', 'if (!kept.masked) return', 'if (kept.words.length > 0) return'],
    [
      'a command begins though it was taken back while the journal was told of it',
      'while that was written.\n      ctx.signal.throwIfAborted();',
      'while that was written.',
    ],
    ['a password of a command is shown', 'return masked(config, command)\n', 'return [...command]\n'],
  ),
  ...mutationsOf(
    'src/engine/back/lead-back.ts',
    LED,
    [
      'the application is led back by what longhaul.yaml has by then',
      'const kept = undos[name];',
      "const kept = undos['never'];",
    ],
    [
      'a way back that is taken back leaves the application where nobody takes its writes',
      'undo: itselfOf({config}, name, kept)',
      'undo: null',
    ],
    [
      'the source is opened though the application is not led there',
      'if (!isTargetOpened(ctx.state().cutover)) throw',
      'if (ctx.isBack !== true) throw',
    ],
  ),
  ...mutationsOf('src/engine/back/mirrored.ts', LED, [
    'the command that is to be run by hand on a way back names the other server',
    'return isBack === true ? turnedServers(words) : words;',
    'return words;',
  ]),
  ...mutationsOf('src/engine/back/lead-back.ts', LED, [
    'one goes back though the program that leads back is not there',
    '    ...(await readPrograms(commands, ctx.env)),\n',
    '',
  ]),
  ...mutationsOf(
    'src/engine/cutover/commands/programs.ts',
    LED,
    ['a program that is not there is not seen', 'catch {\n    return false;', 'catch {\n    return true;'],
    ['a file that nobody may execute is taken for a program', 'await access(place, constants.X_OK);', ''],
  ),
  ...mutationsOf(
    'src/engine/cutover/commands/let-go.ts',
    ['test/engine/cutover/let-go.test.ts'],
    [
      'a command that lets the application go and fails keeps the others from it',
      'ctx.signal.throwIfAborted();\n        const command',
      'throw error;\n        const command',
    ],
    [
      'that the application stays stopped behind the hand-over is not told',
      'undo === null || after.some(',
      'undo !== undefined || after.some(',
    ],
  ),
  ...mutationsOf(
    'src/engine/steps/cutover/hand-over.ts',
    ['test/e2e/cutover/hand-over.test.ts'],
    [
      'what lets the application go is not run',
      '    opening(ctx),\n    ...planLettingGo(ctx),\n',
      '    opening(ctx),\n',
    ],
  ),
  ...mutationsOf(
    'src/engine/cutover/rehearse.ts',
    ['test/e2e/cutover/hand-over.test.ts'],
    [
      'a cutover begins though a program of a command is not there',
      '    ...(await readPrograms(allCommands(ctx.config), ctx.env)),\n',
      '',
    ],
  ),
  ...mutationsOf(
    'src/engine/exit/undo-texts.ts',
    ['test/engine/exit/guards-abort.test.ts'],
    [
      'an abort does not show which commands of the operator it undoes',
      'isCutoverUnderWay(cutover) ? planBackOut(ctx) : []',
      '[]',
    ],
  ),
];
