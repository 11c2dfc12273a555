import {fenceBroken} from '../../domain/boundary.ts';
import type {Finding} from '../../domain/finding.ts';
import {LonghaulError} from '../../domain/longhaul-error.ts';
import {allCommitted, whatNeedsBoundary, type RunState} from '../../domain/run-state.ts';
import {readReplicaPosition, resumeReplay as resumeStatement} from '../../pg/replica.ts';
import {renderStatement} from '../../pg/statement.ts';
import type {Step} from '../step.ts';
import {waitUntil} from '../wait-until.ts';

/** Lets the replica replay again; P stays only in the journal and in the slots. */
export const resumeReplay: Step = {
  id: 'resume-replay',
  phase: 'load',
  title: 'resume replay on the replica',
  why: 'the WAL that it received meanwhile lies on its disk and grows',
  source: 'runbook, step 11',
  confirm: 'typed',

  async check(ctx) {
    const replica = await ctx.session('replica');
    const position = await replica.one(readReplicaPosition(replica.version));
    const state = ctx.state();
    const findings = refuseUnlessCompared(state);
    if (findings.length === 0) {
      return {done: position.paused ? null : {replayLsn: position.replayLsn, clock: position.clock}, findings};
    }
    const broken = state.boundary === null ? null : fenceBroken(state.boundary, position);
    if (broken === null || !allCommitted(state)) return {done: null, findings};
    return {done: null, findings: [], question: goOnUncompared(state, broken)};
  },

  async statements(ctx) {
    const replica = await ctx.session('replica');
    return [{on: 'replica', action: renderStatement(resumeStatement(replica.version))}];
  },

  async run(ctx) {
    const replica = await ctx.session('replica');
    await replica.run(resumeStatement(replica.version));
    const position = await waitUntil(ctx, ctx.config.timeouts.pauseMs, async () => {
      const seen = await replica.one(readReplicaPosition(replica.version));
      return seen.paused ? null : seen;
    });
    if (position === null) {
      throw new LonghaulError({
        code: 'failed',
        message: 'replay was asked to resume and still says that it is paused',
        remedy: 'something else pauses it; look at the replica, then run again',
      });
    }
    await ctx.record({type: 'replay.resumed', by: 'run'});
    return {boundary: ctx.state().boundary?.lsn ?? null, replayLsn: position.replayLsn, clock: position.clock};
  },
};

/** What was lost with P is only the exact comparison: every unit committed while the replica stood there. */
function goOnUncompared(state: RunState, broken: string): string {
  return `P ${state.boundary?.lsn} is lost (${broken}), so the rows can never be compared exactly. The load itself is whole: all ${state.units.length} units committed while the replica stood at P. Go on without the comparison?`;
}

/** P is gone once replay goes on, so nothing may still need it. */
function refuseUnlessCompared(state: RunState): Finding[] {
  const need = whatNeedsBoundary(state);
  if (need === null) return [];
  return [
    {
      check: 'resume-replay.load-needs-p',
      severity: 'blocker',
      subject: 'replica',
      seen: `${need}, and that needs the replica at P`,
      remedy: 'finish the load first (longhaul run); longhaul abort gives the load up and resumes replay',
    },
  ];
}
