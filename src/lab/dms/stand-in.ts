import type {Conninfo} from '../../config/conninfo/conninfo.ts';
import {resolveConninfo} from '../../config/conninfo/resolve-conninfo.ts';
import {surroundings} from '../../config/conninfo/surroundings.ts';
import {parseLsn} from '../../domain/pg/lsn.ts';
import {connect} from '../../pg/session/connect.ts';
import {ApiError, objectOf, parseObject, textOf} from './api/requests.ts';
import {LAB_INSTANCE} from './process.ts';
import {openStore, type EndpointRow, type Store, type TaskRow} from './api/store.ts';
import {runTask} from './task/task.ts';
import type {TaskPlace} from './task/task-place.ts';

/** What a stand-in is made with. */
export interface StandInOptions {
  /** The file that it keeps its state in. */
  readonly stateFile: string;
  /** What the references to secrets stand for: a conninfo each. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** Endpoints or tasks, by their ARN. */
interface Found<Row> {
  all(): readonly Row[];
  /** Throws ResourceNotFoundFault where there is none. */
  must(arn: string): Row;
}

/** The stand-in: what it keeps, and its tasks that run in this process. */
export interface StandIn {
  readonly store: Store;
  readonly instance: string;
  readonly endpoints: Found<EndpointRow>;
  readonly tasks: Found<TaskRow> & {
    /** A task by its ARN, its identifier or its slot. */
    find(name: string): TaskRow | undefined;
  };
  readonly arnOf: (kind: string, id: string) => string;
  /** Why an endpoint's server cannot be reached; null where it can. */
  readonly tryConnection: (endpoint: EndpointRow) => Promise<string | null>;
  readonly run: (task: TaskRow) => void;
  readonly stop: (task: TaskRow, reason: string) => void;
}

const ACCOUNT = 'arn:aws:dms:us-east-1:000000000000';

/** What a source endpoint's session has, so that nothing is rounded on its way into JSON. */
const SOURCE_OPTIONS = '-c extra_float_digits=3 -c datestyle=ISO -c intervalstyle=postgres -c timezone=UTC';

/** Makes a stand-in; tasks that ran when it was killed run again. */
export function makeStandIn({stateFile, secrets}: StandInOptions): StandIn {
  const store = openStore(stateFile);
  const running = new Map<string, AbortController>();
  const slotOf = (task: TaskRow): string => {
    const source = store.endpoints.find(({arn}) => arn === task.made['SourceEndpointArn']);
    return textOf(objectOf(source?.made ?? {}, 'PostgreSQLSettings'), 'SlotName');
  };
  const conninfoOf = (endpoint: EndpointRow): Conninfo => {
    const secret = textOf(objectOf(endpoint.made, 'PostgreSQLSettings'), 'SecretsManagerSecretId');
    const text = secrets[secret];
    if (text === undefined) throw new ApiError('AccessDeniedFault', `The secret ${secret} is not known.`);
    const options = endpoint.made['EndpointType'] === 'source' ? {options: SOURCE_OPTIONS} : {};
    return resolveConninfo(text, surroundings({}), options);
  };
  const run = (task: TaskRow): void => {
    const controller = new AbortController();
    running.set(task.arn, controller);
    void runToItsEnd({store, conninfoOf, slotOf}, task, controller.signal).finally(() => running.delete(task.arn));
  };
  for (const task of store.tasks) {
    if (task.status === 'running' || task.status === 'starting') run(task);
    else if (task.status === 'stopping') task.status = 'stopped';
  }
  return {
    store,
    instance: LAB_INSTANCE,
    endpoints: foundIn(() => store.endpoints, 'Endpoint'),
    tasks: {
      ...foundIn(() => store.tasks, 'Replication task'),
      find: (name) =>
        store.tasks.find(
          (task) => task.arn === name || task.made['ReplicationTaskIdentifier'] === name || slotOf(task) === name,
        ),
    },
    arnOf: (kind, id) => `${ACCOUNT}:${kind}:${id.toUpperCase()}`,
    tryConnection: async (endpoint) => {
      try {
        const session = await connect('target', conninfoOf(endpoint), SESSION);
        await session.close();
        return null;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    },
    run,
    stop: (task, reason) => {
      task.stopReason = reason;
      const controller = running.get(task.arn);
      if (controller === undefined) task.status = 'stopped';
      else controller.abort();
    },
  };
}

const SESSION = {applicationName: 'dms-test', statementTimeoutMs: 10_000, lockTimeoutMs: 1000, readOnly: true} as const;

function foundIn<Row extends {readonly arn: string}>(rows: () => readonly Row[], what: string): Found<Row> {
  return {
    all: rows,
    must: (arn) => {
      const row = rows().find((one) => one.arn === arn);
      if (row === undefined) throw new ApiError('ResourceNotFoundFault', `${what} ${arn} not found.`);
      return row;
    },
  };
}

/** Runs a task until it is stopped, or fails, and keeps how it has ended. */
async function runToItsEnd(places: Places, task: TaskRow, signal: AbortSignal): Promise<void> {
  try {
    await runTask(placeOf(places, task, signal));
    task.status = 'stopped';
  } catch (error) {
    task.status = 'failed';
    task.lastFailure = error instanceof Error ? error.message : String(error);
  }
  task.endedAt = (task.endedAt ?? 0) + 1;
  places.store.save();
}

interface Places {
  readonly store: Store;
  readonly conninfoOf: (endpoint: EndpointRow) => Conninfo;
  readonly slotOf: (task: TaskRow) => string;
}

function placeOf({store, conninfoOf, slotOf}: Places, task: TaskRow, signal: AbortSignal): TaskPlace {
  const endpoint = (key: string): EndpointRow => {
    const found = store.endpoints.find(({arn}) => arn === task.made[key]);
    if (found === undefined)
      throw new ApiError('ResourceNotFoundFault', `Endpoint ${textOf(task.made, key)} not found.`);
    return found;
  };
  const [source, target] = [endpoint('SourceEndpointArn'), endpoint('TargetEndpointArn')];
  const [ofSource, ofTarget] = [source, target].map(({made}) => objectOf(made, 'PostgreSQLSettings'));
  const errors = objectOf(parseObject(textOf(task.made, 'ReplicationTaskSettings')), 'ErrorBehavior');
  const policy = (key: string, usual: string): string => textOf(errors, key) || usual;
  let saved = -Infinity;
  return {
    row: task,
    name: textOf(task.made, 'ReplicationTaskIdentifier'),
    slot: slotOf(task),
    start: parseLsn(textOf(task.made, 'CdcStartPosition')),
    source: conninfoOf(source),
    target: conninfoOf(target),
    afterConnect: textOf(ofTarget ?? {}, 'AfterConnectScript') || 'SELECT 1',
    failsOnTruncation: ofSource?.['FailTasksOnLobTruncation'] === true,
    trimSpaceInChar: ofSource?.['TrimSpaceInChar'] !== false,
    policyOf: (action) => {
      if (action === 'D') return policy('ApplyErrorDeletePolicy', 'IGNORE_RECORD');
      if (action === 'U') return policy('ApplyErrorUpdatePolicy', 'LOG_ERROR');
      return policy('ApplyErrorInsertPolicy', 'LOG_ERROR');
    },
    signal,
    onChange: () => {
      // A figure that is a moment old costs nothing; a write for each transaction would.
      if (task.status === 'running' && performance.now() - saved < 500) return;
      saved = performance.now();
      store.save();
    },
  };
}
