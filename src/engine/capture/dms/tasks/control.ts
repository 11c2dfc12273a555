import {LonghaulError} from '../../../../domain/base/longhaul-error.ts';
import type {Action} from '../../../action.ts';
import type {StepContext} from '../../../step.ts';
import {waitUntilUnread} from '../../slots/wait-unread.ts';
import {callAction} from '../api/call-action.ts';
import {resumeTask} from '../wanted/calls.ts';
import {withDms} from '../api/client.ts';
import {taskName} from '../wanted/names.ts';
import {ofRun, readTasks} from '../api/read-tasks.ts';
import {stopOne} from './removal.ts';
import {waitFor} from './start-one.ts';
import {resumeLine, stopLine} from './write-files.ts';

const RUNNING_MS = 900_000;

/** Stops the slot's task, and waits until nobody reads the slot. */
export async function planStop(ctx: StepContext, slot: string): Promise<readonly Action[]> {
  const of = ofRun(ctx.config);
  if (of.dms.mode === 'files') throw byHand(slot, stopLine(of, slot));
  const request = {ReplicationTaskArn: await arnOf(ctx, slot)};
  return [
    callAction(of, {command: 'stop-replication-task', request}, async (client) => stopOne(ctx, client, slot)),
    waitUntilUnread(ctx, [slot], true),
  ];
}

/** Goes on with a task that was stopped or has failed, from where it is; nothing where it runs. It is never loaded again. */
export async function planResume(ctx: StepContext, slot: string): Promise<readonly Action[]> {
  const of = ofRun(ctx.config);
  if (of.dms.mode === 'files') throw byHand(slot, resumeLine(of, slot));
  const arn = await arnOf(ctx, slot);
  return [
    callAction(of, {command: 'start-replication-task', request: resumeTask(arn)}, async (client) => {
      const task = await waitFor(ctx, client, {
        slot,
        isThere: ({Status}) => ['stopped', 'failed', 'running'].includes(Status ?? ''),
        limitMs: RUNNING_MS,
      });
      if (task.Status !== 'running') await client.startReplicationTask(resumeTask(arn));
      await waitFor(ctx, client, {slot, isThere: ({Status}) => Status === 'running', limitMs: RUNNING_MS});
    }),
  ];
}

async function arnOf({config}: StepContext, slot: string): Promise<string> {
  const of = ofRun(config);
  const tasks = await withDms(of.dms, async (client) => readTasks(client, of, {slots: [slot], withSettings: false}));
  const arn = tasks.get(slot)?.ReplicationTaskArn;
  if (arn !== undefined) return arn;
  throw new LonghaulError({
    code: 'failed',
    message: `DMS has no task of ${slot}: ${taskName(of.run, slot)} is not there`,
    remedy: 'longhaul run says what is to be done: start-cdc checks it',
  });
}

function byHand(slot: string, line: string): LonghaulError {
  return new LonghaulError({
    code: 'failed',
    message: `cdc.dms.mode is files: Longhaul calls nobody, and the task of ${slot} is as it was`,
    remedy: `where aws may call DMS: ${line}`,
  });
}
