import {mutationsOf, type Mutation} from '../mutation.ts';

const WALK = ['test/probes/judge/walk-alarms.test.ts', 'test/domain/rules/wanted.test.ts'];

/** What is told to an operator who does not sit there. */
export const NOBODY_THERE: readonly Mutation[] = [
  ...mutationsOf('src/probes/judge/alarms.ts', WALK, ['what waits for the operator is no alarm', '  judgeWalk,\n', '']),
  ...mutationsOf(
    'src/probes/judge/walk/failed-units.ts',
    ['test/probes/judge/failed-units.test.ts'],
    ['each part that fails for one reason is an alarm', '`${ID}${reasonOf(one, units)}`', '`${ID}${one.unit}`'],
    ['each part more is a page', 'raised.subject !== due.subject', 'raised.seen !== due.seen'],
    ['what several units need is never told', 'return due.id.startsWith(ID) &&', 'return due.id === ID &&'],
  ),
  ...mutationsOf(
    'src/domain/rules/wanted.ts',
    WALK,
    [
      'a unit that waits for R is not told of',
      "unit.status === 'failed' && unit.retryAt === null && state.boundaryMoved === null",
      "unit.status === 'failed' && unit.retryAt !== null && state.boundaryMoved === null",
    ],
    ['a walk that stopped by itself is not told of', "  if (status !== 'stopped' || stopped === null ||", '  if ('],
    [
      'change capture that is to be started is not told of',
      "return state.status === 'done' && state.boundaryDisproved === null",
      "return state.status === 'new' && state.boundaryDisproved === null",
    ],
  ),
  ...mutationsOf(
    'src/ui/draw/status.ts',
    ['test/ui/draw/status.test.ts'],
    [
      'WAITS FOR YOU goes where there is no room',
      "  return part(11, wants === '' ? '' : `  ${wants}`",
      "  return part(0, wants === '' ? '' : `  ${wants}`",
    ],
  ),
  ...mutationsOf(
    'src/domain/reading/estimate-load.ts',
    ['test/domain/reading/estimate-load.test.ts'],
    ['an end is foretold while a lane has failed', "  if (failed.length > 0) return 'a lane failed';\n", ''],
  ),
  ...mutationsOf(
    'src/probes/judge/recall.ts',
    ['test/probes/judge/recall.test.ts'],
    ['what was seen by an earlier supervisor is taken for what is so', 'newest: new Map(), heardMs', 'heardMs'],
    ['readings of a clock that was set back are taken', '    if (!(toldMs <= nowMs)) continue;\n', ''],
  ),
];
