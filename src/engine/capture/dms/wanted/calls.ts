import type {
  CreateEndpointCommandInput,
  CreateReplicationTaskCommandInput,
  StartReplicationTaskCommandInput,
} from '@aws-sdk/client-database-migration-service';
import type {Config} from '../../../../config/config.ts';
import type {DmsConfig} from '../../../../config/keys/dms.ts';
import type {Inventory} from '../../../../domain/pg/inventory.ts';
import type {Lsn} from '../../../../domain/pg/lsn.ts';
import type {PlannedSlot} from '../../../../domain/pg/slot-plan.ts';
import {lobLimitsOf, tableMappings} from './mappings.ts';
import {sourceEndpointName, targetEndpointName, taskName} from './names.ts';
import {sourceSettings, targetSettings, taskSettings} from './settings.ts';

/** What the calls of a run are made from. */
export interface CallsFrom {
  readonly run: string;
  readonly dms: DmsConfig;
  readonly servers: Pick<Config['servers'], 'source' | 'target'>;
}

/** The call that makes a slot's source endpoint. Pure. */
export function createSourceEndpoint(from: CallsFrom, slot: string): CreateEndpointCommandInput {
  const {run, dms, servers} = from;
  return {
    EndpointIdentifier: sourceEndpointName(run, slot),
    EndpointType: 'source',
    ...common(dms),
    PostgreSQLSettings: {
      DatabaseName: servers.source.params['dbname'],
      ...secretOf(dms, dms.sourceSecret),
      ...sourceSettings(slot),
    },
  };
}

/** The call that makes the target endpoint, which all tasks share. Pure. */
export function createTargetEndpoint({run, dms, servers}: CallsFrom): CreateEndpointCommandInput {
  return {
    EndpointIdentifier: targetEndpointName(run),
    EndpointType: 'target',
    ...common(dms),
    PostgreSQLSettings: {
      DatabaseName: servers.target.params['dbname'],
      ...secretOf(dms, dms.targetSecret),
      ...targetSettings(),
    },
  };
}

function common({sslMode, certificate}: DmsConfig) {
  return {
    EngineName: 'postgres',
    SslMode: sslMode,
    ...(certificate === null ? {} : {CertificateArn: certificate}),
  };
}

/** Host, port, user and password are in the secret: nothing of ours holds them. */
function secretOf({secretRole}: DmsConfig, secret: string | null) {
  return {SecretsManagerAccessRoleArn: secretRole ?? '', SecretsManagerSecretId: secret ?? ''};
}

/** The endpoints of a task, by their ARNs. */
export interface TaskEndpoints {
  readonly source: string;
  readonly target: string;
}

/** The call that makes a slot's task, which reads from P on. Pure. */
export function createTask(
  {run, dms}: Pick<CallsFrom, 'run' | 'dms'>,
  {
    slot,
    inventory,
    endpoints,
    boundary,
  }: {
    readonly slot: PlannedSlot;
    readonly inventory: Pick<Inventory, 'tables'>;
    readonly endpoints: TaskEndpoints;
    readonly boundary: Lsn;
  },
): CreateReplicationTaskCommandInput {
  const limits = lobLimitsOf(slot, inventory).map(({limit}) => limit);
  return {
    ReplicationTaskIdentifier: taskName(run, slot.name),
    SourceEndpointArn: endpoints.source,
    TargetEndpointArn: endpoints.target,
    ReplicationInstanceArn: dms.instance,
    MigrationType: 'cdc',
    CdcStartPosition: boundary,
    TableMappings: JSON.stringify(tableMappings(slot, inventory)),
    ReplicationTaskSettings: JSON.stringify(taskSettings({limits, batchApply: dms.batchApply})),
  };
}

/** The call that starts a task for the first time, at P; after that it is resumed, and never reloaded. Pure. */
export function startTask(arn: string, boundary: Lsn): StartReplicationTaskCommandInput {
  return {ReplicationTaskArn: arn, StartReplicationTaskType: 'start-replication', CdcStartPosition: boundary};
}

/** The call that goes on with a task that was stopped, or has failed. Pure. */
export function resumeTask(arn: string): StartReplicationTaskCommandInput {
  return {ReplicationTaskArn: arn, StartReplicationTaskType: 'resume-processing'};
}
