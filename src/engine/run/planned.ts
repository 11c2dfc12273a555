import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import type {Command, Planned, ShownAction} from '../../domain/run/command.ts';
import {pauseReplay, resumeReplay} from '../../pg/replication/replica.ts';
import type {Action} from '../action.ts';
import {statementAction} from '../make-action.ts';
import type {StepId} from '../../domain/run/step-id.ts';
import {planAgain} from '../compare/again/plan-again.ts';
import {planCutover} from '../cutover/by-command.ts';
import {planBackOut} from '../cutover/going-back.ts';
import {planEndOfComparison} from '../cutover/final/by-command.ts';
import {planBack} from '../back/by-command.ts';
import {mirrored, mirroredAction} from '../back/mirrored.ts';
import {isCutoverUnderWay} from '../../domain/run/cutover/cutover.ts';
import {planAdoption} from '../capture/adopt/adopt.ts';
import {planSlotCommand} from '../capture/control/by-command.ts';
import {onOwnSessions} from '../capture/control/own-sessions.ts';
import {planAbort} from '../exit/abort.ts';
import {planRelease} from '../exit/release.ts';
import {stepsToUndo} from '../runbook.ts';
import type {Step, StepContext} from '../step.ts';
import {planEndOfOwnStatements} from './own-statements.ts';
import {showLaneSignals} from '../load/show-lane-signals.ts';
import {showRate} from '../load/lane/throttle.ts';

/** What a command would do now, in an answer: why it cannot be told is part of that, and keeps nobody from giving the command. */
export async function answerPlan(ctx: StepContext, steps: readonly Step[], command: Command): Promise<Planned> {
  try {
    const actions = await planCommand(ctx, steps, command);
    return {ok: true, actions: actions.map(({on, text}) => ({on, text}))};
  } catch (error) {
    if (!(error instanceof LonghaulError)) throw error;
    return {ok: false, why: error.message};
  }
}

/** What a command would do now, in order, as the engine does it. Reads servers and lanes, changes nothing. */
export async function planCommand(
  ctx: StepContext,
  steps: readonly Step[],
  command: Command,
): Promise<readonly ShownAction[]> {
  switch (command.type) {
    case 'pause-replay':
    case 'resume-replay':
      return [await planReplayByHand(ctx, command.type === 'pause-replay' ? 'pause' : 'resume')];
    case 'pause-unit':
      return showLaneSignals(ctx, 'STOP', command.unit);
    case 'pause-all':
      return showLaneSignals(ctx, 'STOP');
    case 'resume-unit':
      return showLaneSignals(ctx, 'CONT', command.unit);
    case 'resume-all':
      return showLaneSignals(ctx, 'CONT');
    case 'cancel-unit':
      return planCancel(ctx, command.unit);
    case 'cancel-all':
      return [...(await showLaneSignals(ctx, 'TERM')), note('start no unit any more')];
    case 'release':
      return planReleaseOf(ctx, command);
    case 'abort':
      return (await planAbort(ctx, stepsToUndo(ctx.config, ctx.state()), 'run')).actions;
    case 'shutdown':
      return planShutdown(ctx, command.lanes);
    case 'continue':
      return planWalk(ctx, steps);
    case 'cutover':
      return planCutover(ctx);
    case 'back':
      return planBack(ctx);
    case 'back-out':
      return planOut(ctx);
    case 'end-comparison':
      return planEndOfComparison(ctx);
    case 'confirm-step':
      return shownBefore(ctx, command.step);
    case 'compare-again':
      return planAgain(ctx);
    case 'set-lanes':
    case 'set-rate':
      return command.type === 'set-rate' ? showRate(ctx, command.bytesPerSecond) : [note(`${command.lanes} lanes`)];
    case 'pause-cdc':
    case 'resume-cdc':
    case 'kick-cdc':
    case 'skip-cdc':
      return onOwnSessions(ctx, 'cdc', async (own) => planSlotCommand(own, command));
    case 'adopt-table':
      return planAdoption(ctx, command.table);
    case 'accept-differences':
    case 'cdc-started':
    case 'hold':
    case 'release-hold':
    case 'retry-unit':
    case 'retry-all':
      return [note(command.type)];
  }
}

/** Of the way back where one is under way, else of the cutover. */
async function planOut(ctx: StepContext): Promise<readonly ShownAction[]> {
  if (!isCutoverUnderWay(ctx.state().back)) return planBackOut(ctx);
  return (await planBackOut(mirrored(ctx))).map((action) => mirroredAction(action));
}

/** The pause or the resume of replay that an operator asks for, outside of the steps. */
export async function planReplayByHand(ctx: Pick<StepContext, 'session'>, what: 'pause' | 'resume'): Promise<Action> {
  const {version} = await ctx.session('replica');
  const statement = what === 'pause' ? pauseReplay(version) : resumeReplay(version);
  return statementAction(statement, {on: 'replica', session: async () => ctx.session('replica')});
}

/** Only planned: nobody is halted, and no checkpoint waited for. */
async function planReleaseOf(
  ctx: StepContext,
  {endReaders, resumeReplay: goesOn}: Extract<Command, {type: 'release'}>,
): Promise<readonly ShownAction[]> {
  const order = {by: 'run', endReaders, resumeReplay: goesOn, halt: () => undefined, checkpointMs: 0} as const;
  return (await planRelease(ctx, order)).actions;
}

function note(what: string): ShownAction {
  return {on: 'jump box', text: `note in the journal: ${what}`};
}

async function planCancel(ctx: StepContext, unit: string): Promise<readonly ShownAction[]> {
  const signals = await showLaneSignals(ctx, 'TERM', unit);
  return signals.length > 0 ? signals : [note(`${unit} is not tried again by itself`)];
}

async function planShutdown(ctx: StepContext, lanes: boolean): Promise<readonly ShownAction[]> {
  return [
    ...(lanes ? await showLaneSignals(ctx, 'TERM') : []),
    ...planEndOfOwnStatements(ctx),
    {on: 'jump box', text: `end of process ${process.pid}, the supervisor`},
  ];
}

/** What is taken again where P is lost. */
const AT_NEW_BOUNDARY: readonly StepId[] = [
  'pause-replay',
  'capture-boundary',
  'prove-boundary',
  'strip-target',
  'full-load',
];

/** The first step that is not done; the whole load again where P is lost. */
async function planWalk(ctx: StepContext, steps: readonly Step[]): Promise<readonly ShownAction[]> {
  const state = ctx.state();
  const over = new Set(
    state.steps.filter((one) => one.state.status === 'done' || one.state.status === 'skipped').map(({id}) => id),
  );
  const next =
    state.boundaryMoved === null
      ? steps.filter(({id}) => !over.has(id)).slice(0, 1)
      : steps.filter(({id}) => AT_NEW_BOUNDARY.includes(id));
  const actions: ShownAction[] = [];
  for (const step of next) actions.push(...(await step.plan(ctx)));
  return actions;
}

/** What the journal has of it: the step was planned when it began to wait. */
function shownBefore(ctx: StepContext, id: StepId): ShownAction[] {
  const state = ctx.state().steps.find((step) => step.id === id)?.state;
  if (state?.status !== 'waiting') return [];
  return state.actions.map((action) => {
    const [on = '', ...words] = action.split(': ');
    return {on: isPlace(on) ? on : 'jump box', text: words.join(': ')};
  });
}

function isPlace(word: string): word is ShownAction['on'] {
  return ['source', 'replica', 'target', 'jump box'].includes(word);
}
