/** Cuts a wait short: whoever has done what others may wait for rings it. Who does not hear it is only late. */
export interface Bell {
  ring(): void;
  /** Waits, but not longer than until it is rung; not at all where it was rung since the last wait. */
  during(wait: () => Promise<void>): Promise<void>;
}

/** Nobody has rung it. */
export function createBell(): Bell {
  let isRung = false;
  let wake: (() => void) | null = null;
  return {
    ring: () => {
      isRung = true;
      wake?.();
    },
    during: async (wait) => {
      if (!isRung) {
        const rung = new Promise<void>((resolve) => {
          wake = resolve;
        });
        await Promise.race([rung, wait()]);
      }
      [isRung, wake] = [false, null];
    },
  };
}
