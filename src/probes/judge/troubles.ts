/** What Longhaul cannot do on its own machine at the moment, and why. */
export interface Troubles {
  /** `readings file` → `ENOSPC: no space left on device, write`. */
  readonly seen: ReadonlyMap<string, string>;
  /** Notes why something fails; null once it works again. */
  note(what: string, why: string | null): void;
  /** Waits for the work and notes how it ended; never rejects, because no probe may stop for it. It becomes an alarm instead. */
  attempt(what: string, work: Promise<void>): Promise<void>;
}

/** No troubles yet. */
export function createTroubles(): Troubles {
  const seen = new Map<string, string>();
  const note = (what: string, why: string | null): void => {
    if (why === null) seen.delete(what);
    else seen.set(what, why);
  };
  return {
    seen,
    note,
    attempt: async (what, work) => {
      try {
        await work;
        note(what, null);
      } catch (error) {
        note(what, error instanceof Error ? error.message : String(error));
      }
    },
  };
}
