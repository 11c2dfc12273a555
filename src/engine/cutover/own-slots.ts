import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {parseLsn, type Lsn} from '../../domain/pg/lsn.ts';
import {isTargetOpened} from '../../domain/run/cutover/cutover.ts';
import type {Finding} from '../../domain/run/finding.ts';
import {SENTINEL_SCHEMA, writeSentinels} from '../../pg/capture/sentinels.ts';
import type {Action} from '../action.ts';
import {mirrored} from '../back/mirrored.ts';
import {isReadOnly} from '../capture/read-only-target.ts';
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

/** The tables, sentinels' aside, whose changes the slots have from behind a position, which nobody reads meanwhile. */
export async function changedSince(ctx: StepContext, lsn: Lsn): Promise<string[]> {
  const {live, slots = []} = captureOf(ctx) ?? {};
  const changed = new Set<string>();
  for (const slot of slots)
    for (const table of (await live?.changedSince(ctx, slot, lsn)) ?? [])
      if (!table.startsWith(`${SENTINEL_SCHEMA}.`)) changed.add(table);
  return [...changed];
}

/** A slot has nothing from before it was made; one that was parked may have what copy-the-rest wrote. */
const FROM_THE_FIRST = parseLsn('0/0');

/**
 * Whether what was let through on the source behind the drain can still come to the target: that is closed, and where change capture was turned round, nobody has written there. Else nobody but people
 * can tell which rows are right.
 */
export async function canStillCome(ctx: StepContext): Promise<boolean> {
  if (!(await isReadOnly(ctx))) return false;
  const turned = ctx.state().evidence['start-reverse'];
  if ((turned?.slots ?? []).length === 0) return true;
  return (await changedSince(mirrored(ctx), turned?.lsn ?? FROM_THE_FIRST)).length === 0;
}

/**
 * Proves that the slots have nothing behind the drain but sentinels. Once the target is being opened there is only the way forward: what can come no more is told, with where it is, and keeps
 * production from neither side.
 */
export async function proveNothingCame(ctx: StepContext, lsn: Lsn): Promise<void> {
  const changed = await changedSince(ctx, lsn);
  if (changed.length === 0) return;
  if (isTargetOpened(ctx.state().cutover) && !(await canStillCome(ctx))) {
    const finding = leftBehind(changed, ctx.state().evidence['stop-writes']?.nextXid ?? null);
    // Of the drain, so that it stays whoever begins the hand-over again.
    if (!ctx.state().findings.some(({check, seen}) => check === finding.check && seen === finding.seen))
      await ctx.record({type: 'finding.seen', step: 'drain', finding});
    return;
  }
  throw new LonghaulError({
    code: 'failed',
    message: `after the writes were stopped and all had arrived, somebody wrote to ${changed.join(', ')} on the source`,
    remedy: 'see who that is, and how he writes to a database that is read-only; then longhaul cutover',
  });
}

/** PostgreSQL's own transaction numbers have so many values, and then begin again. */
const XIDS = 2 ** 32;

/** What is on the source alone, once the target was to be opened. Pure. */
export function leftBehind(tables: readonly string[], nextXid: number | null): Finding {
  const rows = tables.map((table) => {
    const since = nextXid === null ? 'true' : `age(xmin) <= age('${nextXid % XIDS}'::xid)`;
    return `SELECT * FROM ${table} WHERE ${since}`;
  });
  return {
    check: 'cutover.left-behind',
    severity: 'warning',
    subject: 'source',
    seen: `while no supervisor held the locks, somebody wrote to ${tables.join(', ')} on the source, and nothing brings that to the target, which may have been written to by then`,
    remedy: `the rows that were inserted or updated are on the source, which takes no writes: ${rows.join('; ')}; bring those that are wanted to the target by hand, and delete there what was deleted`,
  };
}
