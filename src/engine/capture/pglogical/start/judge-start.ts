import {compareLsn} from '../../../../domain/pg/lsn.ts';
import {formatRelation} from '../../../../domain/pg/relation.ts';
import {newSlots} from '../../../../domain/reading/slots-away.ts';
import {pglogicalSubscriptionObject} from '../../../../domain/run/claimed.ts';
import type {RunState} from '../../../../domain/run/run-state.ts';
import type {Finding} from '../../../../domain/run/finding.ts';
import {readOtherKinds, type PglogicalSubscription} from '../../../../pg/capture/pglogical.ts';
import {readPlan} from '../../../plan/plan-file.ts';
import type {StepContext} from '../../../step.ts';
import {judgeReady, judgeSlots} from '../../native/judge-start.ts';
import {checkInherited} from '../check-pglogical-target.ts';
import {describeNotCaptured} from '../../guard/not-captured.ts';
import {readLost} from '../../guard/lost-tables.ts';
import {adoption} from '../adoption.ts';
import {readNotInSets} from '../../dms/read-not-in-sets.ts';

/** Why change capture cannot begin at P now. */
export async function judgeStart(
  ctx: StepContext,
  subscriptions: readonly PglogicalSubscription[],
): Promise<Finding[]> {
  const tables = (await readPlan(ctx)).slots.slots.flatMap((slot) => slot.tables);
  const target = await ctx.session('target');
  const kinds = await target.run(readOtherKinds(tables));
  return [
    ...judgeReady(ctx),
    ...(await judgeSlots(ctx)),
    ...judgeAhead(subscriptions, ctx.state(), ctx.config.run),
    ...(await judgeSets(ctx)),
    ...(await checkInherited(ctx)),
    ...kinds.map((table): Finding => ({
      check: 'start-cdc.kind',
      severity: 'blocker',
      subject: formatRelation(table),
      seen: 'it is a plain table on the source and none on the target: pglogical crashes the target where they meet',
      remedy: 'make it a plain table on the target, and load it: longhaul abort, then a new run into an empty database',
    })),
  ];
}

/** One that has applied beyond P, or may, has brought rows that the load has not: it was enabled before its time. Pure. */
export function judgeAhead(
  subscriptions: readonly Pick<PglogicalSubscription, 'name' | 'enabled' | 'appliedLsn'>[],
  {boundary}: Pick<RunState, 'boundary'>,
  run: string,
): Finding[] {
  if (boundary === null) return [];
  return subscriptions
    .filter(({enabled, appliedLsn}) => enabled || (appliedLsn !== null && compareLsn(appliedLsn, boundary.lsn) > 0))
    .map(({name, enabled, appliedLsn}) => ({
      check: 'start-cdc.ahead',
      severity: 'blocker',
      subject: pglogicalSubscriptionObject(name),
      seen: enabled
        ? 'somebody has enabled it before its time'
        : `it has applied up to ${appliedLsn}, beyond P ${boundary.lsn}`,
      remedy: newSlots(run),
    }));
}

async function judgeSets(ctx: StepContext): Promise<Finding[]> {
  const {slots} = (await readPlan(ctx)).slots;
  const left = await readLost(ctx, slots, {readNotCaptured: readNotInSets, adoption});
  return left.map(describeNotCaptured).map((what) => ({
    check: 'start-cdc.not-in-sets',
    severity: 'blocker',
    subject: what,
    seen: 'it is not in its replication set any more, and what was written to it since is lost',
    remedy: newSlots(ctx.config.run),
  }));
}

/** One that was started and is no longer there. */
export function judgeGone(ctx: StepContext, name: string): Finding {
  return {
    check: 'start-cdc.gone',
    severity: 'blocker',
    subject: pglogicalSubscriptionObject(name),
    seen: 'somebody has dropped it on the target, and with it its slot and how far it was',
    remedy: newSlots(ctx.config.run),
  };
}
