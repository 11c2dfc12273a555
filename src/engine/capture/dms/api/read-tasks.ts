import type {Connection, Endpoint, ReplicationTask} from '@aws-sdk/client-database-migration-service';
import type {Config} from '../../../../config/config.ts';
import type {DmsConfig} from '../../../../config/keys/dms.ts';
import {LonghaulError} from '../../../../domain/base/longhaul-error.ts';
import type {RelationName} from '../../../../domain/pg/relation.ts';
import {isNotFound, type DmsClient} from './client.ts';
import {sourceEndpointName, targetEndpointName, taskName} from '../wanted/names.ts';

/** Whose tasks: the run's name, and what longhaul.yaml has of them. */
export interface OfRun {
  readonly run: string;
  readonly dms: DmsConfig;
}

/** The run and its tasks, as longhaul.yaml has them. Throws `config` where they have been taken out of it. */
export function ofRun({run, cdc: {dms}}: Pick<Config, 'run' | 'cdc'>): OfRun {
  if (dms !== null) return {run, dms};
  throw new LonghaulError({
    code: 'config',
    message: 'this run has made endpoints or tasks of DMS, and longhaul.yaml has no cdc.dms any more',
    remedy: 'put cdc.dms back as it was, so that they can be stopped and deleted; then give the command again',
  });
}

/** The tasks that are there, by their slots. `withSettings`: with their settings and mappings, which are large. */
export async function readTasks(
  client: DmsClient,
  {run, dms}: OfRun,
  {slots, withSettings}: {readonly slots: readonly string[]; readonly withSettings: boolean},
): Promise<ReadonlyMap<string, ReplicationTask>> {
  const wanted = slots.map((slot) => ({slot, arn: dms.tasks[slot], id: taskName(run, slot)}));
  const byArn = wanted.flatMap(({arn}) => (arn === undefined ? [] : [arn]));
  const byName = wanted.flatMap(({arn, id}) => (arn === undefined ? [id] : []));
  const found = [
    ...(await describe(client, {name: 'replication-task-arn', values: byArn, withSettings})),
    ...(await describe(client, {name: 'replication-task-id', values: byName, withSettings})),
  ];
  const tasks = wanted.flatMap(({slot, arn, id}): [string, ReplicationTask][] => {
    const task = found.find((one) =>
      arn === undefined ? one.ReplicationTaskIdentifier === id : one.ReplicationTaskArn === arn,
    );
    return task === undefined ? [] : [[slot, task]];
  });
  return new Map(tasks);
}

async function describe(
  client: DmsClient,
  {name, values, withSettings}: {name: string; values: string[]; withSettings: boolean},
): Promise<ReplicationTask[]> {
  if (values.length === 0) return [];
  return all(async (Marker) => {
    const page = await client.describeReplicationTasks({
      Filters: [{Name: name, Values: values}],
      WithoutSettings: !withSettings,
      ...(Marker === undefined ? {} : {Marker}),
    });
    return {rows: page.ReplicationTasks ?? [], Marker: page.Marker};
  });
}

/** What DMS says of a table of which it applies nothing any more, after an error, while its task goes on. Source: AWS, Task status codes. */
const SUSPENDED = 'Table error';

/** A table that its slot's task has suspended. */
interface SuspendedTable {
  readonly slot: string;
  readonly table: RelationName;
}

/** The tables that the tasks of these slots have suspended, by DMS's own statistics of tables. */
export async function readSuspended(
  client: DmsClient,
  run: OfRun,
  slots: readonly string[],
): Promise<SuspendedTable[]> {
  const tables: SuspendedTable[] = [];
  for (const [slot, {ReplicationTaskArn}] of await readTasks(client, run, {slots, withSettings: false})) {
    const rows = await all(async (Marker) => {
      const page = await client.describeTableStatistics({
        ReplicationTaskArn,
        Filters: [{Name: 'table-state', Values: [SUSPENDED]}],
        ...(Marker === undefined ? {} : {Marker}),
      });
      return {rows: page.TableStatistics ?? [], Marker: page.Marker};
    });
    for (const {SchemaName: schema, TableName: name, TableState} of rows)
      if (schema !== undefined && name !== undefined && TableState === SUSPENDED)
        tables.push({slot, table: {schema, name}});
  }
  return tables;
}

/** The endpoints that are there: the target's, and the source's by their slots. */
export interface Endpoints {
  readonly target: Endpoint | null;
  readonly sources: ReadonlyMap<string, Endpoint>;
}

/** Those endpoints that are named in longhaul.yaml, or that Longhaul has made. */
export async function readEndpoints(
  client: DmsClient,
  {run, dms}: OfRun,
  slots: readonly string[],
): Promise<Endpoints> {
  const wanted = [
    {slot: null, arn: dms.targetEndpoint, id: targetEndpointName(run)},
    ...slots.map((slot) => ({slot, arn: dms.sourceEndpoints[slot] ?? null, id: sourceEndpointName(run, slot)})),
  ];
  const ask = async (name: string, values: string[]): Promise<Endpoint[]> => {
    if (values.length === 0) return [];
    return all(async (Marker) => {
      const page = await client.describeEndpoints({
        Filters: [{Name: name, Values: values}],
        ...(Marker === undefined ? {} : {Marker}),
      });
      return {rows: page.Endpoints ?? [], Marker: page.Marker};
    });
  };
  const found = [
    ...(await ask(
      'endpoint-arn',
      wanted.flatMap(({arn}) => (arn === null ? [] : [arn])),
    )),
    ...(await ask(
      'endpoint-id',
      wanted.flatMap(({arn, id}) => (arn === null ? [id] : [])),
    )),
  ];
  const of = ({arn, id}: (typeof wanted)[number]): Endpoint | undefined =>
    found.find((one) => (arn === null ? one.EndpointIdentifier === id : one.EndpointArn === arn));
  const sources = wanted.flatMap((one): [string, Endpoint][] => {
    const endpoint = of(one);
    return one.slot === null || endpoint === undefined ? [] : [[one.slot, endpoint]];
  });
  const [target] = wanted;
  return {target: (target === undefined ? null : of(target)) ?? null, sources: new Map(sources)};
}

/** The last test of an endpoint's connection from the replication instance; null where there was none. */
export async function readConnection(
  client: DmsClient,
  {instance}: DmsConfig,
  endpoint: string,
): Promise<Connection | null> {
  const rows = await all(async (Marker) => {
    const page = await client.describeConnections({
      Filters: [{Name: 'endpoint-arn', Values: [endpoint]}],
      ...(Marker === undefined ? {} : {Marker}),
    });
    return {rows: page.Connections ?? [], Marker: page.Marker};
  });
  return rows.find((one) => one.ReplicationInstanceArn === instance) ?? null;
}

/** All pages of a list; none where AWS says that nothing matches. */
async function all<Row>(
  ask: (marker: string | undefined) => Promise<{readonly rows: readonly Row[]; readonly Marker: string | undefined}>,
): Promise<Row[]> {
  const rows: Row[] = [];
  let marker: string | undefined;
  try {
    do {
      const page = await ask(marker);
      rows.push(...page.rows);
      marker = page.Marker;
    } while (marker !== undefined && marker !== '');
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  return rows;
}
