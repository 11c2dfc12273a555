import {mutationsOf, type Mutation} from '../mutation.ts';

const WALK = ['test/engine/run/guards-walk.test.ts'];
const WORD = ['test/engine/run/guards-word.test.ts'];
const MOUSE = ['test/ui/console/mouse.tui.test.ts'];
const STEPS = ['test/house/steps.test.ts'];

/** What the operator is asked, and what is obeyed. */
export const OPERATOR: readonly Mutation[] = [
  ...mutationsOf(
    'src/engine/run/run-steps.ts',
    WALK,
    [
      'a typed confirmation is not asked for',
      "check.question ?? (step.confirm === 'typed' ? `Run ${step.id}: ${step.title}?` : null)",
      'check.question ?? null',
    ],
    ['what only the operator can decide is not asked', 'const question = check.question ?? (', 'const question = ('],
    ['the word is not waited for', 'else await waitForWord(step.id);', 'else void waitForWord(step.id);'],
    ['nothing is asked', '  await ask(ctx, step, check, options);\n', ''],
    [
      'what was not shown is done where the plan has changed since',
      'if (isAgreed(agreed, {question, actions}, isFirst)) return;',
      'if (agreed.to !== null) return;',
    ],
    ['a rehearsal asks', "const unasked = ctx.config.confirm === 'never';", 'const unasked = false;'],
    ['everybody is in a rehearsal', "const unasked = ctx.config.confirm === 'never';", 'const unasked = true;'],
    [
      'a rehearsal decides what only an operator can, without a word',
      'if (unasked && check.question === undefined) return;',
      'if (unasked) return;',
    ],
    [
      'the SQL is not shown before',
      "await ctx.record({type: 'step.waiting', step: step.id, question, actions});",
      "await ctx.record({type: 'step.waiting', step: step.id, question, actions: actions.slice(1)});",
    ],
    ['a blocker stops nothing', '  if (hasBlocker(check.findings)) throw blocked(check.findings);\n', ''],
    [
      'what is done is done again',
      '  if (check.done !== null) {\n    await ctx',
      '  if (check.done === undefined) {\n    await ctx',
    ],
    [
      'what was done is believed, whatever the servers say',
      'if (wasDone && check.done !== null) return;',
      'if (wasDone) return;',
    ],
    ['evidence of a step that is done is replaced', 'if (wasDone && check.done !== null) return;', ''],
    [
      'the walk goes on after a failure',
      "if (!(await takeStep(ctx, step, options))) return ctx.signal.aborted ? 'stopped' : 'failed';",
      'await takeStep(ctx, step, options);',
    ],
    ['--until ends nothing', 'if (step.id === until) return', 'if (step.id === null) return'],
    ['--from begins with the first', 'const first = from === null ? 0 :', 'const first = from !== null ? 0 :'],
    [
      'findings are not told',
      "for (const finding of check.findings) await ctx.record({type: 'finding.seen', step: step.id, finding});",
      '',
    ],
    ['a failure is not told', "await ctx.record({type: 'step.failed', step: step.id, failure: failureOf(error)});", ''],
  ),
  ...mutationsOf('src/engine/steps/load/resume-replay.ts', STEPS, [
    'replay is resumed without a word',
    "confirm: 'typed'",
    "confirm: 'no'",
  ]),
  ...mutationsOf('src/engine/capture/slots/create-slots.ts', STEPS, [
    'slots are made without a word',
    "confirm: 'typed'",
    "confirm: 'no'",
  ]),
  ...mutationsOf('src/engine/steps/load/strip-target.ts', STEPS, [
    'the target is stripped without a word',
    "confirm: 'typed'",
    "confirm: 'no'",
  ]),
  ...mutationsOf(
    'src/engine/run/commands.ts',
    WORD,
    ['a confirmation is not in the journal', "  await ctx.record({type: 'step.confirmed', step, by: who});\n", ''],
    ['what the journal does not take is obeyed', 'if (!UNNOTED_TOO.has(command.type)) throw error;', ''],
    ['a full disk keeps the operator from leaving', "new Set(['shutdown', 'release',", "new Set(['release',"],
    ['a full disk keeps the slots', "new Set(['shutdown', 'release',", "new Set(['shutdown',"],
    ['a full disk keeps a lane stopped', "'release', 'resume-unit', 'resume-all']", "'release']"],
    [
      'what is asked is not in the journal',
      "await ctx.record({type: 'command.received', by: who, command: {...command}})",
      'await Promise.resolve()',
    ],
    ['what was cancelled is tried again', "state.failure.cause === 'cancelled' || ", ''],
    ['what comes by itself is tried twice', ' || state.retryAt !== null) continue;', ') continue;'],
    [
      'new units start while all are cancelled',
      "  await ctx.record({type: 'load.held', by: who});\n  const reply",
      '  const reply',
    ],
    ['lanes end with the supervisor unasked', 'control.stop(lanes ? who : null);', 'control.stop(who);'],
    ['lanes stay though they were to end', 'control.stop(lanes ? who : null);', 'control.stop(null);'],
  ),
  ...mutationsOf('src/engine/load/lane/control-lane.ts', WORD, [
    'a cancelled retry comes all the same',
    'failure: calledOff, retryAt: null}',
    'failure: calledOff, retryAt: unit.state.retryAt}',
  ]),
  ...mutationsOf(
    'src/domain/rules/why-refused.ts',
    ['test/engine/run/states-and-commands.test.ts'],
    ['any word will do', 'return typed === run ? null', 'return typed.length > 0 ? null'],
    [
      'a step that does not wait is confirmed',
      "state.status === 'waiting') return null;\n  return refusal(`${step}",
      "state.status !== 'pending') return null;\n  return refusal(`${step}",
    ],
    [
      'a unit is tried though P is lost',
      'if (boundaryMoved === null) return null;',
      'if (boundaryMoved !== undefined) return null;',
    ],
    ['replay is resumed while something needs P', '  return replica === null\n', '  return replica !== undefined\n'],
    [
      'change capture is said to have begun too early',
      'if (why === null) return null;',
      'if (why !== undefined) return null;',
    ],
    ['a run that was given up is walked on', "if (status === 'aborted') return", "if (status === 'new') return"],
    [
      'what does not differ is accepted',
      'if (unknown.length === 0) return null;',
      'if (unknown.length >= 0) return null;',
    ],
  ),
  ...mutationsOf(
    'src/engine/run/commands.ts',
    ['test/engine/run/states-and-commands.test.ts'],
    [
      'what is refused is carried out',
      'if (refusal !== null) return refused(',
      'if (refusal === undefined) return refused(',
    ],
  ),
  ...mutationsOf(
    'src/domain/rules/needs.ts',
    ['test/domain/rules/needs.test.ts'],
    [
      'a P that is lost keeps replay',
      'state.boundaryMoved !== null || isReplayResumed(state)) return null;',
      'isReplayResumed(state)) return null;',
    ],
    ['replay may go on though the load is open', '  return whatNeedsBoundary(state);\n', '  return null;\n'],
    [
      'a replica that the run itself moves is missed',
      "status !== 'running' || !MOVE_REPLICA.includes(id)",
      "status !== 'running' || id !== null",
    ],
    ['a replica is missed after a release', 'isReleased(state) || isCompared(state)', 'isCompared(state)'],
    ['a load that is not compared is over once the replica has left P', '(hasLeft && isCompared(state))', 'hasLeft'],
    ['a compared load is begun again once the replica has left P', ' || (hasLeft && isCompared(state))', ''],
    ['a P that change capture began at is needed', ' || state.cdcStarted !== null) return null;', ') return null;'],
    ['a plain copy needs P for ever', '  if (state.lastProof?.slots.length === 0) return whyReplica(state);\n', ''],
  ),
  ...mutationsOf('src/ui/mouse/point.ts', MOUSE, [
    'a click goes through a question',
    'if (state.view.overlays.length > 0) {',
    'if (state.view.overlays.length > 9) {',
  ]),
  ...mutationsOf(
    'src/ui/mouse/reports.ts',
    ['test/ui/mouse/reports.test.ts'],
    ['what is pasted points', '  if (pasting) return nextOfPaste(text);\n', ''],
    [
      'what is pasted points, where its first byte came alone',
      "    if (passed !== '' && (passed + text).startsWith(PASTE_BEGINS)) pasting = true;\n",
      '',
    ],
  ),
  ...mutationsOf(
    'src/ui/start-console.tsx',
    MOUSE,
    ['the mouse is heard unasked', 'if (mouse) stdout.write', 'stdout.write'],
    ['a pager has a terminal that reports its mouse', '        listen(false);\n', ''],
  ),
  ...mutationsOf('src/ui/App.tsx', MOUSE, [
    'the terminal goes on reporting its mouse',
    '    return () => onShown(false);\n',
    '',
  ]),
  ...mutationsOf(
    'src/engine/told/untold.ts',
    ['test/engine/told/untold.test.ts'],
    ['a changed key is not told', 'values[key] !== now[key]', 'values[key] === now[key]'],
    ['a plan with other units is not told', 'known.get(id) !== wanted.get(id)', 'known.get(id) === undefined'],
    [
      'a plan with other slots is not told',
      'claimed.length === 0 ? [] : differing',
      'claimed.length > 0 ? [] : differing',
    ],
  ),
  ...mutationsOf(
    'src/engine/inventory/inventory-file.ts',
    ['test/engine/told/untold.test.ts'],
    [
      'a plan is taken for other slots than it was made for',
      '!isDeepStrictEqual(made.slots?.[key], slots[key])',
      'made.slots === null',
    ],
    ['a table of the plan is left out behind its back', ' && within(held, exclude).length === 0', ''],
    ['a table that was left out is wanted, and in no plan', 'without(left, exclude).length === 0 && ', ''],
  ),
  ...mutationsOf(
    'src/engine/capture/slots/check-source-slots.ts',
    ['test/engine/preflight/slots-of-others.test.ts'],
    [
      'a slot of another run with our name passes check',
      'if (slot.name.startsWith(prefix)) return',
      'if (slot.name === prefix) return',
    ],
  ),
];
