import type {StepContext} from '../../step.ts';
import {openBuilder, type Builder} from './builder.ts';

/** The sessions of a crew, each opened when it is first wanted. */
export interface Sessions {
  /** Their backends; one that was lost is none of them, for what it was at may go on at the server. */
  readonly pids: ReadonlySet<number>;
  /** Does something with one that is free. Where that fails the session is given up. */
  use(work: (builder: Builder) => Promise<void>): Promise<void>;
  /** Cuts them all, whatever one waits for. */
  close(): Promise<void>;
}

/** Opens nothing yet. */
export function createSessions(ctx: StepContext): Sessions {
  const pids = new Set<number>();
  const all = new Set<Builder>();
  const free: Builder[] = [];
  let opened = 0;
  let closed = false;

  async function take(): Promise<Builder> {
    const known = free.pop();
    if (known !== undefined) return known;
    opened += 1;
    const builder = await openBuilder(ctx, opened);
    // Nobody would close it any more, and what it began would be waited for as somebody's.
    if (closed) {
      await builder.close();
      throw new Error('the builders have left');
    }
    pids.add(builder.pid);
    all.add(builder);
    return builder;
  }

  async function lose(builder: Builder): Promise<void> {
    pids.delete(builder.pid);
    all.delete(builder);
    await builder.close().catch(() => undefined);
  }

  return {
    pids,
    use: async (work) => {
      const builder = await take();
      try {
        await work(builder);
        free.push(builder);
      } catch (error) {
        await lose(builder);
        throw error;
      }
    },
    close: async () => {
      closed = true;
      await Promise.allSettled([...all].map(async (builder) => builder.close()));
    },
  };
}
