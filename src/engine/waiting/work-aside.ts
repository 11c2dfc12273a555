/** Work that nobody waits for, one thing at a time. */
export interface Aside {
  /** Nothing while what was begun before is under way. */
  begin(work: () => Promise<void>): void;
  /** Throws, once, what has made the work fail since it was asked last. */
  mustNotHaveFailed(): void;
}

/** Makes what runs such work; nothing runs yet. */
export function workAside(): Aside {
  let isBusy = false;
  let failure: {readonly error: unknown} | null = null;
  return {
    begin(work) {
      if (isBusy) return;
      isBusy = true;
      void work()
        .catch((error: unknown) => void (failure = {error}))
        .finally(() => (isBusy = false));
    },
    mustNotHaveFailed() {
      const failed = failure;
      failure = null;
      if (failed !== null) throw failed.error;
    },
  };
}
