/** What is done beside the walk and keeps nobody from the next one: it has ended before that begins. */
export interface InPassing {
  begin(work: (signal: AbortSignal) => Promise<void>): void;
  end(): Promise<void>;
}

/** One for each supervisor; `complain` is told why something of it failed. */
export function createInPassing(complain: (error: unknown) => void): InPassing {
  let ending = new AbortController();
  let done: Promise<void> = Promise.resolve();
  return {
    begin: (work) => {
      ending.abort();
      ending = new AbortController();
      const {signal} = ending;
      done = done.then(async () => work(signal)).catch(complain);
    },
    end: async () => {
      ending.abort();
      await done;
    },
  };
}
