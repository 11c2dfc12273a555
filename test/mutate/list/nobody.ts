import {mutationsOf, type Mutation} from '../mutation.ts';

const NOW = ['test/domain/rules/what-now.test.ts'];
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
    'src/domain/rules/wanted.ts',
    WALK,
    [
      'a step of a cutover that was taken back has failed for ever',
      "step.status === 'failed' && !isTakenBack(state, id)",
      "step.status === 'failed'",
    ],
    [
      'that a cutover was taken back wakes nobody',
      '  return back === null ? [] : [',
      '  return back !== null ? [] : [',
    ],
  ),
  ...mutationsOf('src/domain/run/cutover/cutover.ts', WALK, [
    'what an operator has taken back is told to wait for him',
    " || latest.goneBack?.by !== 'run') return null;",
    ') return null;',
  ]),
  ...mutationsOf(
    'src/domain/rules/what-now.ts',
    NOW,
    [
      'nothing is to be done while an alarm is raised',
      'if (said.isQuiet) return [',
      'if (said.isQuiet) return said.words ?? [',
    ],
    [
      'a server that does not answer is told by its alarm only',
      'said.isQuiet && away.length > 0 ? away : [...said.words, ...away]',
      'said.words',
    ],
    ['a critical alarm comes last', 'return alarm.isCritical ? [', 'return false ? ['],
  ),
  ...mutationsOf(
    'src/domain/rules/gravest-alarm.ts',
    NOW,
    ['the first alarm is told, not the gravest', '.toSorted(byGravity)', ''],
    ['what is over is told as if it were not', 'alarm.over !== true && ', ''],
    [
      'a slot that is gone is told by nobody before P is',
      'return isBoundaryLost(state) || state.boundaryDisproved !== null || isProvedSince(state, since);',
      'return true;',
    ],
  ),
  ...mutationsOf(
    'src/domain/reading/alarm.ts',
    ['test/ui/draw/status.test.ts'],
    ['what was raised a moment ago is told as over', '(isOlder ? alarm.seen : undefined)', 'undefined'],
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
  ...mutationsOf(
    'src/engine/waiting/outage.ts',
    ['test/engine/waiting/outage.test.ts'],
    ['a server that was never reached is waited for', ' || ctx.connectedMs(server) === null', ''],
    ['a server is waited for without an end', 'if (awayMs >= outageMs) throw', 'if (awayMs < 0) throw'],
    [
      'what comes back for a moment was back',
      'if (times === 1 || atMs - beganMs > ctx.config.timeouts.outageMs) since',
      'since',
    ],
    ['a server that is lost again and again is waited for for ever', ' || times > MOST_TIMES', ''],
    [
      'a server that refuses by now is waited for',
      'if (serverAway(error) === null) throw error;\n    return',
      'return',
    ],
    ['whoever has waited is waited for once more', 'throw awayTooLong(failure, outageMs)', 'throw failure'],
  ),
  ...mutationsOf(
    'src/pg/session/server-error.ts',
    ['test/engine/waiting/outage.test.ts'],
    ['a server that ends is not away', '57P0[123]|', ''],
    ['a password that is refused heals with time', 'state === null || AWAY.test(state) ?', 'state !== undefined ?'],
  ),
  ...mutationsOf(
    'src/engine/run/run-steps.ts',
    ['test/engine/run/guards-walk.test.ts'],
    ['writers wait for a server with the walk', 'options.waitsForServers === true ?', 'options.steps.length > 0 ?'],
    ['what was agreed to is asked behind an outage', 'const isPart = isFirst &&', 'const isPart = !isFirst &&'],
    [
      'more is done behind an outage than was agreed to',
      'actions.every((action) => to.actions.includes(action))',
      'actions.length > 0',
    ],
  ),
  ...mutationsOf(
    'src/engine/run/serve/make-walk.ts',
    ['test/e2e/faults/server-away.test.ts'],
    ['one lost connection ends the run', ', waitsForServers: true}', '}'],
  ),
  ...mutationsOf(
    'src/probes/watch/server-link.ts',
    ['test/probes/watch/server-link.test.ts'],
    [
      'a server that answers the run is left alone by the probes',
      'if ((connectedMs(role) ?? -Infinity) > openedMs) unanswered = 0;',
      '',
    ],
  ),
  ...mutationsOf(
    'src/ui/view-model/work.ts',
    ['test/ui/console/after-load.tui.test.ts'],
    [
      'a scan waits for its rate while its server is away',
      'return away === undefined ? piece :',
      'return away !== null ? piece :',
    ],
  ),
  ...mutationsOf(
    'src/domain/run/reduce.ts',
    ['test/domain/run/reduce.test.ts'],
    [
      'a run counts its time from the one that was given up',
      "state.status === 'aborted' ? entry.at : (state.startedAt ?? entry.at)",
      'state.startedAt ?? entry.at',
    ],
  ),
];
