import type {Action} from '../action.ts';
import {allOver} from './all-over.ts';

/** Something that is used by one at a time and closed at the end, like a session. */
interface Held {
  close(): Promise<void>;
}

/** A few sessions for many actions. */
export interface Pool<Own> {
  /** Works with one of them, as soon as one is free. Once a piece of work has failed, nothing that waits begins: it throws the same. */
  use<T>(work: (own: Own) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** A pool of at most `size`, each opened when it is first wanted; `worker` counts from 1. */
export function createPool<Own extends Held>(size: number, open: (worker: number) => Promise<Own>): Pool<Own> {
  const free: Own[] = [];
  const all: Own[] = [];
  const waiting: (() => void)[] = [];
  let opened = 0;
  let busy = 0;
  let failure: {readonly error: unknown} | null = null;

  async function take(): Promise<Own> {
    // Whoever has done hands his place on.
    if (busy >= size) await new Promise<void>((go) => waiting.push(go));
    else busy += 1;
    if (failure !== null) throw failure.error;
    const known = free.pop();
    if (known !== undefined) return known;
    // Counted before it is open: several are opened at the same time.
    opened += 1;
    const fresh = await open(opened);
    all.push(fresh);
    return fresh;
  }

  return {
    use: async (work) => {
      try {
        const own = await take();
        const result = await work(own);
        free.push(own);
        return result;
      } catch (error) {
        failure ??= {error};
        throw failure.error;
      } finally {
        const next = waiting.shift();
        if (next === undefined) busy -= 1;
        else next();
      }
    },
    close: async () => void (await Promise.all(all.map(async (own) => own.close()))),
  };
}

/** Executes actions beside each other, each when its pool has room. Throws the first failure once all have ended. */
export async function executeBeside(actions: readonly Action[]): Promise<void> {
  await allOver(actions.map(async (action) => action.execute()));
}
