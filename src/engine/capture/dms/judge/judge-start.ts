import type {ReplicationTask} from '@aws-sdk/client-database-migration-service';
import type {PlannedSlot} from '../../../../domain/pg/slot-plan.ts';
import {newSlots} from '../../../../domain/reading/slots-away.ts';
import {taskObject} from '../../../../domain/run/claimed.ts';
import type {Finding} from '../../../../domain/run/finding.ts';
import type {RunState} from '../../../../domain/run/run-state.ts';
import type {StepContext} from '../../../step.ts';
import {judgeReady, judgeSlots} from '../../native/judge-start.ts';
import {describeNotCaptured} from '../../guard/not-captured.ts';
import {readSlotsThere} from '../../guard/slots-there.ts';
import {readNotInSets} from '../read-not-in-sets.ts';

/** Why no task may begin at P now: the load is not in, a slot has moved, a table is in no set any more. */
export async function judgeStart(ctx: StepContext, slots: readonly PlannedSlot[]): Promise<Finding[]> {
  return [...judgeReady(ctx), ...(await judgeSlots(ctx)), ...(await judgeTables(ctx, slots))];
}

/** A task that was started before this run says so has read its slot already, from wherever it liked. Pure. */
export function judgeBegun(
  tasks: ReadonlyMap<string, ReplicationTask>,
  {claimed, cdcStarted}: Pick<RunState, 'claimed' | 'cdcStarted'>,
): Finding[] {
  return [...tasks]
    .filter(([slot, {Status}]) => !isFresh(Status) && (cdcStarted === null || !claimed.includes(taskObject(slot))))
    .map(([slot, task]) => ({
      check: 'start-cdc.taken',
      severity: 'blocker',
      subject: `task ${task.ReplicationTaskIdentifier ?? slot}`,
      seen: `it is ${task.Status}, and was started before: what it has read of its slot nobody knows`,
      remedy: `when nobody needs it, delete it: aws dms delete-replication-task --replication-task-arn ${task.ReplicationTaskArn ?? ''}; then longhaul run, which makes a new one`,
    }));
}

/** Whether a task was never started. */
export function isFresh(status: string | undefined): boolean {
  return ['creating', 'ready', 'modifying', 'testing'].includes(status ?? '');
}

/** A task that has begun and is no longer there. */
export function judgeGone(ctx: StepContext, slot: string): Finding {
  return {
    check: 'start-cdc.gone',
    severity: 'blocker',
    subject: taskObject(slot),
    seen: 'somebody has deleted it, and with it how far it was',
    remedy: newSlots(ctx.config.run),
  };
}

async function judgeTables(ctx: StepContext, slots: readonly PlannedSlot[]): Promise<Finding[]> {
  const left = await readNotInSets(ctx, await readSlotsThere(ctx, slots));
  return left.map(describeNotCaptured).map((what) => ({
    check: 'start-cdc.not-in-sets',
    severity: 'blocker',
    subject: what,
    seen: 'it is in no replication set of its slot any more, and what was written to it since is lost',
    remedy: newSlots(ctx.config.run),
  }));
}
