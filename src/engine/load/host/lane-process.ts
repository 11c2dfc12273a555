import {join} from 'node:path';
import {execa} from 'execa';
import {readIdentity} from './lane-folder.ts';
import {readBootId, readProcess, readSessions, type ProcessStat} from './proc.ts';

const LANE = join(import.meta.dirname, '../../../../libexec/lane.sh');

/** The passwords of both ends, where libpq does not find them by itself; they travel in the environment only. */
export interface LaneSecrets {
  readonly replica: string | null;
  readonly target: string | null;
}

/** Starts a lane in a session of its own. It outlives this process: no pipe of ours is in it, and nobody waits for it. */
export function startLane(
  folder: string,
  secrets: LaneSecrets,
  env: Readonly<Record<string, string | undefined>>,
  lane = LANE,
): void {
  const child = execa('/bin/sh', [lane, folder], {
    detached: true,
    cleanup: false,
    stdio: 'ignore',
    extendEnv: false,
    env: {
      ...withoutPostgres(env),
      LC_ALL: 'C.UTF-8',
      ...(secrets.replica === null ? {} : {LONGHAUL_REPLICA_PASSWORD: secrets.replica}),
      ...(secrets.target === null ? {} : {LONGHAUL_TARGET_PASSWORD: secrets.target}),
    },
  });
  // How it ended stands in its folder; whoever starts lanes ends by process.exit, so the child does not keep it alive.
  child.catch(() => undefined);
}

/** The conninfo that the tools get is complete: a PG* variable left in the environment could only make them differ from our own connections. */
export function withoutPostgres(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value === undefined || name.startsWith('PG') ? [] : [[name, value]],
    ),
  );
}

/** What lives of a lane: its wrapper, or only processes of its session after the wrapper was killed; `unborn` has not told its pid yet. */
export type LaneLife =
  | {readonly life: 'running'; readonly pid: number; readonly processes: readonly ProcessStat[]}
  | {readonly life: 'orphaned'; readonly pid: number; readonly processes: readonly ProcessStat[]}
  | {readonly life: 'unborn'}
  | {readonly life: 'gone'};

/** Looks whether a lane lives: pid, start time and boot id must be those of its folder, and it must not be a zombie. */
export async function readLaneLife(folder: string, sessions?: Map<number, ProcessStat[]>): Promise<LaneLife> {
  const identity = await readIdentity(folder);
  if (identity === null) return {life: 'unborn'};
  if (identity.bootId !== (await readBootId())) return {life: 'gone'};
  const processes = (sessions ?? (await readSessions())).get(identity.pid) ?? [];
  const wrapper = await readProcess(identity.pid);
  const isSame = wrapper !== null && wrapper.startTime === identity.startTime;
  if (isSame && wrapper.state !== 'Z') return {life: 'running', pid: identity.pid, processes};
  // A later process that got the same pid as session leader is not ours: what is ours was started before it.
  const ours = wrapper === null || isSame ? processes : [];
  return ours.length === 0 ? {life: 'gone'} : {life: 'orphaned', pid: identity.pid, processes: ours};
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
    // It ended between the look and the signal.
    return false;
  }
}
