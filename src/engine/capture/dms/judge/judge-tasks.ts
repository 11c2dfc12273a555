import type {Endpoint, ReplicationTask} from '@aws-sdk/client-database-migration-service';
import type {Inventory} from '../../../../domain/pg/inventory.ts';
import {formatRelation} from '../../../../domain/pg/relation.ts';
import type {PlannedSlot} from '../../../../domain/pg/slot-plan.ts';
import type {Finding} from '../../../../domain/run/finding.ts';
import {listed} from '../../../preflight/found.ts';
import {lintEndpoint, lintTask, type Lint} from './lint-settings.ts';
import {lobLimitsOf, mappedLobKb, unmappedTables} from '../wanted/mappings.ts';
import type {Endpoints} from '../api/read-tasks.ts';

/** Which check tells, and of what: `prepare-cdc`, `task longhaul-acme-dms-slot-01`. */
interface Told {
  readonly check: string;
  readonly subject: string;
}

/** What endpoints that are there are, against what they have to be. Pure. */
export function judgeEndpoints(check: string, {target, sources}: Endpoints): Finding[] {
  return [
    ...[...sources].flatMap(([slot, endpoint]) => judgeSource(check, slot, endpoint)),
    ...(target === null
      ? []
      : [
          ...mustBe(told(check, target), 'EndpointType', target.EndpointType?.toLowerCase(), 'target'),
          ...lintEndpoint(target, 'target').map((one) => warn(told(check, target), one, 'aws dms modify-endpoint')),
        ]),
  ];
}

function judgeSource(check: string, slot: string, endpoint: Endpoint): Finding[] {
  const of = told(check, endpoint);
  return [
    ...mustBe(of, 'EndpointType', endpoint.EndpointType?.toLowerCase(), 'source'),
    ...mustBe(of, 'PostgreSQLSettings.SlotName', endpoint.PostgreSQLSettings?.SlotName, slot),
    ...lintEndpoint(endpoint, 'source').map((one) => warn(of, one, 'aws dms modify-endpoint')),
  ];
}

function told(check: string, endpoint: Endpoint): Told {
  return {check, subject: `endpoint ${endpoint.EndpointIdentifier ?? endpoint.EndpointArn ?? ''}`};
}

/** What a task has to be, beside its settings. */
export interface TaskOf {
  readonly slot: PlannedSlot;
  readonly inventory: Pick<Inventory, 'tables'>;
  readonly endpoints: Endpoints;
}

/** What a task that is there is, against what it has to be: its kind, its endpoints, its tables and LOB limits, its settings. Pure. */
export function judgeTask(check: string, task: ReplicationTask, {slot, inventory, endpoints}: TaskOf): Finding[] {
  const of = {check, subject: `task ${task.ReplicationTaskIdentifier ?? task.ReplicationTaskArn ?? ''}`};
  const mappings = parse(task.TableMappings);
  const unmapped = unmappedTables(mappings, slot);
  return [
    ...mustBe(of, 'MigrationType', task.MigrationType, 'cdc'),
    ...mustBe(of, 'SourceEndpointArn', task.SourceEndpointArn, endpoints.sources.get(slot.name)?.EndpointArn),
    ...mustBe(of, 'TargetEndpointArn', task.TargetEndpointArn, endpoints.target?.EndpointArn),
    ...(unmapped.length === 0
      ? []
      : [
          blocker(
            of,
            'tables',
            `its table mappings do not name ${listed(unmapped.map((one) => formatRelation(one)))}, whose changes it would leave out`,
            'name each of them with rule-action explicit: aws dms modify-replication-task --table-mappings',
          ),
        ]),
    ...lobLimitsOf(slot, inventory).flatMap(({table, limit}) => {
      const kb = mappedLobKb(mappings, table);
      const isEnough = kb === 'unlimited' || (kb !== null && limit.mode === 'limited' && kb >= limit.kb);
      if (isEnough) return [];
      const wanted = limit.mode === 'limited' ? `${limit.kb} kB` : 'unlimited';
      return [
        warn(
          of,
          {
            setting: `lob-settings of ${formatRelation(table)}`,
            is: kb === null ? 'not set, which is the limit of the task' : `${kb} kB`,
            why: 'a LOB above it is cut off, or stops the task',
            set: wanted,
          },
          'aws dms modify-replication-task --table-mappings',
        ),
      ];
    }),
    ...lintTask(parse(task.ReplicationTaskSettings)).map((one) =>
      warn(of, one, 'aws dms modify-replication-task --replication-task-settings'),
    ),
  ];
}

function mustBe(of: Told, name: string, value: string | undefined, wanted: string | undefined): Finding[] {
  if (wanted === undefined || value === wanted) return [];
  return [
    blocker(
      of,
      name,
      `${name} is ${value ?? 'not set'}, and has to be ${wanted}`,
      'name another one in cdc.dms, or none, so that Longhaul makes it',
    ),
  ];
}

function blocker({check, subject}: Told, name: string, seen: string, remedy: string): Finding {
  return {check: `${check}.${name}`, severity: 'blocker', subject, seen, remedy};
}

function warn({check, subject}: Told, {setting, is, why, set}: Lint, command: string): Finding {
  return {
    check: `${check}.setting`,
    severity: 'warning',
    subject,
    seen: `${setting} is ${is}: ${why}`,
    remedy: `set it to ${set}, while the task does not run: ${command}`,
  };
}

function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '{}');
  } catch {
    return {};
  }
}
