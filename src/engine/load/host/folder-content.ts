/** What the lane writes: there from the beginning, the short ones with their room, so that a full disk keeps none from being written. */
const LONG = ['log', 'dump.log', 'load.log', 'fence.log', 'throttle.log'];
const SHORT = ['pid', 'dump.exit', 'fence.seen', 'bytes', 'passed', 'exit'];
const ROOM = `${' '.repeat(400)}\n`;

/** Everything that is in a lane's folder before it starts, by name: these files, and what the lane writes to. Pure. */
export function contentOfFolder(files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const written = [...LONG.map((name) => [name, '']), ...SHORT.map((name) => [name, ROOM])];
  return {...Object.fromEntries(written), ...files};
}

/** The process that a lane's folder names. */
export interface LaneIdentity {
  readonly pid: number;
  readonly startTime: string;
  readonly bootId: string;
}

/** Parses the folder's `pid`; null when the lane never came so far. Pure. */
export function parseIdentity(text: string): LaneIdentity | null {
  const [pid, startTime, bootId] = text.trim().split(' ');
  if (pid === undefined || startTime === undefined || bootId === undefined) return null;
  return {pid: Number(pid), startTime, bootId};
}
