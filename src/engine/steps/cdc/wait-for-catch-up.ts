import type {Evidence} from '../../../domain/run/evidence/step-evidence.ts';
import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {formatBytes, formatDuration} from '../../../domain/base/units.ts';
import {slotsNow} from '../../../domain/pg/slot-plan.ts';
import {adoptSentinelsOf} from '../../../domain/run/capture/sentinel-table.ts';
import {writeSentinels} from '../../../pg/capture/sentinels.ts';
import type {SlotStatus} from '../../capture/capture.ts';
import {readingBusyTables} from '../../capture/guard/busy-tables.ts';
import {describeBehind, isCaughtUp, withCatchUpSample, type CatchUpSample} from '../../capture/catch-up.ts';
import {captureOf, type OwnCapture} from '../../capture/own-capture.ts';
import {warnOfRest} from '../../cutover/rest/check-rest.ts';
import {readPlan} from '../../plan/plan-file.ts';
import type {Action} from '../../action.ts';
import {executeAll, later, type Later} from '../../make-action.ts';
import type {Step, StepContext} from '../../step.ts';

/** Waits until what was written since P is on the target, but for what is on its way at any moment. */
export const waitForCatchUp: Step<'wait-for-catch-up'> = {
  id: 'wait-for-catch-up',
  phase: 'cdc',
  title: 'wait until change capture has caught up',
  why: 'cutover stops the writers for as long as change capture is behind',
  source: 'facts/cdc.md, §2.4',
  confirm: 'no',

  async check(ctx) {
    const {evidence, boundary, cdcStarted} = ctx.state();
    const {slots, tookMs, boundary: at} = evidence['wait-for-catch-up'] ?? {};
    const isKnown = slots !== undefined && tookMs !== undefined && at !== undefined;
    // Of another P it says nothing.
    const isDone = isKnown && cdcStarted !== null && at === boundary?.lsn;
    if (isDone) return {done: {boundary: at, slots, tookMs}, findings: []};
    // Days before the cutover there is time to do something about it.
    return {done: null, findings: await warnOfRest(ctx)};
  },

  plan: async (ctx) => planWait(ctx, later('the catch-up')),

  async run(ctx) {
    const caughtUp = later<Evidence<'wait-for-catch-up'>>('the catch-up');
    await executeAll(await planWait(ctx, caughtUp));
    return caughtUp.get();
  },
};

const EVERY_MS = 1000;

async function planWait(ctx: StepContext, caughtUp: Later<Evidence<'wait-for-catch-up'>>): Promise<Action[]> {
  const capture = captureOf(ctx);
  if (capture === null) return [];
  const {caughtUpWalBytes: bytes, caughtUpLagMs: lagMs, caughtUpForMs: forMs} = ctx.config.cdc;
  return [
    {
      on: 'target',
      text: `/* waits until every slot is at most ${formatBytes(bytes)} and ${formatDuration(lagMs)} behind for ${formatDuration(forMs)}; writes a sentinel into each slot's table on the source meanwhile */`,
      execute: async () => caughtUp.set(await wait(ctx, capture)),
    },
  ];
}

async function wait(ctx: StepContext, capture: OwnCapture): Promise<Evidence<'wait-for-catch-up'>> {
  const wanted = ctx.config.cdc;
  const {boundary} = ctx.state();
  if (boundary === null) throw new Error('bug: change capture was started without a P');
  const startMs = ctx.steady();
  let samples: readonly CatchUpSample[] = [];
  const readBusy = readingBusyTables(ctx.steady, async () =>
    slotsNow((await readPlan(ctx)).slots.slots, ctx.state().capture),
  );
  for (;;) {
    const servers = {source: await ctx.session('source'), target: await ctx.session('target')};
    const slots = await capture.live.status(servers, capture.slots);
    judgeSentinels(ctx, slots);
    samples = withCatchUpSample(samples, {atMs: ctx.steady(), slots}, wanted);
    if (isCaughtUp(samples, wanted))
      return {boundary: boundary.lsn, slots: slots.map(evidenceOf), tookMs: Math.round(ctx.steady() - startMs)};
    const done = slots.filter(({lagBytes}) => lagBytes !== null && lagBytes <= wanted.caughtUpWalBytes).length;
    await ctx.record({
      type: 'step.progressed',
      step: 'wait-for-catch-up',
      done: Math.min(done, slots.length - 1),
      total: slots.length,
      what: describeBehind(samples, wanted, await readBusy(servers.target)),
    });
    // Of a slot in which nothing else is written only this tells how late it is.
    if (slots.every(({lagSeconds}) => lagSeconds === 0)) await servers.source.run(writeSentinels(capture.slots));
    await ctx.sleep(EVERY_MS);
  }
}

/** Written with one clock and committed in its order: of those up to one that is there, none can be on its way. */
function judgeSentinels(ctx: StepContext, slots: readonly SlotStatus[]): void {
  const wrong = slots.filter(({sentinels}) => sentinels.source !== sentinels.target);
  if (wrong.length === 0) return;
  const seen = wrong.map(
    ({slot, sentinels}) => `${slot}: ${sentinels.target} of ${sentinels.source} sentinels are on the target`,
  );
  throw new LonghaulError({
    code: 'failed',
    message: `change capture has lost or doubled changes: ${seen.join('; ')}`,
    remedy: `${howToMend(ctx, wrong)}: what was lost no slot has any more; longhaul abort gives the run up`,
  });
}

/** A slot that can be held for it takes its tables, and then its sentinels, in anew. */
function howToMend(ctx: StepContext, wrong: readonly SlotStatus[]): string {
  const compare = 'longhaul compare --again compares the tables of these slots';
  if ((captureOf(ctx)?.live.adoption ?? null) === null) return compare;
  const taken = wrong.map(({slot}) => adoptSentinelsOf(slot, ctx.config.run)).join('; ');
  return `${compare}, and longhaul adopt copies those anew that differ; then ${taken}, and longhaul run goes on`;
}

function evidenceOf({slot, lagBytes, lagSeconds, sentinels}: SlotStatus) {
  return {name: slot, lagBytes: lagBytes ?? 0, lagSeconds, sentinels: sentinels.target};
}
