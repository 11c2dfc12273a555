import {cdcNotExpected} from '../../domain/pg/hand-over.ts';
import {latestCutover} from '../../domain/run/cutover/cutover.ts';
import type {RunState} from '../../domain/run/run-state.ts';
import {needsOf} from '../../domain/rules/needs.ts';
import {whyNoBackOut, whyNoEndOfComparison} from '../../domain/rules/cutover.ts';
import {openDifferences} from '../../domain/run/difference.ts';
import {isStanding} from '../../domain/run/run-state.ts';
import {ask} from '../binding/ask.ts';
import {order} from '../binding/order.ts';
import {type Binding, EVERYWHERE, PANE} from '../binding/binding.ts';
import {noCommands, unless} from '../binding/why-off.ts';
import type {ActionContext} from '../binding/context.ts';
import {screenText} from '../screen/screen-text.ts';
import {openOverlay, say} from '../store/console-store.ts';

const RUN = {group: 'Run', where: PANE} as const;

/** The keys of the run as a whole. */
export const RUN_KEYS: readonly Binding[] = [
  {
    ...RUN,
    id: 'confirm-step',
    keys: ['c'],
    label: 'confirm',
    help: "Confirm the step that waits: shows the server and the SQL, and asks for the run's name.",
    footer: 99,
    off: unless(({live}) =>
      live.run.steps.some((step) => step.state.status === 'waiting') ? null : 'no step waits for you',
    ),
    run: (ctx) => {
      const waiting = ctx.store.getState().live.run.steps.find(({state}) => state.status === 'waiting');
      if (waiting !== undefined) ask(ctx, {about: 'confirm-step', step: waiting.id});
    },
  },
  {
    ...RUN,
    id: 'continue',
    keys: ['C'],
    label: 'continue',
    also: 'go on start',
    help: 'Continue with the steps after a failure or a stop.',
    footer: 95,
    off: unless(({live: {run}}) => {
      if (run.status === 'done' || run.status === 'aborted') return `the run is ${run.status}`;
      if (run.steps.some((step) => step.state.status === 'waiting')) return 'a step waits for you: press c';
      return isStanding(run) ? null : 'the steps are running already';
    }),
    run: (ctx) => ask(ctx, {about: 'continue'}),
  },
  {
    ...RUN,
    // Over whatever covers the panes: writers wait.
    where: EVERYWHERE,
    id: 'back-out',
    keys: ['B'],
    label: 'back out',
    also: 'cutover undo writes',
    help: 'Take a cutover back that has not opened the target: writes are allowed on the source again, at once.',
    footer: 100,
    off: unless(({live: {run}}) => whyNoBackOut(run)?.why ?? null),
    run: (ctx) => void order(ctx, {type: 'back-out'}),
  },
  {
    ...RUN,
    id: 'cutover',
    keys: ['w'],
    label: 'cutover',
    also: 'drain hand over way back',
    help: 'The screen of the cutover, or of the way back: how long writes are stopped, the steps and what each waits for, the lag of each slot, who writes. It opens by itself once one begins.',
    footer: 90,
    off: ({live}) => (latestCutover(live.run) === null ? 'no cutover was begun: longhaul cutover --check' : null),
    run: (ctx) => openOverlay(ctx.store, {kind: 'cutover', top: 0}),
  },
  {
    ...RUN,
    // On the screen of the cutover, which shows how old its snapshots are.
    where: EVERYWHERE,
    id: 'end-comparison',
    keys: ['E'],
    label: 'end comparison',
    also: 'snapshot vacuum xmin last compare',
    help: 'End the last comparison, which goes on behind the hand-over and whose snapshots keep vacuum from its work.',
    footer: 92,
    off: unless(({live: {run}}) => whyNoEndOfComparison(run)?.why ?? null),
    run: (ctx) => ask(ctx, {about: 'end-comparison'}),
  },
  {
    ...RUN,
    id: 'findings',
    keys: ['f'],
    label: 'findings',
    also: 'alarm error warning warn remedy',
    help: 'What keeps the run from going on, alarms and findings, each whole and with its remedy.',
    footer: 81,
    run: (ctx) => openOverlay(ctx.store, {kind: 'findings', top: 0}),
  },
  {
    ...RUN,
    id: 'pause-replay',
    keys: [],
    label: 'pause replay',
    help: 'Pause replay on the replica.',
    footer: 0,
    off: unless(({live}) => (live.run.replayPaused ? 'replay is paused already' : null)),
    run: (ctx) => ask(ctx, {about: 'pause-replay'}),
  },
  {
    ...RUN,
    id: 'resume-replay',
    keys: [],
    label: 'resume replay',
    help: "Resume replay on the replica: type the run's name. Refused while P is needed.",
    footer: 0,
    off: unless(({live}) => (live.run.replayPaused ? whyPaused(live.run) : 'replay is not paused by this run')),
    run: (ctx) => ask(ctx, {about: 'resume-replay'}),
  },
  {
    ...RUN,
    id: 'accept-differences',
    keys: [],
    label: 'accept what differs',
    also: 'difference missing index foreign key not valid',
    help: "Accept what could not be built on the target: type the run's name. The report says who accepted it, and when.",
    footer: 0,
    off: unless(({live}) => (openDifferences(live.run).length > 0 ? null : 'no difference is left to accept')),
    run: (ctx) => ask(ctx, {about: 'accept-differences'}),
  },
  {
    ...RUN,
    id: 'release',
    keys: ['X'],
    label: 'release slots',
    also: 'drop way out',
    help: "The way out when the primary's WAL disk fills: drop the run's slots, end its lanes; P is lost. Type the run's name.",
    footer: 0,
    off: (state) => {
      const never =
        state.live.link.status === 'connected'
          ? noCommands(state)
          : 'no connection to the supervisor: longhaul release, in another window, does it without';
      return never ?? (needsOf(state.live.run).slots === null ? 'this run has no slots' : null);
    },
    run: (ctx) => ask(ctx, {about: 'release'}),
  },
  {
    ...RUN,
    id: 'cdc-started',
    keys: [],
    label: 'change capture has begun',
    also: 'cdc dms started',
    help: "Tell the run that change capture reads the slots, so that they may move past P: type the run's name.",
    footer: 0,
    off: unless(({live}) => cdcNotExpected(live.run)),
    run: (ctx) => ask(ctx, {about: 'cdc-started'}),
  },
  {
    ...RUN,
    id: 'shutdown',
    keys: [],
    label: 'end supervisor, keep lanes',
    help: 'End the supervisor; the lanes keep running, and `longhaul run` takes them over again.',
    footer: 0,
    off: noCommands,
    run: (ctx) => ask(ctx, {about: 'shutdown'}),
  },
  {
    ...RUN,
    id: 'shutdown-lanes',
    keys: [],
    label: 'end supervisor and lanes',
    help: 'End the supervisor and cancel every lane; none of their rows stay.',
    footer: 0,
    off: noCommands,
    run: (ctx) => ask(ctx, {about: 'shutdown-lanes'}),
  },
  {
    ...RUN,
    id: 'write-report',
    keys: ['W'],
    label: 'report',
    help: 'Write the report of the run so far, report.md in the run folder (longhaul report prints it).',
    footer: 0,
    off: ({view}) => (view.readOnly ? 'read-only: longhaul report prints it' : null),
    run: writeReport,
  },
];

// Says where it is, or why there is none.
async function writeReport(ctx: ActionContext): Promise<void> {
  const {writeReport: write} = ctx.outside;
  if (write === null) {
    say(ctx.store, 'no report from here: longhaul status --json has all figures', 'warn');
    return;
  }
  try {
    say(ctx.store, `report: ${screenText(await write())}`, 'good');
  } catch (error) {
    say(ctx.store, `no report: ${screenText(error instanceof Error ? error.message : String(error))}`, 'bad');
  }
}

/** Why replay must stay paused; null where nothing needs it any more. */
function whyPaused(run: RunState): string | null {
  const {replica} = needsOf(run);
  return replica === null ? null : `P would be lost: ${replica}`;
}
