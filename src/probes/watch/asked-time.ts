const WINDOW_MS = 600_000;

/** How much of its time a server spends on our questions. */
export interface AskedTime {
  add(asked: {readonly atMs: number; readonly tookMs: number}): void;
  /** Time that readings took by the time that went by, over the last ten minutes: 0.002 is two thousandths of one connection. */
  share(nowMs: number): number;
}

/** Nothing asked since. With the network in it, so that it is rather too much than too little. */
export function createAskedTime(sinceMs: number): AskedTime {
  let all: {readonly atMs: number; readonly tookMs: number}[] = [];
  return {
    add: (asked) => {
      all = [...all.filter(({atMs}) => atMs > asked.atMs - WINDOW_MS), asked];
    },
    share: (nowMs) => {
      const overMs = Math.min(WINDOW_MS, Math.max(1000, nowMs - sinceMs));
      const tookMs = all.reduce((sum, {atMs, tookMs: took}) => (atMs > nowMs - overMs ? sum + took : sum), 0);
      return tookMs / overMs;
    },
  };
}
