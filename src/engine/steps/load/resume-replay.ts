import {fenceBroken} from '../../../domain/pg/boundary.ts';
import type {Finding} from '../../../domain/run/finding.ts';
import {isReplayResumed} from '../../../domain/pg/hand-over.ts';
import type {ProofEvidence} from '../../../domain/run/evidence/anchor.ts';
import type {Evidence} from '../../../domain/run/evidence/step-evidence.ts';
import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {newSlots, slotsAway} from '../../../domain/reading/slots-away.ts';
import {allCommitted, whatNeedsBoundary, type RunState} from '../../../domain/run/run-state.ts';
import {
  readReplicaPosition,
  resumeReplay as resumeStatement,
  type ReplicaPosition,
} from '../../../pg/replication/replica.ts';
import {readSlots} from '../../../pg/replication/slots.ts';
import {keepBaseline} from '../../compare/drift/baseline.ts';
import {found} from '../../preflight/found.ts';
import {captureNeeds} from '../../capture/needs.ts';
import {journalProof, mustHold, proveBoundary} from '../../prove/prove.ts';
import type {Action} from '../../action.ts';
import {executeAll, later, statementAction, type Later} from '../../make-action.ts';
import type {Step, StepCheck, StepContext} from '../../step.ts';
import {waitUntil} from '../../waiting/wait-until.ts';
import {planProof} from '../boundary/prove-boundary.ts';

/** Proves P once more, while it can still be read, and lets the replica replay again; P stays only in the journal and in the slots. */
export const resumeReplay: Step<'resume-replay'> = {
  id: 'resume-replay',
  phase: 'load',
  title: 'prove P again and resume replay',
  why: 'a proof ages, and this is the last moment at which P can be proved; the WAL that the replica received meanwhile lies on its disk and grows',
  source: 'runbook, step 11; facts/boundary.md, "A proof ages"',
  confirm: 'typed',

  async check(ctx) {
    const position = await readPosition(ctx);
    const state = ctx.state();
    if (!position.paused && (isReplayResumed(state) || isBeingResumed(state))) return checkResumed(ctx, position);
    const findings = refuseUnlessCompared(state);
    const broken = state.boundary === null ? null : fenceBroken(state.boundary, position);
    if (findings.length > 0) {
      if (broken === null || !allCommitted(state)) return {done: null, findings};
      return {done: null, findings: [], question: goOnUncompared(ctx, broken)};
    }
    return {done: null, findings, ...(position.paused ? {} : {question: goesOnAlready(ctx, broken)})};
  },

  plan: async (ctx) => planResume(ctx, later('the proof')),

  async run(ctx) {
    const proved = later<ProofEvidence | null>('the proof');
    await executeAll(await planResume(ctx, proved));
    const position = await readPosition(ctx);
    await ctx.record({type: 'replay.resumed', by: 'run'});
    const proof = proved.get();
    return {...resumedEvidence(ctx, position), ...(proof === null ? {} : {proof})};
  },
};

/** The proof, and the resume where replay has not gone on by itself; a dry run before the load shows both. */
async function planResume(ctx: StepContext, proved: Later<ProofEvidence | null>): Promise<Action[]> {
  const position = await readPosition(ctx);
  const goesOn = !position.paused && allCommitted(ctx.state());
  const prove = async (): Promise<void> => proved.set(await proveAgain(ctx, position));
  return [...(await planProof(ctx, prove)), ...(goesOn ? [] : [keepingSchema(ctx), await resuming(ctx)])];
}

/** What the source's schema is compared with from now on; where it cannot be read, replay has to go on all the same. */
function keepingSchema(ctx: StepContext): Action {
  const execute = async (): Promise<void> => {
    try {
      await keepBaseline(ctx, await ctx.session('replica'));
    } catch (error) {
      if (!(error instanceof LonghaulError) || error.code !== 'failed') throw error;
      const finding = found('resume-replay', 'replica').warning(
        'schema-unread',
        `its catalogs at P could not be read (${error.message}): what was changed on the source since P is not told`,
        'compare the schemas once change capture has caught up: longhaul compare --objects',
      );
      await ctx.record({type: 'finding.seen', step: 'resume-replay', finding});
    }
  };
  return {
    on: 'replica',
    text: "/* only where the schema's watch has not read them yet: the catalogs of P */ SELECT …",
    execute,
  };
}

async function resuming(ctx: StepContext): Promise<Action> {
  const {version} = await ctx.session('replica');
  const resume = statementAction(resumeStatement(version), {
    on: 'replica',
    session: async () => ctx.session('replica'),
  });
  const execute = async (): Promise<void> => {
    await resume.execute();
    await waitForReplay(ctx);
  };
  return {...resume, execute};
}

async function readPosition(ctx: StepContext): Promise<ReplicaPosition> {
  const replica = await ctx.session('replica');
  return replica.one(readReplicaPosition(replica.version));
}

function resumedEvidence(ctx: StepContext, {replayLsn, clock}: ReplicaPosition): Evidence<'resume-replay'> {
  return {boundary: ctx.state().boundary?.lsn ?? null, replayLsn, clock};
}

/** Null where change capture has begun, as somebody said: it moves the slots, and the last proof is what there is. */
async function proveAgain(ctx: StepContext, position: ReplicaPosition): Promise<ProofEvidence | null> {
  const {boundary, cdcStarted} = ctx.state();
  if (cdcStarted !== null) return null;
  const isAtP = boundary !== null && position.paused && fenceBroken(boundary, position) === null;
  return mustHold(ctx, await proveBoundary(ctx, isAtP ? 'at P' : 'gone on'));
}

async function waitForReplay(ctx: StepContext): Promise<void> {
  const goesOn = await waitUntil(ctx, ctx.config.timeouts.pauseMs, async () =>
    (await readPosition(ctx)).paused ? null : true,
  );
  if (goesOn !== null) return;
  throw new LonghaulError({
    code: 'failed',
    message: 'replay was asked to resume and still says that it is paused',
    remedy: 'something else pauses it, a script or another operator: end that, then run again',
  });
}

/** P was proved since this step began, so that the resume may have gone out before a crash. */
function isBeingResumed({steps, lastProof}: RunState): boolean {
  const step = steps.find(({id}) => id === 'resume-replay')?.state;
  return step?.status === 'running' && lastProof !== null && lastProof.at >= step.startedAt;
}

/** Once replay goes on, until change capture begins: whether P can still be handed over. What is found is in the journal. */
async function checkResumed(ctx: StepContext, position: ReplicaPosition): Promise<StepCheck<'resume-replay'>> {
  const done = resumedEvidence(ctx, position);
  if (isBeingResumed(ctx.state())) await ctx.record({type: 'replay.resumed', by: 'run'});
  if (ctx.state().cdcStarted !== null) {
    const findings = await judgeRead(ctx);
    return {done: findings.length === 0 ? done : null, findings};
  }
  const proof = await proveBoundary(ctx, 'gone on');
  const failure = await journalProof(ctx, proof);
  if (failure === null) return {done: {...done, proof: proof.evidence}, findings: []};
  const {message: seen, remedy} = failure;
  const check = 'resume-replay.not-proved';
  return {done: null, findings: [{check, severity: 'blocker', subject: 'change capture', seen, remedy}]};
}

/** Change capture moves its slots; one that is gone or invalidated it cannot go on from. */
async function judgeRead(ctx: StepContext): Promise<Finding[]> {
  const source = await ctx.session('source');
  const state = {...ctx.state(), cdcStarted: null};
  return slotsAway(state, {at: null, slots: await source.run(readSlots(source.version))})
    .filter(({how}) => how !== 'moved')
    .map(({name, seen}) => ({
      check: 'resume-replay.slot-away',
      severity: 'blocker',
      subject: `slot ${name}`,
      seen: `${seen}, and change capture reads it`,
      remedy: `what it has not read is lost: ${newSlots(ctx.config.run)}`,
    }));
}

/** What was lost with P is only the exact comparison: every unit committed while the replica was at P. */
function goOnUncompared(ctx: StepContext, broken: string): string {
  const state = ctx.state();
  const proved = hasSlots(ctx) ? ' The slots, which change capture begins with, are proved once more against P.' : '';
  return `P ${state.boundary?.lsn} is lost (${broken}), so the rows can never be compared exactly. The load itself is whole: all ${state.units.length} units committed while the replica was at P. Go on without the comparison?${proved}`;
}

/** The rows are loaded and compared by now, and need the replica at P no more. */
function goesOnAlready(ctx: StepContext, broken: string | null): string {
  const {boundary} = ctx.state();
  const why = broken === null ? '' : ` (${broken})`;
  const ending = hasSlots(ctx)
    ? 'Prove the slots, which change capture begins with, once more against P, and end the run?'
    : 'End the run?';
  return `The replica is not paused at P ${boundary?.lsn} any more${why}. All is loaded and compared. ${ending}`;
}

/** A plain copy has none to prove. */
function hasSlots({config}: StepContext): boolean {
  return captureNeeds(config).slots !== null;
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
