import {spawn} from 'node:child_process';
import {openSync} from 'node:fs';
import {setTimeout as wait} from 'node:timers/promises';
import {packageFile} from '../../config/files/package-files.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {reduceAll} from '../../domain/run/reduce.ts';
import {readJournal} from '../../engine/run/journal.ts';
import {createRunFolder, readIfThere} from '../../engine/run/run-folder.ts';
import {steadyClock} from '../../engine/waiting/clocks.ts';
import {isListening} from '../../engine/wire/probe-socket.ts';
import type {Env, OpenRun} from '../run/open-run.ts';
import {holdsLock, readLockHolder} from './lock-holder.ts';

const WITH_LOCK = packageFile('libexec/with-lock.sh');
/** What with-lock.sh ends with when somebody else has the lock (EX_TEMPFAIL). */
export const BUSY = 75;
const LIMIT_MS = 20_000;

/**
 * A supervisor lives for days beside other people's work: less room for garbage, and one thread to collect it. Of thousands of tables it keeps 40 MB, and V8 would let four times as much
 * of what it has read lie about before it looks (docs/benchmarks.md).
 */
const FRUGAL = ['--max-semi-space-size=8', '--v8-pool-size=1', '--heap-growing-percent=25'];

/** The command line that runs a command of this program under the run's lock: `sh with-lock.sh LOCK node main …`. */
function lockedCommand({folder}: OpenRun, command: readonly string[]): readonly [string, ...string[]] {
  return ['/bin/sh', WITH_LOCK, folder.lock, process.execPath, ...FRUGAL, process.argv[1] ?? '', ...command];
}

/** Runs a command of this program under the run's lock and gives its exit code, BUSY where somebody else has it; `shown` on this terminal. */
export async function underLock(
  run: OpenRun,
  command: readonly string[],
  {env, shown}: {readonly env: Env; readonly shown: boolean},
): Promise<number> {
  const [program, ...words] = lockedCommand(run, [...command, '--config', run.configPath]);
  const child = spawn(program, words, {stdio: shown ? 'inherit' : 'ignore', env: {...env}});
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

/** Throws `usage` unless this process was started under the run's lock: what only longhaul itself calls skips nothing when somebody types it. */
export async function mustHoldLock({folder}: OpenRun): Promise<void> {
  if (await holdsLock(folder.lock)) return;
  throw new LonghaulError({
    code: 'usage',
    message: 'this is for longhaul itself, which starts it under the lock of the run',
    remedy: 'longhaul run, abort, release and cdc-started start what they need',
  });
}

/** Starts the run's supervisor in its own session and waits until it listens. Throws with its last words when it ends instead. */
export async function launchSupervisor(run: OpenRun, args: readonly string[], env: Env): Promise<void> {
  await createRunFolder(run.folder);
  const {log} = run.folder;
  const [program, ...words] = lockedCommand(run, ['supervise', '--config', run.configPath, ...args]);
  const out = openSync(log, 'a', 0o600);
  const child = spawn(program, words, {detached: true, stdio: ['ignore', out, out], env: {...env}});
  let exit: number | null = null;
  child.on('exit', (code) => (exit = code ?? 1));
  child.unref();
  const end = steadyClock() + LIMIT_MS;
  while (steadyClock() < end) {
    if (await isListening(run.folder.socket)) return;
    if (exit === BUSY) throw await busy(run);
    if (exit !== null) break;
    await wait(50);
  }
  throw new LonghaulError({
    // The child's own words say which key, file or tool.
    code: exit === 2 ? 'config' : exit === 3 ? 'unreachable' : 'failed',
    message: `the supervisor did not start: ${await lastWords(log)}`,
    remedy: `see ${log}, and whether the disk of the run folder has room`,
  });
}

/**
 * Another process holds the run's lock: a supervisor that is just starting or ending, that hangs or lost its socket, or an abort. It is
 * named, so that it can be ended.
 */
export async function busy(run: OpenRun): Promise<LonghaulError> {
  const known = reduceAll(await readJournal(run.folder.journal)).supervisor?.pid ?? null;
  const {pid, isStopped} = (await readLockHolder(run.folder.lock)) ?? {pid: known, isStopped: false};
  const {run: name} = run.config;
  if (pid === null) {
    return new LonghaulError({
      code: 'failed',
      message: `another longhaul is working on run ${name}`,
      remedy: `try again in a moment; if it stays so, see who holds the lock (fuser ${run.folder.lock}) and end that process: the lanes go on`,
    });
  }
  const who = pid === known ? `the supervisor of run ${name}, pid ${pid},` : `another longhaul, pid ${pid},`;
  return new LonghaulError({
    code: 'failed',
    message: isStopped
      ? `${who} is stopped (SIGSTOP) and cannot answer`
      : `${who} is working on run ${name} and does not end`,
    remedy: isStopped
      ? `kill -CONT ${pid} lets it go on; or kill -9 ${pid} ends it, and the lanes go on; then the same command again`
      : `try again in a moment; if it stays so, it hangs: kill ${pid}, and where that does not help kill -9 ${pid}; the lanes go on; then the same command again`,
  });
}

async function lastWords(log: string): Promise<string> {
  const text = (await readIfThere(log)) ?? '';
  return text.trim().split('\n').slice(-5).join(' / ') || 'it said nothing';
}
