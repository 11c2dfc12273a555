import {mutationsOf, type Mutation} from '../mutation.ts';

const LIFE = ['test/engine/load/guards-lanes.test.ts'];
const FOLDER = ['test/engine/load/host/guards-lane-folder.test.ts'];
const OUTCOME = ['test/engine/load/outcome.test.ts', 'test/engine/load/guards-outcome.test.ts'];
const SCHEDULE = ['test/engine/load/schedule.test.ts', 'test/engine/load/guards-schedule.test.ts'];
const LAB = ['test/e2e/faults/guards.test.ts'];

/** Lanes: which process is one, how it is adopted and ended, what is said of its end. */
export const LANES: readonly Mutation[] = [
  ...mutationsOf(
    'src/engine/load/host/judge-life.ts',
    LIFE,
    ['a process of another boot is taken for the lane', "if (identity.bootId !== bootId) return {life: 'gone'};", ''],
    [
      'a process that began at another moment is taken for the lane',
      'wrapper !== null && wrapper.startTime === identity.startTime',
      'wrapper !== null',
    ],
    [
      'the session of another process is taken for what is left',
      'const ours = wrapper === null || isSame ? processes : [];',
      'const ours = processes;',
    ],
    ['a zombie lives', "if (isSame && wrapper.state !== 'Z') return", 'if (isSame) return'],
    [
      'what is left of a killed wrapper is not the lane',
      "return ours.length === 0 ? {life: 'gone'} :",
      "return ours.length >= 0 ? {life: 'gone'} :",
    ],
    [
      'a lane without a pid is gone',
      "if (identity === null) return {life: 'unborn'};",
      "if (identity === null) return {life: 'gone'};",
    ],
  ),
  ...mutationsOf(
    'src/engine/load/host/lane-process.ts',
    LIFE,
    ['only the wrapper gets the signal', 'process.kill(-lane.pid, signal);', 'process.kill(lane.pid, signal);'],
    [
      'a lane that is gone is signalled',
      "if (lane.life === 'gone' || lane.life === 'unborn') return false;",
      "if (lane.life === 'gone' || lane.life === 'unborn') return true;",
    ],
  ),
  ...mutationsOf(
    'src/engine/load/host/lane-process.ts',
    FOLDER,
    [
      'the shell’s PG* variables reach the tools',
      "value === undefined || name.startsWith('PG') ?",
      'value === undefined ?',
    ],
    ['only the password of the shell is taken away', "name.startsWith('PG')", "name.startsWith('PGPASS')"],
    [
      'the lane has the whole environment',
      '{...withoutPostgres(env), ...own}',
      '{...(env as Record<string, string>), ...own}',
    ],
    ['a lane gets no password', '{...withoutPostgres(env), ...own}', '{...withoutPostgres(env)}'],
    [
      'a lane inherits what the supervisor has beside it',
      'extendEnv: false,\n',
      'extendEnv: true,\n',
      'the supervisor’s own environment is what it was given',
    ],
  ),
  ...mutationsOf(
    'src/engine/load/pipeline/pg-dump.ts',
    FOLDER,
    ['the tools speak the operator’s language', "    LC_ALL: 'C.UTF-8',\n", ''],
    [
      'both ends get the target’s password',
      '{LONGHAUL_REPLICA_PASSWORD: replica}',
      "{LONGHAUL_REPLICA_PASSWORD: target ?? ''}",
    ],
  ),
  ...mutationsOf(
    'src/engine/load/host/lane-folder.ts',
    FOLDER,
    [
      'others may look into a lane’s folder',
      'mkdir(folder, {recursive: true, mode: 0o700})',
      'mkdir(folder, {recursive: true})',
    ],
    ['others may read a lane’s files', 'text, {mode: 0o600})));', 'text)));'],
    ['what an earlier attempt left stays', '  await rm(folder, {recursive: true, force: true});\n', ''],
  ),
  ...mutationsOf('src/engine/load/host/folder-content.ts', FOLDER, [
    'a full disk keeps a status from being written',
    "const ROOM = `${' '.repeat(400)}\\n`;",
    "const ROOM = '';",
  ]),
  ...mutationsOf('src/engine/load/host/local.ts', FOLDER, [
    'others may read who ended a lane',
    'writeFile(join(reach(folder), name), text, {mode: 0o600})',
    'writeFile(join(reach(folder), name), text)',
  ]),
  ...mutationsOf(
    'src/engine/load/host/local.ts',
    ['test/engine/load/guards-lanes.test.ts'],
    ['what a killed wrapper has left is not seen at a tick', "wrappers.every(({life}) => life !== 'gone')", 'true'],
  ),
  ...mutationsOf(
    'src/engine/load/host/local.ts',
    ['test/engine/load/host/opened-once.test.ts'],
    [
      'a lane is made in a folder that was swapped in',
      'writeLaneFolder(reach(folder), files)',
      'writeLaneFolder(folder, files)',
    ],
    ['a lane is started in one', 'startLane(reach(folder),', 'startLane(folder,'],
    ['what is signalled is read in one', 'signalLane(reach(folder), signal)', 'signalLane(folder, signal)'],
    ['what lives is read in one', 'readLaneLife(reach(folder), sessions)', 'readLaneLife(folder, sessions)'],
    ['what a lane has left is read in one', 'join(reach(folder), name))) ??', 'join(folder, name))) ??'],
  ),
  ...mutationsOf('src/engine/load/lane/remains.ts', FOLDER, [
    'a blank status is success',
    '!/^\\d+\\s*$/.test(text) ? null : Number(text)',
    "text === '' ? null : Number(text)",
  ]),
  ...mutationsOf('src/engine/load/lane/remains.ts', LIFE, [
    'the word that a lane was ended is not found',
    "how === 'cancelled' || how === 'shutdown' || how === 'boundary'",
    "how === 'cancelled' || how === 'shutdown'",
  ]),
  ...mutationsOf(
    'src/engine/load/lane/adopt-lanes.ts',
    LIFE,
    ['a paused lane goes on unseen', "await host.signal(folder, 'SIGSTOP');", 'await Promise.resolve();'],
    [
      'a lane that was stopped without a word stands for ever',
      "if (unit.state.paused === null && isStopped) await host.signal(folder, 'SIGCONT');",
      '',
    ],
    ['a paused lane is let go', 'if (unit.state.paused === null && isStopped)', 'if (isStopped)'],
    ['what is left of a killed wrapper is not adopted', " && lane?.life !== 'orphaned'", ''],
    [
      'a lane that was to end goes on under the next supervisor',
      'if ((await readEnding(host, folder)) !== null) return',
      'if ((await readEnding(host, folder)) === undefined) return',
    ],
  ),
  ...mutationsOf(
    'src/engine/load/end-lanes.ts',
    LAB,
    [
      'the end of lanes is not waited for',
      'return runningUnits(ctx.state()).length === 0 ? true : null;',
      'return true;',
    ],
    ['lanes are not asked to end', '    if (unit !== undefined) await askToEnd(ctx, unit, ending);\n', ''],
  ),
  ...mutationsOf(
    'src/engine/load/host/proc.ts',
    LIFE,
    ['a name with a parenthesis moves the fields', "line.lastIndexOf(')')", "line.indexOf(')')"],
    ['the start time is another field', "fields[19] ?? ''", "fields[18] ?? ''"],
    ['zombies count as alive', "process.state === 'Z' || process.state === 'X'", "process.state === 'X'"],
  ),
  ...mutationsOf(
    'src/engine/load/host/lane-name.ts',
    [...LIFE, 'test/engine/plan/plan-slots.test.ts'],
    [
      'two lanes look the same to the target',
      'return `${name.slice(0, NAME_BYTES - hash.length - 1)}~${hash}`;',
      'return name.slice(0, NAME_BYTES);',
    ],
    ['a name is longer than a server keeps', 'NAME_BYTES - hash.length - 1', 'NAME_BYTES'],
  ),
  ...mutationsOf('src/engine/load/pipeline/tool-errors.ts', OUTCOME, [
    'a server whose role or database has no connection left is not waited for',
    "    'too many connections for (?:role|database) ',\n",
    '',
  ]),
  ...mutationsOf(
    'src/engine/load/outcome.ts',
    OUTCOME,
    ['a fence that broke is no failure', 'fenceFailure(unit, remains) ??\n    dumpFailure', 'dumpFailure'],
    [
      'a fence that broke is tried again',
      "remedy: newBoundary({inRecovery: seen.split(' ')[1] !== 'f'}),\n    heals: false,\n  };\n}\n\nfunction dumpFailure",
      "remedy: newBoundary({inRecovery: seen.split(' ')[1] !== 'f'}),\n    heals: true,\n  };\n}\n\nfunction dumpFailure",
    ],
    [
      'what was cancelled comes back by itself',
      '`longhaul retry ${unit.id} loads it again`,\n        heals: false',
      '`longhaul retry ${unit.id} loads it again`,\n        heals: true',
    ],
    [
      'what was ended with the supervisor stays out',
      "remedy: 'longhaul run loads it again',\n        heals: true",
      "remedy: 'longhaul run loads it again',\n        heals: false",
    ],
    [
      'a lane that was ended on purpose is a failure',
      'if (remains.ended !== null) return endedOnPurpose(unit, remains.ended, table);',
      '',
    ],
    [
      'a fence without an answer is final',
      "heals: when === 'after' || parseConnectionError(log).heals",
      'heals: parseConnectionError(log).heals',
    ],
    [
      'a psql that died of its pipe hides what broke it',
      'if (remains.dumpExit === SIGPIPE_EXIT || error?.brokenPipe === true) return null;',
      '',
    ],
  ),
  ...mutationsOf(
    'src/engine/load/schedule.ts',
    SCHEDULE,
    ['units start though they may not', '  const start = mayStart\n', '  const start = state.lanes > 0\n'],
    ['a failed unit is tried at once', "(unit.state.status === 'queued' || isDue(unit))", 'true'],
    [
      'a unit that waits for the operator is tried',
      "(state.status === 'failed' && state.retryAt !== null)",
      "state.status === 'failed'",
    ],
    ['a lane gets two units', '.filter((lane) => !busy.has(lane))', '.filter((lane) => lane > 0)'],
    ['a unit is tried for ever', 'if (tries > retries) return null;', ''],
    [
      'an attempt’s folder is used twice',
      'unit.state.attempts : unit.state.attempt) + 1;',
      'unit.state.attempts : unit.state.attempt);',
    ],
    ['a load that has lost P goes on waiting', ' && state.boundaryMoved === null ?', ' ?'],
    [
      'a load with open units is done',
      "state.units.every((unit) => unit.state.status === 'committed')",
      "state.units.every((unit) => unit.state.status !== 'queued')",
    ],
  ),
];
