import {describeDifference, openDifferences, type Difference} from '../../domain/run/difference.ts';
import type {Failure} from '../../domain/run/event.ts';
import {hasBlocker, type Finding} from '../../domain/run/finding.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import type {StepId} from '../../domain/run/step-id.ts';
import {fromSystem} from '../../domain/base/system-error.ts';
import {Outcome, type Step, type StepCheck, type StepContext} from '../step.ts';
import {throughOutages, type TellWaiting} from '../waiting/outage.ts';

/**
 * How a walk through the steps ended: `stopped` at --until or because the supervisor is to end, `unfinished` where it came to its end and
 * differences are left that nobody has mended or accepted, `incomplete` where it began behind a step that no run is done without.
 */
export type RunEnd = 'done' | 'stopped' | 'failed' | 'unfinished' | 'incomplete';

/** Which part of the runbook is walked, and how the operator's word is waited for. */
export interface RunOptions {
  readonly steps: readonly Step[];
  /** The first step to take; null begins with the first of all. */
  readonly from: StepId | null;
  /** The last step to run; null goes to the end. */
  readonly until: StepId | null;
  /** Resolves once the operator has confirmed the waiting step. */
  readonly waitForWord: (step: StepId) => Promise<void>;
  /** Whether a step waits for a server that goes away, and goes on by itself. Left out where somebody waits for the walk itself, as writers do. */
  readonly waitsForServers?: true;
}

/** Walks through the steps: checks the servers, asks where it must, acts, and journals each. A failed step ends the walk, an unfinished one does not. */
export async function runSteps(run: StepContext, options: RunOptions): Promise<RunEnd> {
  const {steps, from, until} = options;
  const first = from === null ? 0 : steps.findIndex((step) => step.id === from);
  const ctx = {...run, begunAt: from};
  for (const step of steps.slice(first)) {
    if (ctx.signal.aborted) return 'stopped';
    if (!(await takeStep(ctx, step, options))) return ctx.signal.aborted ? 'stopped' : 'failed';
    if (step.id === until) return isUnfinished(ctx) ? 'unfinished' : 'stopped';
  }
  const needed = steps.filter((step) => step.always === true && !isOver(ctx, step));
  // What a step that was left out would have brought differs, and is not for anybody to mend.
  if (isUnfinished(ctx) && needed.every((step) => statusOf(ctx, step) === 'failed')) return 'unfinished';
  return needed.length === 0 ? 'done' : 'incomplete';
}

function isOver(ctx: StepContext, step: Step): boolean {
  return ['done', 'skipped'].includes(statusOf(ctx, step));
}

function isUnfinished(ctx: StepContext): boolean {
  return openDifferences(ctx.state()).length > 0;
}

/** False when the step failed, or the run is to stop. */
async function takeStep(ctx: StepContext, step: Step, options: RunOptions): Promise<boolean> {
  const agreed: Agreed = {to: null};
  const walk = async (): Promise<void> => walkStep(ctx, step, {...options, agreed});
  try {
    await (options.waitsForServers === true ? throughOutages(ctx, tellWaiting(ctx, step), walk) : walk());
    return true;
  } catch (error) {
    if (ctx.signal.aborted) return false;
    await ctx.record({type: 'step.failed', step: step.id, failure: failureOf(error)});
    return false;
  }
}

/** In the step's progress, which stays as far as it was. */
function tellWaiting(ctx: StepContext, {id}: Step): TellWaiting {
  return async (what) => {
    const state = ctx.state().steps.find((step) => step.id === id)?.state;
    const {done, total} = (state?.status === 'running' ? state.progress : null) ?? {done: 0, total: 1};
    await ctx.record({type: 'step.progressed', step: id, done: Math.min(done, total - 1), total, what});
  };
}

/** What somebody has agreed to. Of the same step that is taken again behind an outage he is not asked once more, as long as nothing else would be done. */
interface Agreed {
  to: {readonly question: string; readonly actions: readonly string[]} | null;
}

type Asking = RunOptions & {readonly agreed: Agreed};

async function walkStep(ctx: StepContext, step: Step, options: Asking): Promise<void> {
  // What the journal has as done keeps its evidence, as long as the servers agree.
  const wasDone = statusOf(ctx, step) === 'done';
  if (!wasDone) await ctx.record({type: 'step.started', step: step.id});
  const check = await step.check(ctx);
  if (wasDone && check.done !== null) return;
  if (wasDone) await ctx.record({type: 'step.started', step: step.id});
  for (const finding of check.findings) await ctx.record({type: 'finding.seen', step: step.id, finding});
  if (check.done !== null) {
    await ctx.record({type: 'step.done', step: step.id, evidence: check.done, already: true});
    return;
  }
  if (hasBlocker(check.findings)) throw blocked(check.findings);
  await ask(ctx, step, check, options);
  const outcome = await step.run(ctx);
  if (outcome instanceof Outcome) await endWith(ctx, step, outcome);
  else await ctx.record({type: 'step.done', step: step.id, evidence: outcome, already: false});
}

/** Differences that somebody has accepted leave nothing to do. */
async function endWith(ctx: StepContext, {id}: Step, {evidence, differences}: Outcome): Promise<void> {
  const known = ctx.state().differences.filter(({step}) => step === id);
  if (differences.length + known.length > 0) await ctx.record({type: 'differences.found', step: id, differences});
  const open = openDifferences(ctx.state()).filter(({step}) => step === id);
  await ctx.record(
    open.length === 0
      ? {type: 'step.done', step: id, evidence, already: false}
      : {type: 'step.unfinished', step: id, failure: unfinished(ctx, open), evidence},
  );
}

const NAMED = 20;

function unfinished(ctx: StepContext, open: readonly Difference[]): Failure {
  const names = open.slice(0, NAMED).map((one) => describeDifference(one));
  const more = open.length > NAMED ? `; and ${open.length - NAMED} more` : '';
  return {
    message: `${open.length === 1 ? '1 object is' : `${open.length} objects are`} not as on the source: ${names.join('; ')}${more}`,
    remedy: `longhaul report has the query and the remedy of each: mend them, then longhaul run; or leave them as they are: longhaul accept --yes ${ctx.config.run} 'OBJECT'`,
    unreachable: false,
  };
}

/** Rehearsals (`confirm: never`) ask nothing; the journal has the question all the same. */
async function ask(ctx: StepContext, step: Step, check: StepCheck, {agreed, waitForWord}: Asking): Promise<void> {
  const question = check.question ?? (step.confirm === 'typed' ? `Run ${step.id}: ${step.title}?` : null);
  if (question === null) return;
  const unasked = ctx.config.confirm === 'never';
  if (unasked && check.question === undefined) return;
  for (let isFirst = true; ; isFirst = false) {
    const actions = (await step.plan(ctx)).map(({on, text}) => `${on}: ${text}`);
    // What would be done by now may not be what somebody has agreed to: he is asked again.
    if (isAgreed(agreed, {question, actions}, isFirst)) return;
    await ctx.record({type: 'step.waiting', step: step.id, question, actions});
    if (unasked) await ctx.record({type: 'step.confirmed', step: step.id, by: 'confirm: never'});
    else await waitForWord(step.id);
    agreed.to = {question, actions};
  }
}

/** Behind an outage less may be left to do than was agreed to, and never more. */
function isAgreed({to}: Agreed, {question, actions}: NonNullable<Agreed['to']>, isFirst: boolean): boolean {
  if (to === null || to.question !== question) return false;
  const isPart = isFirst && actions.every((action) => to.actions.includes(action));
  return isPart || JSON.stringify(actions) === JSON.stringify(to.actions);
}

function statusOf(ctx: StepContext, step: Step): string {
  return ctx.state().steps.find(({id}) => id === step.id)?.state.status ?? 'pending';
}

/** The error of a step that its blockers stop. */
export function blocked(findings: readonly Finding[]): LonghaulError {
  const blockers = findings.filter((finding) => finding.severity === 'blocker');
  return new LonghaulError({
    code: 'failed',
    message: blockers.map((finding) => `${finding.subject}: ${finding.seen}`).join('; '),
    remedy: [...new Set(blockers.map((finding) => finding.remedy))].join('; '),
  });
}

/** A failure as the journal keeps it; what is no LonghaulError is a bug and says so. */
export function failureOf(thrown: unknown): Failure {
  const error = fromSystem(thrown) ?? thrown;
  if (error instanceof LonghaulError) {
    return {message: error.message, remedy: error.remedy, unreachable: error.code === 'unreachable'};
  }
  const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    message: `a bug in Longhaul: ${words}`,
    remedy: 'run the same command again, what is done is recognised; please report it with the journal',
    unreachable: false,
  };
}
