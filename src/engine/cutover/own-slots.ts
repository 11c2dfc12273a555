import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import type {Lsn} from '../../domain/pg/lsn.ts';
import {SENTINEL_SCHEMA, writeSentinels} from '../../pg/capture/sentinels.ts';
import type {Action} from '../action.ts';
import {captureOf} from '../capture/own-capture.ts';
import type {StepContext} from '../step.ts';

/** Stops applying what the slots carry, all beside each other: writers wait. */
export function planCaptureEnd(ctx: StepContext): Action {
  return {
    on: 'target',
    text: '/* stops applying changes, slot by slot, and waits until nobody reads the slots */',
    execute: async () => {
      const {live, slots = []} = captureOf(ctx) ?? {};
      if (slots.length === 0) return;
      let isOver = false;
      const ends = Promise.all(
        slots.map(async (slot) => {
          for (const action of (await live?.planStop(ctx, slot)) ?? []) await action.execute();
        }),
      ).finally(() => (isOver = true));
      await Promise.all([ends, nudge(ctx, slots, () => isOver)]);
    },
  };
}

const NUDGE_MS = 50;

/** An idle worker notices once a second that it is to end, or when something comes. */
async function nudge(ctx: StepContext, slots: readonly string[], isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    await ctx.sleep(NUDGE_MS);
    if (!isOver()) await (await ctx.session('source')).run(writeSentinels(slots));
  }
}

/** Goes on applying, but for slots that an operator has paused. */
export async function resumeCapture(ctx: StepContext): Promise<void> {
  const {live, slots = []} = captureOf(ctx) ?? {};
  const paused = new Set(ctx.state().capture.paused.map(({slot}) => slot));
  for (const slot of slots)
    if (!paused.has(slot)) for (const action of (await live?.planResume(ctx, slot)) ?? []) await action.execute();
}

/** The tables, sentinels' aside, whose changes the slots have from behind a position, which nobody reads meanwhile. None where an engine cannot tell: then the locks alone do. */
export async function changedSince(ctx: StepContext, lsn: Lsn): Promise<string[]> {
  const {live, slots = []} = captureOf(ctx) ?? {};
  const changed = new Set<string>();
  for (const slot of slots)
    for (const table of (await live?.changedSince?.(ctx, slot, lsn)) ?? [])
      if (!table.startsWith(`${SENTINEL_SCHEMA}.`)) changed.add(table);
  return [...changed];
}

/** Proves that the slots have nothing behind the drain but sentinels. */
export async function proveNothingCame(ctx: StepContext, lsn: Lsn): Promise<void> {
  const changed = await changedSince(ctx, lsn);
  if (changed.length === 0) return;
  throw new LonghaulError({
    code: 'failed',
    message: `after the writes were stopped and all had arrived, somebody wrote to ${changed.join(', ')} on the source`,
    remedy: 'see who that is, and how he writes to a database that is read-only; then longhaul cutover',
  });
}
