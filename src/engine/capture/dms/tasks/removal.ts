import {LonghaulError} from '../../../../domain/base/longhaul-error.ts';
import {claimedTasks} from '../../../../domain/run/claimed.ts';
import type {Action} from '../../../action.ts';
import type {StepContext} from '../../../step.ts';
import {waitUntilUnread} from '../../slots/wait-unread.ts';
import {callAction} from '../api/call-action.ts';
import {withDms, type DmsClient} from '../api/client.ts';
import {taskName} from '../wanted/names.ts';
import {poll} from '../api/poll.ts';
import {ofRun, readTasks} from '../api/read-tasks.ts';
import {planRemovalFile, shellRemoval} from './write-files.ts';

const STOP_MS = 600_000;
const DELETE_MS = 600_000;

/**
 * Stops this run's tasks, deletes those that it has made, and waits until nobody reads the slots. Asks nobody where none was claimed. By files only somebody else can: what is to
 * be run is said.
 */
export async function planRemoval(ctx: StepContext): Promise<Action[]> {
  const slots = claimedTasks(ctx.state().claimed);
  if (slots.length === 0) return [];
  const of = ofRun(ctx.config);
  if (of.dms.mode === 'files')
    return [
      ...planRemovalFile(ctx, of, {tasks: slots, endpoints: slots}),
      waitUntilUnread(ctx, slots, {
        remedy: `where aws may call DMS: ${shellRemoval(ctx)}; then give the command again`,
      }),
    ];
  const tasks = await withDms(of.dms, async (client) => readTasks(client, of, {slots, withSettings: false}));
  const ends = [...tasks].flatMap(([slot, task]) => {
    const arn = task.ReplicationTaskArn ?? '';
    const request = {ReplicationTaskArn: arn};
    const stop = callAction(of, {command: 'stop-replication-task', request}, async (client) =>
      stopOne(ctx, client, slot),
    );
    const isOurs = of.dms.tasks[slot] === undefined && task.ReplicationTaskIdentifier === taskName(of.run, slot);
    const remove = callAction(of, {command: 'delete-replication-task', request}, async (client) => {
      await client.deleteReplicationTask(request);
      await untilGone(ctx, client, slot);
    });
    return [...(isStopped(task.Status) ? [] : [stop]), ...(isOurs ? [remove] : [])];
  });
  return [...ends, waitUntilUnread(ctx, slots, false)];
}

function isStopped(status: string | undefined): boolean {
  return ['ready', 'stopped', 'failed', 'creating'].includes(status ?? '');
}

/** Stops a slot's task and waits until it is stopped; nothing where it does not run. */
export async function stopOne(ctx: StepContext, client: DmsClient, slot: string): Promise<void> {
  const of = ofRun(ctx.config);
  const read = async () => (await readTasks(client, of, {slots: [slot], withSettings: false})).get(slot);
  let isAsked = false;
  const stopped = await poll(ctx, STOP_MS, async () => {
    const task = await read();
    if (task === undefined || isStopped(task.Status)) return true;
    // One that is just being started cannot be stopped yet.
    if (task.Status === 'running' && !isAsked) {
      await client.stopReplicationTask({ReplicationTaskArn: task.ReplicationTaskArn});
      isAsked = true;
    }
    return null;
  });
  if (stopped !== null) return;
  throw new LonghaulError({
    code: 'failed',
    message: `the task of ${slot} is not stopped after ${STOP_MS / 60_000} min`,
    remedy: 'see it in the console of DMS; then give the command again',
  });
}

async function untilGone(ctx: StepContext, client: DmsClient, slot: string): Promise<void> {
  const of = ofRun(ctx.config);
  await poll(ctx, DELETE_MS, async () =>
    (await readTasks(client, of, {slots: [slot], withSettings: false})).has(slot) ? null : true,
  );
}
