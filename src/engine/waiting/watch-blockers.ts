import {printable} from '../../domain/base/printable.ts';
import type {ServerRole} from '../../domain/pg/server-role.ts';
import type {StepId} from '../../domain/run/step-id.ts';
import type {Blocker} from '../../pg/replication/blockers.ts';
import type {Session} from '../../pg/session/session.ts';
import type {StepContext} from '../step.ts';
import {namesOf} from './name-blockers.ts';

/** Work of a step that may wait for others' transactions. */
export interface Wait {
  /** In whose progress it is told; null where no step runs, and nobody is told. */
  readonly step: StepId | null;
  readonly on: ServerRole;
  readonly done: number;
  readonly total: number;
  /** What it is at, up to the names: `dms_slot_01 waits for`. */
  readonly what: string;
  /** Reads whom it waits for. The session that waits cannot be asked meanwhile. */
  readonly ask: (session: Session) => Promise<readonly Blocker[]>;
  /** After how many milliseconds it is asked first; left out, half a second. */
  readonly firstMs?: number;
}

/** Tells whom a piece of work waits for, as long as it lasts. */
export interface BlockerWatch {
  during<T>(work: Promise<T>): Promise<T>;
  /** Whom it waited for when last asked. */
  seen(): readonly Blocker[];
}

/** What is done at once is not asked about; what takes long is told of every few seconds. */
const FIRST_MS = 500;
const EVERY_MS = 5_000;

/** Watches while `act` lasts, from a separate session, which is opened once there is something to ask and closed whatever comes of `act`. */
export async function whileWatching<T>(
  ctx: StepContext,
  wait: Wait,
  act: (watch: BlockerWatch) => Promise<T>,
): Promise<T> {
  const {watch, close} = watchBlockers(ctx, wait);
  try {
    return await act(watch);
  } finally {
    await close();
  }
}

function watchBlockers(
  ctx: StepContext,
  wait: Wait,
): {readonly watch: BlockerWatch; readonly close: () => Promise<void>} {
  const {step, on, done, total, firstMs = FIRST_MS} = wait;
  let watcher: Session | null = null;
  let seen: readonly Blocker[] = [];

  async function say(whom: string): Promise<void> {
    if (step !== null) await ctx.record({type: 'step.progressed', step, done, total, what: `${wait.what} ${whom}`});
  }

  async function tell(): Promise<void> {
    watcher ??= await ctx.open(on, 'waits');
    seen = await wait.ask(watcher);
    if (seen.length > 0) await say(namesOf(seen));
  }

  const watch: BlockerWatch = {
    during: async (work) => {
      let isOver = false;
      const over = work.then(
        () => (isOver = true),
        () => (isOver = true),
      );
      for (let ms = firstMs; ; ms = EVERY_MS) {
        // A run that is stopped ends its sessions, and the work with them.
        await Promise.race([over, ctx.sleep(ms).catch(async () => over)]);
        if (isOver) return work;
        await tell().catch(async (error: unknown) => {
          const why = printable(error instanceof Error ? error.message : String(error));
          await say(`somebody who cannot be read: ${why}`);
        });
      }
    },
    seen: () => seen,
  };
  return {watch, close: async () => watcher?.close()};
}
