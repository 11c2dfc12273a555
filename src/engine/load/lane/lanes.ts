import {createBell, type Bell} from '../../waiting/bell.ts';
import type {LaneHost} from '../host/lane-host.ts';

/**
 * The lanes of a run: the host that they run on, and a keeper for each. All that happens to a unit's lane (start, pause, resume, cancel, end,
 * adoption, the verdict on its end) goes through its keeper, so that none of them sees another half done.
 */
export interface Lanes {
  readonly host: LaneHost;
  /** When this process has started each lane, by its folder and the steady clock: one that never tells its pid is called off. */
  readonly startedAt: Map<string, number>;
  /** When each lane, by its folder, was asked to end, by the steady clock: one that does not listen is killed. */
  readonly askedToEnd: Map<string, number>;
  /** Rung where the load has something to do: a lane that this process has started has ended, a table is taken, a builder is free. */
  readonly bell: Bell;
  /** What the pv of each lane, by its folder, was last told, in bytes a second. */
  readonly rates: Map<string, number>;
  /**
   * Does `act` once all that was asked of this unit's lane before is over, whatever came of it. What `act` decides by it reads when its turn
   * has come: the unit may have started or ended meanwhile. It must not ask the same keeper and wait for it.
   */
  readonly keep: <T>(unit: string, act: () => Promise<T>) => Promise<T>;
}

/** Lanes on a host. Whoever works on one run at the same time shares them. */
export function createLanes(host: LaneHost): Lanes {
  const queues = new Map<string, Promise<unknown>>();
  return {
    host,
    startedAt: new Map(),
    askedToEnd: new Map(),
    bell: createBell(),
    rates: new Map(),
    keep: async (unit, act) => {
      const before = queues.get(unit) ?? Promise.resolve();
      const own = before.then(act);
      const over = own.catch(() => undefined);
      queues.set(unit, over);
      try {
        return await own;
      } finally {
        if (queues.get(unit) === over) queues.delete(unit);
      }
    },
  };
}
