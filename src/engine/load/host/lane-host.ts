import type {LogPiece} from '../../../domain/run/log-piece.ts';

/** A process of a lane, as the host that it runs on shows it. */
export interface LaneProcess {
  readonly pid: number;
  /** The program's name: `psql`, `pg_dump`, `sh`. */
  readonly command: string;
  /** As in /proc: R, S, D, T (stopped), … Zombies are left out. */
  readonly state: string;
}

/** What lives of a lane: its wrapper, or only processes of its session after the wrapper was killed; `unborn` has not told its pid yet. */
export type LaneLife =
  | {readonly life: 'running'; readonly pid: number; readonly processes: readonly LaneProcess[]}
  | {readonly life: 'orphaned'; readonly pid: number; readonly processes: readonly LaneProcess[]}
  | {readonly life: 'unborn'}
  | {readonly life: 'gone'};

/**
 * Where lanes run. A lane is its folder: its files are there before it starts, and all that it says is written there. Every method that
 * takes several lanes asks once for all of them, and what has to be one act (is this process the lane, then signal it) is one method: a
 * host that is reached by ssh pays for each call. Throws where the host itself cannot be asked; see docs/decisions/0035-a-second-host.md.
 */
export interface LaneHost {
  /** Makes the lane's folder anew with these files, closed to others. */
  prepare(folder: string, files: Readonly<Record<string, string>>): Promise<void>;
  /**
   * Starts the lane in its own session, so that it outlives whoever started it. `own` goes into its environment: secrets are never in a command line. `onEnd` hears
   * that it has ended, from a host that can tell while this process lives: whoever must know asks `life`.
   */
  start(folder: string, own: Readonly<Record<string, string>>, onEnd?: () => void): Promise<void>;
  /** What lives of each of these lanes, in their order. */
  life(folders: readonly string[]): Promise<readonly LaneLife[]>;
  /** Sends a signal to every process of the lane, if these are the lane's. False where none was left to take it. */
  signal(folder: string, signal: NodeJS.Signals): Promise<boolean>;
  /** Tells the lane's pv its rate, in bytes a second; false where it has none that listens. */
  throttle(folder: string, pv: string, bytesPerSecond: number): Promise<boolean>;
  /** Leaves a file in the lane's folder, closed to others. */
  leave(folder: string, name: string, text: string): Promise<void>;
  /** These files of the folder, in their order; one that is not there is empty. */
  read(folder: string, names: readonly string[]): Promise<readonly string[]>;
  /** At most 64 kB of a file from byte `from`; a negative `from` counts from its end. */
  readPiece(folder: string, name: string, from: number): Promise<LogPiece>;
  /** Bytes that each of these processes has read so far, from pipes and files but not from sockets; 0 for one that has ended. */
  bytesRead(pids: readonly number[]): Promise<readonly number[]>;
  /** The lanes whose folders are in this one, by their paths, whether they live or not. */
  list(parent: string): Promise<readonly string[]>;
}
