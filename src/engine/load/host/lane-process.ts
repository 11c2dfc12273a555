import {execa} from 'execa';
import {packageFile} from '../../../config/files/package-files.ts';
import {readIdentity} from './lane-folder.ts';
import {judgeLife} from './judge-life.ts';
import type {LaneLife} from './lane-host.ts';
import {readBootId, readProcess, readSessions, type ProcessStat} from './proc.ts';

const LANE = packageFile('libexec/lane.sh');

/** What a lane is started with. */
interface LaneStart {
  /** What is in its environment besides `env` without the PG* variables. */
  readonly own: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder's path, for people who see the process. */
  readonly shown?: string;
  readonly lane?: string;
  /** Hears that it has ended. */
  readonly onEnd?: (() => void) | undefined;
}

/** Starts a lane in its own session. It outlives this process: no pipe of ours is in it, and nobody waits for it. */
export function startLane(folder: string, {own, env, shown = folder, lane = LANE, onEnd}: LaneStart): void {
  // The new process enters the folder before it is a program, with the descriptors of this one: `folder` may lead through one of them.
  const child = execa('/bin/sh', [lane, shown], {
    cwd: folder,
    detached: true,
    cleanup: false,
    stdio: 'ignore',
    extendEnv: false,
    env: {...withoutPostgres(env), ...own},
  });
  // How it ended is written in its folder; whoever starts lanes ends by process.exit, so the child does not keep it alive.
  void child.catch(() => undefined).then(onEnd);
}

/** The conninfo that the tools get is complete: a PG* variable left in the environment could only make them differ from our own connections. */
export function withoutPostgres(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value === undefined || name.startsWith('PG') ? [] : [[name, value]],
    ),
  );
}

/** What lives of a lane on this machine. */
export async function readLaneLife(folder: string, sessions?: Map<number, ProcessStat[]>): Promise<LaneLife> {
  const identity = await readIdentity(folder);
  if (identity === null) return judgeLife({identity, bootId: '', wrapper: null, processes: []});
  const processes = (sessions ?? readSessions()).get(identity.pid) ?? [];
  const wrapper = await readProcess(identity.pid);
  return judgeLife({identity, bootId: await readBootId(), wrapper, processes});
}

/** Sends a signal to every process of the lane, both ends of the pipeline with their shells. False when none was left. */
export async function signalLane(folder: string, signal: NodeJS.Signals): Promise<boolean> {
  const lane = await readLaneLife(folder);
  if (lane.life === 'gone' || lane.life === 'unborn') return false;
  try {
    // The wrapper leads its session and its only process group; while a member lives, the number belongs to no other group.
    process.kill(-lane.pid, signal);
    return true;
  } catch {
    // It ended between the question and the signal.
    return false;
  }
}

const PV_LIMIT_MS = 5_000;

/** Tells the lane's pv its rate by pv's remote control; false where it has none, or one that does not listen: a stopped one hears nothing. */
export async function throttleLane(folder: string, pv: string, bytesPerSecond: number): Promise<boolean> {
  const lane = await readLaneLife(folder);
  const own = 'processes' in lane ? lane.processes.find(({command}) => command === 'pv') : undefined;
  if (own === undefined || own.state === 'T') return false;
  const words = ['-q', '-R', String(own.pid), '-L', String(bytesPerSecond)];
  return !(await execa(pv, words, {reject: false, timeout: PV_LIMIT_MS, stdio: 'ignore'})).failed;
}
