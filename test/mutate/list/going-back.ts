import {mutationsOf, type Mutation} from '../mutation.ts';

const WALK = ['test/engine/cutover/guards-walk-cutover.test.ts'];
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
    'src/engine/cutover/operator-commands.ts',
    ['test/engine/cutover/operator-commands.test.ts'],
    [
      "another command's undo is run after longhaul.yaml was edited",
      'const kept = state().cutover?.undos?.[name];',
      'const kept = undefined as KeptUndo | null | undefined;',
    ],
    [
      'a password of an undo is in the journal',
      'return words.map((word) => redact(word));',
      'return words.map((word) => (redact(word) === word ? word : word));',
    ],
    ['an undo is run with its password masked', 'if (!kept.masked) return', 'if (kept.words.length > 0) return'],
  ),
];
