/** Something a worker holds for its whole life, like a session. */
interface Held {
  close(): Promise<void>;
}

/**
 * Works through the items in order with at most `workers` at a time, each with what `open` gives it. The first failure ends
 * the others after the item in hand and is thrown once all have closed.
 */
export async function inParallel<Item, Result, Own extends Held>(
  workers: number,
  items: readonly Item[],
  open: (worker: number) => Promise<Own>,
  work: (own: Own, item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const queue = items.entries();
  let failed = false;
  async function runWorker(worker: number): Promise<void> {
    const own = await open(worker);
    try {
      for (const [index, item] of queue) {
        if (failed) return;
        results[index] = await work(own, item);
      }
    } finally {
      await own.close();
    }
  }
  const count = Math.min(workers, items.length);
  const ends = await Promise.allSettled(
    Array.from({length: count}, async (_, index) => {
      try {
        await runWorker(index + 1);
      } catch (error) {
        failed = true;
        throw error;
      }
    }),
  );
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return results;
}
