import {mutationsOf, type Mutation} from '../mutation.ts';

/** The replica that stands at P, what is told while it does, and what is asked of servers at which lanes are at work. */
export const STANDING: readonly Mutation[] = [
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
  ...mutationsOf(
    'src/domain/pg/boundary.ts',
    ['test/engine/load/outcome.test.ts', 'test/engine/prove/judge-boundary.test.ts'],
    [
      'a replica that was promoted is to be paused again',
      '  return inRecovery\n    ?',
      '  return inRecovery || true\n    ?',
    ],
  ),
  ...mutationsOf(
    'src/probes/judge/alarms.ts',
    ['test/probes/judge/change-alarms.test.ts', 'test/probes/judge/alarm-keeper.test.ts'],
    [
      'an alarm that flaps is told each time',
      'return Math.min(2 * last.quietMs, FLAPS_WITHIN_MS);',
      'return QUIET_MS;',
    ],
  ),
  ...mutationsOf(
    'src/probes/judge/history.ts',
    ['test/probes/judge/alarms.test.ts'],
    ['a lane whose rows arrive is stalled', 'before.value !== bytes || came', 'before.value !== bytes'],
  ),
  ...mutationsOf(
    'src/probes/watched/wal.ts',
    ['test/probes/watch/watch.pg.test.ts'],
    ['production logs an error at every question', 'return may ?', 'return may || true ?'],
  ),
  ...mutationsOf(
    'src/pg/catalog/inventory.ts',
    ['test/engine/inventory/measure-lobs.pg.test.ts'],
    [
      'sizes are asked for behind a lane that waits for its table',
      "AND l.mode = 'AccessExclusiveLock'",
      "AND l.mode = 'AccessExclusiveLock' AND l.granted",
    ],
  ),
  ...mutationsOf(
    'src/engine/steps/prepare/copy-globals.ts',
    ['test/cases/stories/own-settings.pg.test.ts'],
    [
      'a setting of the application itself stays behind, and nobody is told',
      'nobodys.some(({name}) => name === settingName(setting))',
      'false',
    ],
  ),
];
