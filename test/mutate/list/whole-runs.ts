import {mutationsOf, type Mutation} from '../mutation.ts';

const CONFIRM = ['test/cli/guards-confirm.test.ts'];
const LOCK = ['test/cli/supervisor/guards-lock.test.ts'];
const RELEASE = ['test/e2e/hand-off/release.test.ts'];
const OWNER = ['test/e2e/hand-off/one-owner.test.ts'];
const SURVIVAL = ['test/e2e/faults/survival.test.ts'];

/** What only the command line decides, and what only whole runs notice. */
export const WHOLE_RUNS: readonly Mutation[] = [
  ...mutationsOf(
    'src/engine/run/needs.ts',
    ['test/e2e/faults/crash-recovery.test.ts'],
    [
      'a step that is asked for by its name is taken as served',
      ' || isAskedForByName(ctx)) return null;',
      ') return null;',
    ],
  ),
  ...mutationsOf(
    'src/engine/run/needs.ts',
    ['test/engine/run/states.pg.test.ts'],
    [
      'a compared load is begun again where the replica was restarted',
      'left !== null && isLoadOver(state, true)',
      'left !== null && isLoadOver(state, false)',
    ],
  ),
  ...mutationsOf(
    'src/cli/run/must-be-meant.ts',
    CONFIRM,
    [
      'what cannot be taken back is done without a name',
      'if (yes === config.run || (yes',
      'if (yes === undefined || (yes',
    ],
    ['any name will do', '(yes !== undefined && yes === orName)', 'yes !== undefined'],
  ),
  ...mutationsOf(
    'src/cli/supervisor/lock-holder.ts',
    LOCK,
    [
      'an open file is taken for a lock that is held',
      "(await readFile(`/proc/${pid}/fdinfo/${LOCK_DESCRIPTOR}`, 'utf8')).includes('FLOCK')",
      'true',
    ],
    ['any lock is taken for that of the run', '    if (dev !== lock.dev || ino !== lock.ino) return false;\n', ''],
  ),
  ...mutationsOf('src/cli/commands/abort.ts', LOCK, [
    'an abort that somebody types skips the lock',
    '      if (flags.locked === true) await mustHoldLock(run);\n',
    '',
  ]),
  ...mutationsOf('src/cli/commands/abort.ts', CONFIRM, [
    'a run that was handed over is given up',
    '      await mustBeAllowed(run);\n',
    '',
  ]),
  ...mutationsOf(
    'src/cli/commands/control.ts',
    CONFIRM,
    [
      'replay is resumed without a word',
      "      if (order.type === 'resume-replay') await mustMeanReplay(run, flags.yes, env);\n",
      '',
    ],
    [
      'a lane is ended without a word',
      "      await mustMeanLanes(run, [unit], {yes: flags.yes, again: ['cancel', unit.id], orName: laneName(unit, name)});\n",
      '',
    ],
    [
      'every lane is ended without a word',
      "        await mustMeanLanes(run, units, {yes: flags.yes, again: ['cancel', '--all']});\n",
      '',
    ],
    [
      'lanes end with the supervisor without a word',
      "        await mustMeanLanes(run, units, {yes: flags.yes, again: ['shutdown', '--lanes']});\n",
      '',
    ],
  ),
  ...mutationsOf(
    'src/cli/commands/release.ts',
    RELEASE,
    [
      'slots are released without the run’s name',
      '  if (plan.actions.length + plan.gone.length > 0)\n',
      '  if (plan.actions.length + plan.gone.length < 0)\n',
    ],
    [
      'a supervisor is believed',
      'const left = reply.ok ? await readLeft(run, names, env) : [];',
      'const left: string[] = [];',
    ],
    [
      'the journal does not hear of a release',
      'return releaseHere(run, flags, {env, writes: true});',
      'return releaseHere(run, flags, {env, writes: false});',
    ],
  ),
  ...mutationsOf(
    'src/engine/load/load.ts',
    SURVIVAL,
    ['a plan that was edited under a lane is taken', '  else mustKeepLoaded(state, units);\n', ''],
    ['lanes of an earlier supervisor are not adopted', '  await adoptLanes(ctx);\n', ''],
  ),
  ...mutationsOf(
    'src/engine/steps/load/strip-target.ts',
    ['test/e2e/whole-runs/done-means-done.test.ts'],
    [
      'rows that break a check of a domain are not loaded again',
      'return begun ? [] : loose',
      'return begun || loose.length > 0 ? [] : loose',
    ],
  ),
  ...mutationsOf('src/engine/steps/load/strip-target.ts', OWNER, [
    'a second run strips what the first has loaded',
    '      ...(await judgeRows(ctx)),\n',
    '',
  ]),
  ...mutationsOf('src/engine/steps/load/build-indexes.ts', OWNER, [
    'a run is done without its indexes',
    '  always: true,\n',
    '',
  ]),
  ...mutationsOf('src/engine/load/take-target.ts', OWNER, [
    'a run that is at work is not asked',
    'if (other !== null && (await isConnected(target, other))) throw',
    'if (other === null) throw',
  ]),
  ...mutationsOf(
    'src/domain/run/reduce/boundary.ts',
    ['test/e2e/faults/guards.test.ts'],
    [
      'a P that was taken under a pause of others makes it ours',
      '        boundary: entry.boundary,\n',
      '        boundary: entry.boundary,\n        replayPaused: true,\n',
    ],
  ),
  ...mutationsOf(
    'src/engine/schema/goal/missing-grants.ts',
    ['test/engine/schema/missing-grants.test.ts'],
    [
      'a privilege that may be passed on is the same as one that may not',
      'return JSON.stringify({...row, object:',
      'return JSON.stringify({...row, grantable: false, object:',
    ],
    ['privileges of others than ours are not looked for', 'row.grantee !== own &&', 'row.grantee === null &&'],
  ),
  ...mutationsOf(
    'src/engine/compare/at-boundary.ts',
    ['test/e2e/faults/crash-recovery.test.ts'],
    [
      'rows are compared wherever the replica is',
      'if (broken === null) return;',
      "if (broken === null || broken !== '') return;",
    ],
  ),
];
