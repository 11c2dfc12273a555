import type {Evidence} from '../../../domain/run/evidence/step-evidence.ts';
import {hasBlocker, type Finding} from '../../../domain/run/finding.ts';
import {readLeadingBack} from '../../back/lead-back.ts';
import {reverseOf} from '../../back/reverse-of.ts';
import {goBack, isAllUndone} from '../../cutover/going-back.ts';
import {isHeld} from '../../cutover/rehearsal/held-on-target.ts';
import {readFindings, readForwardFindings} from '../../cutover/rehearse.ts';
import {foreseeRest} from '../../cutover/rest/check-rest.ts';
import {waitForCapture} from '../../cutover/wait-for-capture.ts';
import {planWriteStop} from '../../cutover/write-stop.ts';
import {isCutoverUnderWay, isTargetOpened} from '../../../domain/run/cutover/cutover.ts';
import {executeAll, later} from '../../make-action.ts';
import type {Step} from '../../step.ts';

/** Stops the writers on the source, and proves that nobody writes any more. */
export const stopWrites: Step<'stop-writes'> = {
  id: 'stop-writes',
  phase: 'cutover',
  title: 'stop the writes on the source',
  why: 'what is written on the source after the hand-over is on no side that anybody uses',
  source: 'facts/cutover.md, §1 and §2',
  confirm: 'no',

  async check(ctx) {
    // Whoever is behind now would be waited for with the writers stopped.
    await waitForCapture(ctx, async (behind) => {
      const what = `nobody is stopped before change capture has caught up: ${behind.join('; ')}`;
      await ctx.record({type: 'step.progressed', step: 'stop-writes', done: 0, total: 1, what});
    });
    const forward = ctx.isBack === true ? await readLeadingBack(ctx) : await readForwardFindings(ctx);
    const isOpened = isTargetOpened(ctx.state().cutover);
    // What is kept locked there cannot be read either.
    if (!isOpened && isHeld(forward) && hasBlocker(forward)) return {done: null, findings: forward};
    const turning = (await reverseOf(ctx)?.checkStart?.(ctx)) ?? [];
    const ahead = [...forward, ...(await foreseeRest(ctx)).findings, ...turning];
    const known = isOpened ? withoutBlockers(ahead) : ahead;
    return {done: null, findings: [...(await readFindings(ctx)), ...known]};
  },
  plan: async (ctx) => planWriteStop(ctx, later('F')),

  async run(ctx) {
    const began = ctx.steady();
    const found = later<Omit<Evidence<'stop-writes'>, 'tookMs'>>('F');
    await executeAll(await planWriteStop(ctx, found));
    return {...found.get(), tookMs: Math.round(ctx.steady() - began)};
  },

  async undo(ctx) {
    const {cutover} = ctx.state();
    if (!isCutoverUnderWay(cutover) || isTargetOpened(cutover)) return {};
    await goBack(ctx, {by: 'abort', reason: 'the run is given up'});
    const {reason = ''} = ctx.state().cutover?.goneBack ?? {};
    // Change capture is taken away next.
    return isAllUndone(reason) ? {writesAllowed: true} : {writesAllowed: true, notUndone: reason};
  },
};

/** Once the target is being opened there is only the way forward, and what is not as it should be there is told. Pure. */
export function withoutBlockers(findings: readonly Finding[]): Finding[] {
  return findings.map((one) => (one.severity === 'blocker' ? {...one, severity: 'warning'} : one));
}
