import {slotOnSource} from '../../../domain/run/capture/slot-names.ts';
import type {Evidence} from '../../../domain/run/evidence/step-evidence.ts';
import {formatBytes} from '../../../domain/base/units.ts';
import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {lsnDistance, type Lsn} from '../../../domain/pg/lsn.ts';
import {countSentinels, writeSentinels} from '../../../pg/capture/sentinels.ts';
import {flushCommits} from '../../../pg/cutover/flush.ts';
import {readInsertPosition} from '../../../pg/replication/insert-position.ts';
import {readSlots, type Slot} from '../../../pg/replication/slots.ts';
import type {Action} from '../../action.ts';
import {serversOf} from '../../back/mirrored.ts';
import {captureOf} from '../../capture/own-capture.ts';
import {readApplyBlockers} from '../../cutover/apply-blockers.ts';
import {resumeCapture} from '../../cutover/own-slots.ts';
import {executeAll, later, showStatement, type Later} from '../../make-action.ts';
import type {Step, StepContext} from '../../step.ts';

/** Waits until the target has everything up to F. */
export const drain: Step<'drain'> = {
  id: 'drain',
  phase: 'cutover',
  title: 'wait until the target has everything',
  why: 'what has not arrived when the target is opened is lost, or comes over rows that are newer',
  source: 'facts/cutover.md, §2.4',
  confirm: 'no',

  check: async () => ({done: null, findings: []}),
  plan: async (ctx) => planDrain(ctx, later('the drain')),

  async run(ctx) {
    const drained = later<Evidence<'drain'>>('the drain');
    await executeAll(await planDrain(ctx, drained));
    return drained.get();
  },
};

async function planDrain(ctx: StepContext, drained: Later<Evidence<'drain'>>): Promise<Action[]> {
  const slots = captureOf(ctx)?.slots ?? [];
  if (slots.length === 0) return [];
  return [
    {
      on: 'source',
      text: `/* behind F; then waits until the target has these rows and every slot is confirmed past them */ ${showStatement(writeSentinels(slots))}`,
      execute: async () => drained.set(await wait(ctx, slots)),
    },
  ];
}

const EVERY_MS = 25;
/** A row more has the target answer at once, where it would wait for its rhythm of a second. */
const NUDGE_MS = 100;
/** What takes longer than a drain does has a reason: so often it is asked who is in the way. */
const ASK_MS = 500;

async function wait(ctx: StepContext, slots: readonly string[]): Promise<Evidence<'drain'>> {
  const began = ctx.steady();
  const {drainLimitMs} = ctx.config.cutover;
  const source = await ctx.session('source');
  const {n} = await source.one(writeSentinels(slots));
  const {insertLsn: lsn} = await source.one(readInsertPosition(source.version));
  // An earlier attempt may have ended it.
  await resumeCapture(ctx);
  const took = new Map<string, number>();
  let [nudgedMs, askedMs] = [began, began];
  let blocked: ReadonlyMap<string, string> = new Map();
  for (;;) {
    const waiting = await readWaiting(ctx, slots, {n, lsn, blocked});
    const nowMs = ctx.steady();
    for (const slot of slots) if (!waiting.has(slot) && !took.has(slot)) took.set(slot, Math.round(nowMs - began));
    if (waiting.size === 0) break;
    if (nowMs - began >= drainLimitMs) throw notDrained(waiting, drainLimitMs);
    await tell(ctx, slots.length, waiting);
    if (nowMs - askedMs >= ASK_MS) {
      askedMs = nowMs;
      blocked = await readApplyBlockers(ctx, [...waiting.keys()]);
    }
    if (nowMs - nudgedMs >= NUDGE_MS) {
      nudgedMs = nowMs;
      await flush(ctx);
      await source.run(writeSentinels(slots));
    }
    await ctx.sleep(EVERY_MS);
  }
  await tellOthersBehind(ctx, lsn);
  return {
    lsn,
    slots: slots.map((name) => ({name, tookMs: took.get(name) ?? 0})),
    tookMs: Math.round(ctx.steady() - began),
  };
}

/** Slots of others that are not past it: nobody waits for their readers, for the source keeps what they have not read, and they have to be told. */
async function tellOthersBehind(ctx: StepContext, lsn: Lsn): Promise<void> {
  const source = await ctx.session('source');
  const own = captureOf(ctx)?.onSource ?? [];
  const kept = await source.run(readSlots(source.version));
  const database = serversOf(ctx).source.params['dbname'] ?? '';
  for (const {name, behindBytes} of slotsBehind(kept, {own, database, lsn}))
    await ctx.record({
      type: 'finding.seen',
      step: 'drain',
      finding: {
        check: 'cutover.foreign-slot-behind',
        severity: 'warning',
        subject: 'source',
        seen: `slot ${name} is not of this run, and its reader has ${formatBytes(behindBytes)} to read of what was written before the stop`,
        remedy: 'the source keeps it: let its reader come to the end before it is led to a slot of the target',
      },
    });
}

/** Of the logical slots of a database those that are not the run's and not confirmed past a position, with the bytes that they lack. Pure. */
export function slotsBehind(
  kept: readonly Pick<Slot, 'name' | 'kind' | 'database' | 'confirmedFlushLsn'>[],
  {own, database, lsn}: {readonly own: readonly string[]; readonly database: string; readonly lsn: Lsn},
): {readonly name: string; readonly behindBytes: number}[] {
  return kept.flatMap(({name, kind, database: of, confirmedFlushLsn: at}) => {
    if (kind !== 'logical' || of !== database || own.includes(name) || at === null) return [];
    const behindBytes = lsnDistance(at, lsn);
    return behindBytes > 0 ? [{name, behindBytes}] : [];
  });
}

/** A slot is confirmed up to what the target has on its disk. */
async function flush(ctx: StepContext): Promise<void> {
  const target = await ctx.session('target');
  const statement = flushCommits(target.version);
  if (statement !== null) await target.run(statement);
}

/** The slots that are not drained, each with what it waits for, and who was in its way when that was asked last. */
async function readWaiting(
  ctx: StepContext,
  slots: readonly string[],
  {n, lsn, blocked}: {readonly n: number; readonly lsn: Lsn; readonly blocked: ReadonlyMap<string, string>},
): Promise<Map<string, string>> {
  const [source, target] = [await ctx.session('source'), await ctx.session('target')];
  const counts = await target.run(countSentinels(slots));
  const kept = await source.run(readSlots(source.version));
  return new Map(
    slots.flatMap((slot): [string, string][] => {
      const newest = counts.find((one) => one.slot === slot)?.newest ?? 0;
      const at = kept.find(({name}) => name === slotOnSource(ctx.state(), slot))?.confirmedFlushLsn ?? null;
      const why = whyNotDrained({arrived: newest >= n, at}, lsn);
      const who = blocked.get(slot);
      return why === null ? [] : [[slot, who === undefined ? why : `${why}, ${who}`]];
    }),
  );
}

/** Why a slot is not drained, in words; null where it is: its sentinel is on the target, and it is confirmed past it. Pure. */
export function whyNotDrained(slot: {readonly arrived: boolean; readonly at: Lsn | null}, lsn: Lsn): string | null {
  if (slot.at === null) return 'it is not there any more';
  // A confirmed position alone may never reach a point at the edge of a page of WAL.
  if (!slot.arrived) return 'its sentinel is not on the target yet';
  const left = lsnDistance(slot.at, lsn);
  return left > 0 ? `${left} bytes are not confirmed by the target yet` : null;
}

async function tell(ctx: StepContext, total: number, waiting: ReadonlyMap<string, string>): Promise<void> {
  await ctx.record({
    type: 'step.progressed',
    step: 'drain',
    done: total - waiting.size,
    total,
    what: [...waiting].map(([slot, why]) => `${slot}: ${why}`).join('; '),
  });
}

function notDrained(waiting: ReadonlyMap<string, string>, limitMs: number): LonghaulError {
  return new LonghaulError({
    code: 'failed',
    message: `after ${Math.round(limitMs / 1000)} s not everything is on the target: ${[...waiting].map(([slot, why]) => `${slot}: ${why}`).join('; ')}`,
    remedy: 'longhaul status shows what each slot waits for; once all have caught up: longhaul cutover',
  });
}
