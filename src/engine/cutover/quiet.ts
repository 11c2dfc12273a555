import {endSessions} from '../../pg/cutover/clients.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import type {Config} from '../../config/config.ts';
import {readOpenWriters, type Writer} from '../../pg/cutover/writers.ts';
import {sessionName} from '../load/host/lane-name.ts';
import {listedOut} from '../preflight/found.ts';
import type {StepContext} from '../step.ts';

/** What the names of a run's own sessions begin with: `longhaul/acme-prod/`. Pure. */
export function ownSessions({run}: Pick<Config, 'run'>): string {
  return sessionName(run, '');
}

/** Who writes in the source's database now, or still may: transactions that are open and prepared ones. */
export async function writersOf(ctx: Pick<StepContext, 'session' | 'config'>): Promise<Writer[]> {
  return (await ctx.session('source')).run(readOpenWriters(ownSessions(ctx.config)));
}

const EVERY_MS = 50;

/**
 * Waits until nobody writes. Who has come back and writes all the same, because it allows itself to, is ended; a server process, as autovacuum is, takes a transaction number for a moment. What is
 * prepared nobody but its owner may decide.
 */
export async function waitUntilQuiet(ctx: StepContext, limitMs: number): Promise<void> {
  const end = ctx.steady() + limitMs;
  for (;;) {
    const writers = await writersOf(ctx);
    if (writers.length === 0) return;
    if (ctx.steady() >= end || writers.some(({pid}) => pid === 0)) throw stillWriting(writers);
    if (stopsItself(ctx.config)) {
      const source = await ctx.session('source');
      const pids = writers.map(({pid}) => pid);
      await source.run(endSessions(source.version, ownSessions(ctx.config), pids));
    }
    await ctx.sleep(EVERY_MS);
  }
}

/** The error of those who write although writes are stopped. Pure. */
export function stillWriting(writers: readonly Pick<Writer, 'pid' | 'who'>[]): LonghaulError {
  const names = writers.map(({pid, who}) => (pid === 0 ? who : `${who} (pid ${pid})`));
  return new LonghaulError({
    code: 'failed',
    message: `on the source these still write: ${listedOut(names)}`,
    remedy: 'end these sessions, and commit or roll back what is prepared; then longhaul cutover',
  });
}

/** Whether Longhaul itself keeps writers out, and not the operator's commands alone. Pure. */
export function stopsItself({cutover}: Pick<Config, 'cutover'>): boolean {
  return cutover.stop === 'longhaul';
}
