import {fenceBroken} from '../../domain/pg/boundary.ts';
import {isCompared, isLoadOver} from '../../domain/rules/needs.ts';
import type {StepId} from '../../domain/run/step-id.ts';
import {readReplicaPosition} from '../../pg/replication/replica.ts';
import type {Served} from '../../domain/run/evidence/step-evidence.ts';
import type {StepContext} from '../step.ts';

/** What a step's check gives that has served. */
export interface ServedCheck {
  readonly done: Served;
  readonly findings: readonly [];
}

/**
 * The check of a step that leads to P, or works at it, once the run needs neither any more; null while it does. The replica is only asked
 * where its answer decides: everything is compared, and replay was not resumed by the run. What is asked for by name is done all the same.
 */
export async function checkAfterLoad(ctx: StepContext): Promise<ServedCheck | null> {
  const state = ctx.state();
  if (isLoadOver(state, false)) return served('the load at P is over');
  if (!isCompared(state) || isAskedForByName(ctx)) return null;
  const left = await whyLeft(ctx);
  return left !== null && isLoadOver(state, true)
    ? served(`all is loaded and compared at P, and since then ${left}`)
    : null;
}

/**
 * Whether a step that has made what captures the tables is behind a P that was proved: it makes nothing again there, for that would not bring what was missed meanwhile, and would hide that it was. What is there still the
 * proof says, which is made anew at every walk. False before such a P, and for whoever asks for the step by its name.
 */
export function isBehindP(
  {state, begunAt}: Pick<StepContext, 'state' | 'begunAt'>,
  id: 'create-publications' | 'create-replication-sets' | 'add-tables',
): boolean {
  const {boundaryProved, evidence} = state();
  return boundaryProved && evidence[id] !== undefined && begunAt !== id;
}

/** Who begins with one of these by its name wants it done: `longhaul run --from pause-replay` is how a new P is asked for. */
const AT_BOUNDARY: readonly StepId[] = [
  'pause-replay',
  'capture-boundary',
  'prove-boundary',
  'strip-target',
  'full-load',
  'compare-rows',
  'compare-objects',
];

function isAskedForByName({begunAt}: StepContext): boolean {
  return AT_BOUNDARY.some((id) => id === begunAt);
}

function served(why: string): ServedCheck {
  return {done: {served: why}, findings: []};
}

async function whyLeft(ctx: StepContext): Promise<string | null> {
  const {boundary} = ctx.state();
  if (boundary === null) return null;
  const replica = await ctx.session('replica');
  return fenceBroken(boundary, await replica.one(readReplicaPosition(replica.version)));
}
