import type {Finding} from '../../../../domain/run/finding.ts';
import {LonghaulError} from '../../../../domain/base/longhaul-error.ts';
import {namesOfSlots} from '../../../plan/plan-slots.ts';
import {found} from '../../../preflight/found.ts';
import type {StepContext} from '../../../step.ts';
import {withDms} from '../api/client.ts';
import {judgeEndpoints} from './judge-tasks.ts';
import {lintTask} from './lint-settings.ts';
import {ofRun, readEndpoints, readTasks} from '../api/read-tasks.ts';

const {blocker, warning, note} = found('dms', 'AWS DMS');

/** Whether DMS can be called, its replication instance is there, and what longhaul.yaml names of endpoints and tasks loses nothing quietly. */
export async function checkTasks(ctx: StepContext): Promise<Finding[]> {
  const of = ofRun(ctx.config);
  if (of.dms.mode === 'files')
    return [note('files', 'cdc.dms.mode is files: calls are written and not made; nothing of DMS is checked here')];
  const slots = namesOfSlots(ctx.config.slots);
  try {
    return await withDms(of.dms, async (client) => {
      const {ReplicationInstances: [instance] = []} = await client
        .describeReplicationInstances({Filters: [{Name: 'replication-instance-arn', Values: [of.dms.instance]}]})
        .catch((error: unknown) => {
          if (error instanceof Error && error.name === 'ResourceNotFoundFault') return {ReplicationInstances: []};
          throw error;
        });
      const tasks = await readTasks(client, of, {slots: Object.keys(of.dms.tasks), withSettings: true});
      return [
        ...judgeInstance(instance?.ReplicationInstanceStatus),
        ...judgeEndpoints('dms', await readEndpoints(client, of, slots)),
        ...[...tasks].flatMap(([slot, task]) =>
          lintTask(JSON.parse(task.ReplicationTaskSettings ?? '{}')).map(({setting, is, why, set}) =>
            warning(
              'setting',
              `the task of ${slot}: ${setting} is ${is}: ${why}`,
              `set it to ${set}, while the task does not run: aws dms modify-replication-task --replication-task-settings`,
            ),
          ),
        ),
      ];
    });
  } catch (error) {
    if (!(error instanceof LonghaulError)) throw error;
    return [blocker('api', error.message, error.remedy)];
  }
}

/** Pure. */
export function judgeInstance(status: string | undefined): Finding[] {
  if (status === 'available') return [];
  return [
    blocker(
      'instance',
      status === undefined
        ? 'there is no such replication instance in this region'
        : `the replication instance is ${status}, and not available`,
      'cdc.dms.instance in longhaul.yaml: the ARN of one that is available; or wait until it is',
    ),
  ];
}
