import {formatRelation} from '../../../domain/pg/relation.ts';
import type {Operation} from './operation.ts';
import {ApiError, filterOf, textOf} from './requests.ts';
import type {Json, TableCounts, TaskRow} from './store.ts';

/** Rows of a page, where the request does not say how many. */
const PAGE = 100;

/** One page of a list, and the marker of the next. */
function pageOf(rows: readonly unknown[], request: Json, key: string): Json {
  const from = Number(textOf(request, 'Marker') === '' ? 0 : textOf(request, 'Marker'));
  const most = typeof request['MaxRecords'] === 'number' ? request['MaxRecords'] : PAGE;
  const next = from + most;
  return {[key]: rows.slice(from, next), ...(next < rows.length ? {Marker: String(next)} : {})};
}

/** A filter that matches nothing is an error to AWS. */
function found<Row>(rows: readonly Row[], isFiltered: boolean, what: string): readonly Row[] {
  if (rows.length === 0 && isFiltered)
    throw new ApiError('ResourceNotFoundFault', `No ${what} found matching the filter.`);
  return rows;
}

function isWanted(wanted: readonly string[] | null, value: string): boolean {
  return wanted === null || wanted.includes(value);
}

const describeTasks: Operation = ({tasks}, request) => {
  const [arns, ids] = [filterOf(request, 'replication-task-arn'), filterOf(request, 'replication-task-id')];
  const rows = tasks
    .all()
    .filter((task) => isWanted(arns, task.arn) && isWanted(ids, textOf(task.made, 'ReplicationTaskIdentifier')));
  return pageOf(
    found(rows.map(describeTask), arns !== null || ids !== null, 'replication tasks'),
    request,
    'ReplicationTasks',
  );
};

/** A task as the API shows it. */
export function describeTask(task: TaskRow): Json {
  return {
    ...task.made,
    ReplicationTaskArn: task.arn,
    Status: task.status,
    ...(task.stopReason === null ? {} : {StopReason: task.stopReason}),
    ...(task.lastFailure === null ? {} : {LastFailureMessage: task.lastFailure}),
    ...(task.checkpoint === null ? {} : {RecoveryCheckpoint: `checkpoint:V1#1#${task.checkpoint}#0#0#*#0#0`}),
    ReplicationTaskStats: {
      TablesLoaded: 0,
      TablesErrored: task.status === 'failed' ? 1 : 0,
      ...(task.startedAt === undefined ? {} : {StartDate: task.startedAt}),
      ...(task.endedAt === undefined ? {} : {StopDate: task.endedAt}),
    },
  };
}

const describeEndpoints: Operation = ({store}, request) => {
  const [arns, ids] = [filterOf(request, 'endpoint-arn'), filterOf(request, 'endpoint-id')];
  const rows = store.endpoints.filter(
    ({arn, made}) => isWanted(arns, arn) && isWanted(ids, textOf(made, 'EndpointIdentifier')),
  );
  const shown = rows.map(({arn, made}) => ({...made, EndpointArn: arn, Status: 'active'}));
  return pageOf(found(shown, arns !== null || ids !== null, 'endpoints'), request, 'Endpoints');
};

const describeConnections: Operation = ({store}, request) => {
  const arns = filterOf(request, 'endpoint-arn');
  const rows = store.connections.filter(({endpoint}) => isWanted(arns, endpoint));
  const shown = rows.map(({instance, endpoint, status, failure}) => ({
    ReplicationInstanceArn: instance,
    EndpointArn: endpoint,
    Status: status,
    ...(failure === null ? {} : {LastFailureMessage: failure}),
  }));
  return pageOf(found(shown, arns !== null, 'connections'), request, 'Connections');
};

const describeInstances: Operation = ({instance}, request) => {
  const arns = filterOf(request, 'replication-instance-arn');
  const rows = isWanted(arns, instance)
    ? [{ReplicationInstanceArn: instance, ReplicationInstanceStatus: 'available', EngineVersion: '3.5.4'}]
    : [];
  return pageOf(found(rows, arns !== null, 'replication instances'), request, 'ReplicationInstances');
};

const describeStatistics: Operation = ({tasks}, request) => {
  const task = tasks.must(textOf(request, 'ReplicationTaskArn'));
  const states = filterOf(request, 'table-state');
  const rows = task.tables.map((counts) => ({...statisticsOf(counts), TableState: stateOf(task, counts)}));
  const page = pageOf(
    rows.filter(({TableState}) => isWanted(states, TableState)),
    request,
    'TableStatistics',
  );
  return {ReplicationTaskArn: task.arn, ...page};
};

function stateOf({faults}: TaskRow, {schema, table}: TableCounts): string {
  return faults.suspend === formatRelation({schema, name: table}) ? 'Table error' : 'Table completed';
}

function statisticsOf(counts: TableCounts): Json {
  return {
    SchemaName: counts.schema,
    TableName: counts.table,
    Inserts: counts.inserts,
    Updates: counts.updates,
    Deletes: counts.deletes,
    AppliedInserts: counts.appliedInserts,
    AppliedUpdates: counts.appliedUpdates,
    AppliedDeletes: counts.appliedDeletes,
    ValidationState: 'Not enabled',
  };
}

/** The operations that only read. */
export const describeOperations: Readonly<Record<string, Operation>> = {
  DescribeReplicationTasks: describeTasks,
  DescribeEndpoints: describeEndpoints,
  DescribeConnections: describeConnections,
  DescribeReplicationInstances: describeInstances,
  DescribeTableStatistics: describeStatistics,
};
