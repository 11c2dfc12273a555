import {
  claimedEndpoints,
  claimedNodes,
  claimedPglogicalSubscriptions,
  claimedPublications,
  claimedSentinels,
  claimedSets,
  claimedSlots,
  claimedSubscriptions,
  claimedTasks,
  claimedTargetNodes,
} from '../../domain/run/claimed.ts';
import {isCutoverUnderWay} from '../../domain/run/cutover/cutover.ts';
import {planOpen} from '../capture/read-only-target.ts';
import {dropPublication} from '../../pg/capture/publications.ts';
import {disablePglogicalSubscription, dropPglogicalSubscription} from '../../pg/capture/pglogical.ts';
import {dropSentinel} from '../../pg/capture/sentinels.ts';
import {detachSlot, disableSubscription, dropSubscription} from '../../pg/capture/subscriptions.ts';
import {planTakeBack} from '../compare/again/take-back.ts';
import type {StepId} from '../../domain/run/step-id.ts';
import {dropNode, dropReplicationSet} from '../../pg/replication/pglogical.ts';
import {dropSlot} from '../../pg/replication/slots.ts';
import {renderStatement, type Statement} from '../../pg/session/statement.ts';
import type {Action} from '../action.ts';
import type {StepContext} from '../step.ts';
import {planBackOut} from '../cutover/going-back.ts';
import {planUnshut} from '../cutover/shut.ts';
import {reverseOf} from '../back/reverse-of.ts';
import {planResume} from './resume-after.ts';

/** An action as it is shown, without what executes it. */
type Shown = Pick<Action, 'on' | 'text'>;

/** What undoing a step runs, from what the run has claimed and paused: asks no server but for the name of a function. */
export async function claimedActions(ctx: StepContext, step: StepId): Promise<readonly Shown[]> {
  const {claimed, replayPaused, cutover} = ctx.state();
  if (step === 'create-slots') return onSource(claimedSlots(claimed).map((name) => dropSlot(name)));
  if (step === 'create-replication-sets') return onSource(claimedSets(claimed).map((name) => dropReplicationSet(name)));
  if (step === 'create-node') return onSource(claimedNodes(claimed).map((name) => dropNode(name)));
  if (step === 'create-publications')
    return onSource(claimedPublications(claimed).map((name) => dropPublication(name)));
  if (step === 'create-sentinels') return onSource(claimedSentinels(claimed).map((name) => dropSentinel(name)));
  if (step === 'prepare-cdc') return [...pglogicalEnds(claimed), ...onDms('endpoint', claimedEndpoints(claimed))];
  if (step === 'start-cdc') {
    const ends = claimedSubscriptions(claimed).flatMap((name) => [
      disableSubscription(name),
      detachSlot(name),
      dropSubscription(name),
    ]);
    return [
      ...ends.map((statement): Shown => ({on: 'target', text: renderStatement(statement)})),
      ...(await planOpen(ctx)),
      ...onDms('task', claimedTasks(claimed)),
    ];
  }
  if (step === 'compare-again') return planTakeBack(ctx, 'abort');
  if (step === 'prepare-reverse') return (await reverseOf(ctx)?.planRemoval(ctx)) ?? [];
  if (step === 'hand-over') return [...(await planUnshut(ctx, 'source')), ...(await planUnshut(ctx, 'target'))];
  if (step === 'stop-writes') return isCutoverUnderWay(cutover) ? planBackOut(ctx) : [];
  return step === 'pause-replay' && replayPaused ? [await planResume(ctx, 'abort')] : [];
}

/** What DMS calls by ARNs, which only DMS knows: by their names. */
function onDms(what: 'endpoint' | 'task', names: readonly string[]): Shown[] {
  const how = what === 'task' ? 'stop the task of DMS that reads' : 'delete the endpoint of DMS';
  return names.map((name) => ({on: 'jump box', text: `${how} ${name}`}));
}

function pglogicalEnds(claimed: readonly string[]): Shown[] {
  const ends = claimedPglogicalSubscriptions(claimed).flatMap((name) => [
    disablePglogicalSubscription(name),
    dropPglogicalSubscription(name),
  ]);
  const nodes = claimedTargetNodes(claimed).map((name) => dropNode(name));
  const onTarget = [...ends, ...nodes].map((statement): Shown => ({on: 'target', text: renderStatement(statement)}));
  return [...onTarget, ...(ends.length === 0 ? [] : onSource(claimedSlots(claimed).map((name) => dropSlot(name))))];
}

function onSource(statements: readonly Statement[]): Shown[] {
  return statements.map((statement) => ({on: 'source', text: renderStatement(statement)}));
}
