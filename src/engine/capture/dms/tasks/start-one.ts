import type {ReplicationTask} from '@aws-sdk/client-database-migration-service';
import {LonghaulError} from '../../../../domain/base/longhaul-error.ts';
import type {Lsn} from '../../../../domain/pg/lsn.ts';
import type {StepContext} from '../../../step.ts';
import type {DmsClient} from '../api/client.ts';
import {poll} from '../api/poll.ts';
import {ofRun, readTasks} from '../api/read-tasks.ts';
import {resumeTask, startTask} from '../wanted/calls.ts';

/** How long DMS may take to make or change a task, and to start one. */
export const READY_MS = 600_000;
const RUNNING_MS = 900_000;

/** The first time from P; one that was started already goes on from where it is, and is never loaded again. */
export async function startOne(ctx: StepContext, client: DmsClient, {slot, P}: {slot: string; P: Lsn}): Promise<void> {
  const task = await waitFor(ctx, client, {
    slot,
    isThere: ({Status}) => !['creating', 'modifying', 'stopping'].includes(Status ?? ''),
    limitMs: READY_MS,
  });
  const arn = task.ReplicationTaskArn ?? '';
  if (task.Status === 'ready') {
    if (!mayStart(task, P))
      throw new LonghaulError({
        code: 'failed',
        message: `task ${task.ReplicationTaskIdentifier ?? slot} would begin at ${task.CdcStartPosition ?? 'no position'}, and not at P ${P}: it is not started`,
        remedy: 'longhaul run sets it to P and starts it',
      });
    await client.startReplicationTask(startTask(arn, P));
  } else if (task.Status === 'stopped' || task.Status === 'failed') await client.startReplicationTask(resumeTask(arn));
  await waitFor(ctx, client, {slot, isThere: ({Status}) => Status === 'running', limitMs: RUNNING_MS});
}

/** Whether a task that was never started may be: started anywhere but at P it would lose commits, or apply what the load has brought. Pure. */
export function mayStart({CdcStartPosition}: Pick<ReplicationTask, 'CdcStartPosition'>, P: Lsn): boolean {
  return CdcStartPosition === P;
}

/** Waits until a slot's task is so. Throws where it has failed, with DMS's own words, or is not so in time. */
export async function waitFor(
  ctx: Pick<StepContext, 'config' | 'steady' | 'sleep'>,
  client: DmsClient,
  {slot, isThere, limitMs}: {slot: string; isThere: (task: ReplicationTask) => boolean; limitMs: number},
): Promise<ReplicationTask> {
  const of = ofRun(ctx.config);
  let last: ReplicationTask | undefined;
  const found = await poll(ctx, limitMs, async () => {
    last = (await readTasks(client, of, {slots: [slot], withSettings: false})).get(slot);
    return last !== undefined && (isThere(last) || last.Status === 'failed') ? last : null;
  });
  if (found !== null && isThere(found)) return found;
  throw new LonghaulError({
    code: 'failed',
    message: `the task of ${slot} is ${last?.Status ?? 'not there'}: ${last?.LastFailureMessage ?? last?.StopReason ?? `not as it is to be after ${limitMs / 60_000} min`}`,
    remedy: 'see its log in CloudWatch, mend what it names, then longhaul run, which goes on from where the task is',
  });
}
