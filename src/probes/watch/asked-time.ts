const WINDOW_MS = 600_000;

/** How much of its time a server spends on our questions. */
export interface AskedTime {
  add(look: {readonly atMs: number; readonly tookMs: number}): void;
  /** Time that readings took by the time that went by, over the last ten minutes: 0.002 is two thousandths of one connection. */
  share(nowMs: number): number;
}

/** Nothing asked since. With the network in it, so that it is rather too much than too little. */
export function createAskedTime(sinceMs: number): AskedTime {
  let looks: {readonly atMs: number; readonly tookMs: number}[] = [];
  return {
    add: (look) => {
      looks = [...looks.filter(({atMs}) => atMs > look.atMs - WINDOW_MS), look];
    },
    share: (nowMs) => {
      const overMs = Math.min(WINDOW_MS, Math.max(1000, nowMs - sinceMs));
      const tookMs = looks.reduce((sum, look) => (look.atMs > nowMs - overMs ? sum + look.tookMs : sum), 0);
      return tookMs / overMs;
    },
  };
}
