import {fenceBroken} from '../../domain/pg/boundary.ts';
import {isCompared, isLoadOver} from '../../domain/rules/needs.ts';
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
 * where its answer decides: everything is compared, and replay was not resumed by the run. A new P that is asked for by name is taken all
 * the same.
 */
export async function checkAfterLoad(ctx: StepContext): Promise<ServedCheck | null> {
  const state = ctx.state();
  if (isLoadOver(state, false)) return served('the load at P is over');
  if (!isCompared(state) || asksForNewBoundary(ctx)) return null;
  const left = await whyLeft(ctx);
  return left !== null && isLoadOver(state, true)
    ? served(`all is loaded and compared at P, and since then ${left}`)
    : null;
}

/** `longhaul run --from pause-replay` is how a new P is asked for. */
function asksForNewBoundary({begunAt}: StepContext): boolean {
  return begunAt === 'pause-replay' || begunAt === 'capture-boundary';
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
