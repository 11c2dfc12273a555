import type {Operation} from './operation.ts';
import {describeTask} from './describe.ts';
import {noFaults} from '../task/faults.ts';
import {ApiError, mustHave, textOf} from './requests.ts';
import type {TaskRow} from './store.ts';

const createEndpoint: Operation = ({store, arnOf}, request) => {
  const id = mustHave(request, 'EndpointIdentifier');
  mustHave(request, 'EndpointType');
  mustHave(request, 'EngineName');
  if (store.endpoints.some(({made}) => made['EndpointIdentifier'] === id))
    throw new ApiError('ResourceAlreadyExistsFault', `Endpoint ${id} already exists.`);
  const {Password: _, ...made} = request;
  const endpoint = {arn: arnOf('endpoint', id), made};
  store.endpoints.push(endpoint);
  store.save();
  return {Endpoint: {...made, EndpointArn: endpoint.arn, Status: 'active'}};
};

const deleteEndpoint: Operation = ({store, endpoints}, request) => {
  const endpoint = endpoints.must(textOf(request, 'EndpointArn'));
  const isUsed = store.tasks.some(({made}) =>
    [made['SourceEndpointArn'], made['TargetEndpointArn']].includes(endpoint.arn),
  );
  if (isUsed) throw new ApiError('InvalidResourceStateFault', 'The endpoint is in use by a replication task.');
  store.endpoints.splice(store.endpoints.indexOf(endpoint), 1);
  store.save();
  return {Endpoint: {...endpoint.made, EndpointArn: endpoint.arn, Status: 'deleting'}};
};

const testConnection: Operation = ({store, endpoints, tryConnection}, request) => {
  const endpoint = endpoints.must(textOf(request, 'EndpointArn'));
  const instance = mustHave(request, 'ReplicationInstanceArn');
  const others = store.connections.filter((one) => one.endpoint !== endpoint.arn);
  const connection = {instance, endpoint: endpoint.arn, status: 'testing', failure: null as string | null};
  store.connections.splice(0, Infinity, ...others, connection);
  const settle = async (): Promise<void> => {
    const failure = await tryConnection(endpoint);
    connection.status = failure === null ? 'successful' : 'failed';
    connection.failure = failure;
    store.save();
  };
  void settle();
  return {Connection: {ReplicationInstanceArn: instance, EndpointArn: endpoint.arn, Status: 'testing'}};
};

const createTask: Operation = ({store, arnOf, endpoints}, request) => {
  const id = mustHave(request, 'ReplicationTaskIdentifier');
  for (const key of ['SourceEndpointArn', 'TargetEndpointArn']) endpoints.must(mustHave(request, key));
  for (const key of ['ReplicationInstanceArn', 'MigrationType', 'TableMappings']) mustHave(request, key);
  if (store.tasks.some(({made}) => made['ReplicationTaskIdentifier'] === id))
    throw new ApiError('ResourceAlreadyExistsFault', `Replication task ${id} already exists.`);
  const task: TaskRow = {
    arn: arnOf('task', id),
    made: request,
    status: 'ready',
    stopReason: null,
    lastFailure: null,
    begun: false,
    checkpoint: null,
    faults: noFaults(),
    tables: [],
  };
  store.tasks.push(task);
  store.save();
  return {ReplicationTask: describeTask(task)};
};

const modifyTask: Operation = ({store, tasks}, request) => {
  const task = tasks.must(textOf(request, 'ReplicationTaskArn'));
  mustBe(task, ['ready', 'stopped', 'failed'], 'modified');
  task.made = {...task.made, ...request};
  store.save();
  return {ReplicationTask: describeTask(task)};
};

const startTask: Operation = ({store, tasks, run}, request) => {
  const task = tasks.must(textOf(request, 'ReplicationTaskArn'));
  const type = mustHave(request, 'StartReplicationTaskType');
  if (type === 'start-replication') {
    mustBe(task, ['ready'], 'started');
    if (task.begun) throw new ApiError('InvalidResourceStateFault', 'The task was started before: resume-processing.');
  } else if (type === 'resume-processing') mustBe(task, ['stopped', 'failed'], 'resumed');
  else throw new ApiError('InvalidParameterValueException', `The stand-in refuses ${type}: it would load anew.`);
  const start = textOf(request, 'CdcStartPosition');
  if (start !== '') task.made = {...task.made, CdcStartPosition: start};
  if (textOf(task.made, 'CdcStartPosition') === '')
    throw new ApiError('InvalidParameterCombinationException', 'The stand-in wants a CdcStartPosition.');
  Object.assign(task, {
    status: 'starting',
    begun: true,
    stopReason: null,
    lastFailure: null,
    startedAt: (task.startedAt ?? 0) + 1,
  });
  store.save();
  run(task);
  return {ReplicationTask: describeTask(task)};
};

const stopTask: Operation = ({store, tasks, stop}, request) => {
  const task = tasks.must(textOf(request, 'ReplicationTaskArn'));
  mustBe(task, ['running', 'starting'], 'stopped');
  task.status = 'stopping';
  store.save();
  stop(task, 'Stop Reason NORMAL');
  return {ReplicationTask: describeTask(task)};
};

const deleteTask: Operation = ({store, tasks}, request) => {
  const task = tasks.must(textOf(request, 'ReplicationTaskArn'));
  mustBe(task, ['ready', 'stopped', 'failed'], 'deleted');
  store.tasks.splice(store.tasks.indexOf(task), 1);
  store.save();
  return {ReplicationTask: {...describeTask(task), Status: 'deleting'}};
};

function mustBe(task: TaskRow, wanted: readonly TaskRow['status'][], what: string): void {
  if (!wanted.includes(task.status))
    throw new ApiError('InvalidResourceStateFault', `Replication Task cannot be ${what}, it is ${task.status}.`);
}

/** The operations that change something. */
export const changeOperations: Readonly<Record<string, Operation>> = {
  CreateEndpoint: createEndpoint,
  DeleteEndpoint: deleteEndpoint,
  TestConnection: testConnection,
  CreateReplicationTask: createTask,
  ModifyReplicationTask: modifyTask,
  StartReplicationTask: startTask,
  StopReplicationTask: stopTask,
  DeleteReplicationTask: deleteTask,
};
