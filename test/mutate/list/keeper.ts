import {mutationsOf, type Mutation} from '../mutation.ts';

const LIFE = ['test/engine/load/guards-lanes.test.ts'];
const CONTROL = ['test/engine/load/lane/control-lane.test.ts'];
const MOMENTS = ['test/e2e/faults/first-moments.test.ts'];

/** What is asked of a lane: in its order, obeyed, and told as it is. */
export const KEEPER: readonly Mutation[] = [
  ...mutationsOf(
    'src/engine/load/lane/signal-lane.ts',
    [...LIFE, ...CONTROL],
    ['a lane that is stopped is not ended', "  await lanes.host.signal(state.folder, 'SIGCONT');\n", ''],
    [
      'nobody knows that a lane was ended on purpose',
      '  await markEnding(host, folder, ending).catch(() => undefined);\n',
      '',
    ],
    [
      'a lane is not ended',
      "const arrived = await lanes.host.signal(state.folder, 'SIGTERM');",
      'const arrived = await Promise.resolve(true);',
    ],
    [
      'a lane in its first moments is not waited for',
      "if (lane.life !== 'unborn' || isOverdue(ctx, unit)) return lane;",
      'if (AGAIN_MS > 0) return lane;',
    ],
    ['a lane that cannot be signalled is told as ended', "  if (after?.life !== 'gone') return 'not reached';\n", ''],
    ['a unit that may be in is told as ended', "? 'may be in' : 'ending'", "? 'ending' : 'ending'"],
  ),
  ...mutationsOf(
    'src/engine/load/lane/control-lane.ts',
    CONTROL,
    [
      'a pause that did not arrive is told as done',
      "    if (await ctx.lanes.host.signal(unit.state.folder, 'SIGSTOP'))\n",
      "    if (await ctx.lanes.host.signal(unit.state.folder, 'SIGSTOP').then(() => true))\n",
    ],
    [
      'a pause that did not arrive stays in the journal',
      "    await ctx.record({type: 'unit.resumed', unit: id, by: who});\n    return noProcess(id);",
      '    return noProcess(id);',
    ],
    ['a lane that goes on is told so though it did not', '    if (!signalled) return noProcess(id);\n', ''],
  ),
  ...mutationsOf('src/engine/load/lane/lanes.ts', CONTROL, [
    'what happens to a lane happens all at once',
    'const own = before.then(act);',
    'const own = act();',
  ]),
  ...mutationsOf('src/engine/load/lane/start-unit.ts', MOMENTS, [
    'a lane starts though all were cancelled meanwhile',
    '  if (ctx.signal.aborted || !mayStillStart(ctx.state(), start)) return;\n',
    '',
  ]),
  ...mutationsOf('src/engine/load/host/lane-process.ts', MOMENTS, [
    'a lane that has ended is heard of at the next tick',
    '.then(onEnd)',
    '',
  ]),
  ...mutationsOf('src/engine/schema/beside/crew.ts', MOMENTS, [
    'a builder that is free is heard of at the next tick',
    '            ctx.lanes.bell.ring();\n',
    '',
  ]),
  ...mutationsOf('src/engine/load/end-lanes.ts', CONTROL, [
    'a lane of an attempt that was decided lives on',
    '  await endStrays(ctx, ending);\n',
    '',
  ]),
  ...mutationsOf('src/engine/load/lane/settle.ts', MOMENTS, [
    'a lane that was too late loads all the same',
    '  for (const unit of late) await callOff(ctx, unit);\n',
    '',
  ]),
  ...mutationsOf('src/engine/load/lane/settle.ts', MOMENTS, [
    'a lane that does not listen lives on',
    'if (askedMs !== undefined && steady() - askedMs > LISTEN_MS) await',
    'if (askedMs !== undefined && steady() < askedMs) await',
  ]),
];
