import {mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import type {Inventory} from '../../../../domain/pg/inventory.ts';
import type {Lsn} from '../../../../domain/pg/lsn.ts';
import type {PlannedSlot} from '../../../../domain/pg/slot-plan.ts';
import type {Action} from '../../../action.ts';
import {writeWhole} from '../../../run/run-folder.ts';
import type {StepContext} from '../../../step.ts';
import {shellQuote} from '../../../tools/shell-quote.ts';
import {createSourceEndpoint, createTargetEndpoint, createTask, startTask, type CallsFrom} from '../wanted/calls.ts';
import {regionOf} from '../api/client.ts';
import {sourceEndpointName, targetEndpointName, taskName} from '../wanted/names.ts';

/** Where the files of `cdc.dms.mode: files` are. */
export function filesFolder({folder}: Pick<StepContext, 'folder'>): string {
  return join(folder.path, 'dms');
}

/** Writes the calls that make and test the endpoints, and their command lines: endpoints.sh. */
export function planEndpointFiles(ctx: StepContext, from: CallsFrom, slots: readonly string[]): Action[] {
  const {dms, run} = from;
  const sources = slots
    .filter((slot) => dms.sourceEndpoints[slot] === undefined)
    .map((slot) => createSourceEndpoint(from, slot));
  const calls = [...sources, ...(dms.targetEndpoint === null ? [createTargetEndpoint(from)] : [])];
  const files = calls.map((call) => [`create-endpoint.${call.EndpointIdentifier}.json`, call] as const);
  const all = [...slots.map((slot) => sourceArn(from, slot)), targetArn(from)];
  const lines = [
    ...files.map(([name]) => aws(from, `create-endpoint --cli-input-json file://${name}`)),
    ...all.map((arn) =>
      aws(from, `test-connection --replication-instance-arn ${shellQuote(dms.instance)} --endpoint-arn ${arn}`),
    ),
  ];
  return planFiles(ctx, [
    ...files.map(([name, call]) => [name, json(call)] as const),
    ['endpoints.sh', script(`the endpoints of ${run}, before longhaul goes on`, lines)],
  ]);
}

/** Writes the calls that make and start each slot's task at P, and one command line for each: SLOT.sh. */
export function planTaskFiles(
  ctx: StepContext,
  from: CallsFrom,
  {
    slots,
    inventory,
    boundary,
  }: {
    readonly slots: readonly PlannedSlot[];
    readonly inventory: Pick<Inventory, 'tables'>;
    readonly boundary: Lsn;
  },
): Action[] {
  const files = slots.flatMap((slot): (readonly [string, string])[] => {
    const {name} = slot;
    // Only AWS knows the ARNs: the command line puts them in, and what it puts in goes before what is in the file.
    const endpoints = {source: '', target: ''};
    const {
      SourceEndpointArn: _,
      TargetEndpointArn: __,
      ...create
    } = createTask(from, {slot, inventory, endpoints, boundary});
    const {ReplicationTaskArn: ___, ...start} = startTask('', boundary);
    return [
      [`create-replication-task.${name}.json`, json(create)],
      [`start-replication-task.${name}.json`, json(start)],
      [`${name}.sh`, script(`the task of ${name}, from P ${boundary}`, [taskLine(from, name)])],
    ];
  });
  return planFiles(ctx, files);
}

/** Writes the commands that take it all back: remove.sh. What longhaul.yaml names is stopped, and stays. */
export function planRemovalFile(
  ctx: StepContext,
  from: Pick<CallsFrom, 'run' | 'dms'>,
  {tasks, endpoints}: {readonly tasks: readonly string[]; readonly endpoints: readonly string[]},
): Action[] {
  const {run, dms} = from;
  // One that is not there, or does not run, keeps none of the others: whether the slots are free is asked of the source.
  const ofTasks = tasks.flatMap((slot) => {
    const id = `--filters Name=replication-task-id,Values=${taskName(run, slot)}`;
    const stop = `{ ${stopLine(from, slot)} && ${aws(from, `wait replication-task-stopped ${id}`)}; } || true`;
    if (dms.tasks[slot] !== undefined) return [`${stopLine(from, slot)} || true`];
    const remove = `delete-replication-task --replication-task-arn ${taskArn(from, slot)}`;
    return [stop, `{ ${aws(from, remove)} && ${aws(from, `wait replication-task-deleted ${id}`)}; } || true`];
  });
  const arns = [
    ...endpoints.filter((slot) => dms.sourceEndpoints[slot] === undefined).map((slot) => sourceArn(from, slot)),
    ...(dms.targetEndpoint === null ? [targetArn(from)] : []),
  ];
  const ofEndpoints = arns.map((arn) => `${aws(from, `delete-endpoint --endpoint-arn ${arn}`)} || true`);
  return planFiles(ctx, [
    ['remove.sh', script(`takes back the tasks and endpoints of ${run}`, [...ofTasks, ...ofEndpoints])],
  ]);
}

/** The command that does it. */
export function shellRemoval(ctx: Pick<StepContext, 'folder'>): string {
  return `sh ${shellQuote(join(filesFolder(ctx), 'remove.sh'))}`;
}

/** Makes a task, waits until it is there, and starts it: one line. A task that longhaul.yaml names is started alone. */
function taskLine(from: CallsFrom, slot: string): string {
  const given = from.dms.tasks[slot];
  const arn = given === undefined ? taskArn(from, slot) : shellQuote(given);
  const start = aws(
    from,
    `start-replication-task --cli-input-json file://start-replication-task.${slot}.json --replication-task-arn ${arn}`,
  );
  if (given !== undefined) return start;
  const id = `--filters Name=replication-task-id,Values=${taskName(from.run, slot)}`;
  return [
    aws(
      from,
      `create-replication-task --cli-input-json file://create-replication-task.${slot}.json --source-endpoint-arn ${sourceArn(from, slot)} --target-endpoint-arn ${targetArn(from)}`,
    ),
    aws(from, `wait replication-task-ready ${id}`),
    start,
  ].join(' && ');
}

/** The command that stops a slot's task, for somebody who may. Pure. */
export function stopLine(from: Pick<CallsFrom, 'run' | 'dms'>, slot: string): string {
  const given = from.dms.tasks[slot];
  return aws(
    from,
    `stop-replication-task --replication-task-arn ${given === undefined ? taskArn(from, slot) : shellQuote(given)}`,
  );
}

/** The command that goes on with a slot's task: never another start type. Pure. */
export function resumeLine(from: Pick<CallsFrom, 'run' | 'dms'>, slot: string): string {
  const given = from.dms.tasks[slot];
  const arn = given === undefined ? taskArn(from, slot) : shellQuote(given);
  return aws(
    from,
    `start-replication-task --start-replication-task-type resume-processing --replication-task-arn ${arn}`,
  );
}

function aws({dms}: Pick<CallsFrom, 'dms'>, words: string): string {
  const endpoint = dms.endpointUrl === null ? '' : ` --endpoint-url ${shellQuote(dms.endpointUrl)}`;
  return `aws dms ${words} --region ${regionOf(dms)}${endpoint}`;
}

function taskArn(from: Pick<CallsFrom, 'run' | 'dms'>, slot: string): string {
  const id = `Name=replication-task-id,Values=${taskName(from.run, slot)}`;
  return `"$(${aws(from, `describe-replication-tasks --filters ${id} --query 'ReplicationTasks[0].ReplicationTaskArn' --output text`)})"`;
}

function sourceArn(from: Pick<CallsFrom, 'run' | 'dms'>, slot: string): string {
  return endpointArn(from, from.dms.sourceEndpoints[slot] ?? null, sourceEndpointName(from.run, slot));
}

function targetArn(from: Pick<CallsFrom, 'run' | 'dms'>): string {
  return endpointArn(from, from.dms.targetEndpoint, targetEndpointName(from.run));
}

function endpointArn(from: Pick<CallsFrom, 'run' | 'dms'>, given: string | null, name: string): string {
  if (given !== null) return shellQuote(given);
  const id = `Name=endpoint-id,Values=${name}`;
  return `"$(${aws(from, `describe-endpoints --filters ${id} --query 'Endpoints[0].EndpointArn' --output text`)})"`;
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function script(what: string, lines: readonly string[]): string {
  return `#!/bin/sh\n# Written by longhaul: ${what}. Run it in this folder, where aws may call DMS.\nset -eu\ncd "$(dirname "$0")"\n${lines.join('\n')}\n`;
}

function planFiles(ctx: StepContext, files: readonly (readonly [name: string, text: string])[]): Action[] {
  const folder = filesFolder(ctx);
  return files.map(([name, text]) => ({
    on: 'jump box',
    text: `write ${shellQuote(join(folder, name))}`,
    execute: async () => {
      await mkdir(folder, {recursive: true, mode: 0o700});
      await writeWhole(join(folder, name), text);
    },
  }));
}
