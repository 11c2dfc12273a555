import type {LaneIdentity} from './folder-content.ts';
import type {LaneLife} from './lane-host.ts';
import type {ProcessStat} from './proc.ts';

/** What a host shows of a lane. */
export interface LaneSeen {
  /** Null when the lane has not told its pid. */
  readonly identity: LaneIdentity | null;
  /** The host's boot now. */
  readonly bootId: string;
  /** The process that has the lane's pid now; null without one. */
  readonly wrapper: ProcessStat | null;
  /** The processes of the session with the lane's pid, zombies left out. */
  readonly processes: readonly ProcessStat[];
}

/** What lives of a lane: pid, start time and boot id must be those of its folder, and it must not be a zombie. The same on every host. Pure. */
export function judgeLife({identity, bootId, wrapper, processes}: LaneSeen): LaneLife {
  if (identity === null) return {life: 'unborn'};
  if (identity.bootId !== bootId) return {life: 'gone'};
  const isSame = wrapper !== null && wrapper.startTime === identity.startTime;
  if (isSame && wrapper.state !== 'Z') return {life: 'running', pid: identity.pid, processes};
  // A later process that got the same pid as session leader is not ours: what is ours was started before it.
  const ours = wrapper === null || isSame ? processes : [];
  return ours.length === 0 ? {life: 'gone'} : {life: 'orphaned', pid: identity.pid, processes: ours};
}
