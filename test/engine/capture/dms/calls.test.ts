import {describe, expect, test} from 'vitest';
import {parseLsn} from '../../../../src/domain/pg/lsn.ts';
import type {InventoryTable} from '../../../../src/domain/pg/inventory.ts';
import type {PlannedSlot} from '../../../../src/domain/pg/slot-plan.ts';
import {parseConfig} from '../../../../src/config/load.ts';
import {commandLine} from '../../../../src/engine/capture/dms/api/call-action.ts';
import {regionOf} from '../../../../src/engine/capture/dms/api/client.ts';
import {ofRun} from '../../../../src/engine/capture/dms/api/read-tasks.ts';
import {isFresh, judgeBegun} from '../../../../src/engine/capture/dms/judge/judge-start.ts';
import {judgeTask} from '../../../../src/engine/capture/dms/judge/judge-tasks.ts';
import {mayStart} from '../../../../src/engine/capture/dms/tasks/start-one.ts';
import {stateOf} from '../../../../src/engine/capture/dms/tasks/status.ts';
import {
  createSourceEndpoint,
  createTargetEndpoint,
  createTask,
  resumeTask,
  startTask,
} from '../../../../src/engine/capture/dms/wanted/calls.ts';
import {lobLimit} from '../../../../src/engine/capture/dms/wanted/lob-limit.ts';
import {mappedLobKb, tableMappings, unmappedTables} from '../../../../src/engine/capture/dms/wanted/mappings.ts';
import {sourceEndpointName, taskName} from '../../../../src/engine/capture/dms/wanted/names.ts';
import {table as tableOf} from '../../plan/inventory.ts';

const P = parseLsn('16/B374D848');
const INSTANCE = 'arn:aws:dms:eu-central-1:123456789012:rep:ACME';

function configOf(more = '') {
  const text = `run: acme-prod
source: host=a dbname=app user=u
replica: host=b dbname=app user=u
target: host=c dbname=shop user=u
cdc:
  dms: {instance: '${INSTANCE}', source_secret: s, target_secret: t, secret_role: 'arn:aws:iam::123456789012:role/r'${more}}
`;
  const around = {
    env: {},
    home: '/home/ana',
    user: 'ana',
    readFile: () => 'a:*:*:u:geheim',
    isOpenToOthers: () => false,
  };
  return parseConfig(text, 'longhaul.yaml', around);
}

const lob = (maxKb: number | null) => ({column: 'body', type: 'text', maxKb});
const withLobs = (name: string, ...maxima: readonly (number | null)[]): InventoryTable => ({
  ...tableOf(`public.${name}`, 1),
  lobColumns: maxima.map(lob),
});
const slot: PlannedSlot = {
  name: 'dms_slot_01',
  why: '',
  tables: [
    {schema: 'public', name: 'events'},
    {schema: 'public', name: 'a_b'},
  ],
};
const inventory = {tables: [withLobs('events', 100, 3), tableOf('public.a_b', 1)]};

describe('the limit of a table’s LOBs', () => {
  test.each([
    [[], null],
    [[1], {mode: 'limited', kb: 64}],
    [[3, 100], {mode: 'limited', kb: 400}],
    [[25_600], {mode: 'limited', kb: 102_400}],
    [[25_601], {mode: 'unlimited'}],
    [[10, null], {mode: 'unlimited'}],
  ] as const)('measured %j kB: %j', (maxima, limit) => {
    expect(lobLimit(withLobs('events', ...maxima))).toEqual(limit);
  });
});

describe('table mappings', () => {
  test('name each table of the slot by itself, without a wildcard, and the limit of its LOBs', () => {
    const {rules} = tableMappings(slot, inventory);
    expect(rules).toEqual([
      {
        'rule-type': 'selection',
        'rule-id': '1',
        'rule-name': '1',
        'object-locator': {'schema-name': 'public', 'table-name': 'events'},
        'rule-action': 'explicit',
      },
      {
        'rule-type': 'selection',
        'rule-id': '2',
        'rule-name': '2',
        'object-locator': {'schema-name': 'public', 'table-name': 'a_b'},
        'rule-action': 'explicit',
      },
      {
        'rule-type': 'table-settings',
        'rule-id': '3',
        'rule-name': '3',
        'object-locator': {'schema-name': 'public', 'table-name': 'events'},
        'lob-settings': {mode: 'limited', 'bulk-max-size': '400'},
      },
    ]);
    expect(unmappedTables({rules}, slot)).toEqual([]);
    expect(mappedLobKb({rules}, {schema: 'public', name: 'events'})).toBe(400);
  });

  test('of somebody else that leave a table out, or name it by a pattern, are told', () => {
    const {rules} = tableMappings({...slot, tables: slot.tables.slice(1)}, inventory);
    expect(unmappedTables({rules}, slot)).toEqual([{schema: 'public', name: 'events'}]);
    expect(unmappedTables(null, slot)).toEqual(slot.tables);
    expect(mappedLobKb({rules: []}, {schema: 'public', name: 'events'})).toBeNull();
  });
});

describe('the calls of a run', () => {
  const config = configOf();
  const from = {...ofRun(config), servers: config.servers};

  test('refer to secrets and hold none', () => {
    const all = JSON.stringify([createSourceEndpoint(from, 'dms_slot_01'), createTargetEndpoint(from)]);
    expect(all).not.toContain('geheim');
    expect(createSourceEndpoint(from, 'dms_slot_01')).toMatchObject({
      EndpointIdentifier: 'longhaul-acme-prod-source-dms-slot-01',
      PostgreSQLSettings: {
        DatabaseName: 'app',
        SlotName: 'dms_slot_01',
        SecretsManagerSecretId: 's',
        PluginName: 'pglogical',
      },
    });
    expect(createTargetEndpoint(from).PostgreSQLSettings).toMatchObject({
      DatabaseName: 'shop',
      SecretsManagerSecretId: 't',
    });
  });

  test('make a task that captures changes alone, from P on, and start it there once', () => {
    const task = createTask(from, {slot, inventory, endpoints: {source: 'S', target: 'T'}, boundary: P});
    expect(task).toMatchObject({
      ReplicationTaskIdentifier: 'longhaul-acme-prod-dms-slot-01',
      MigrationType: 'cdc',
      CdcStartPosition: P,
      ReplicationInstanceArn: INSTANCE,
    });
    expect(JSON.parse(task.ReplicationTaskSettings ?? '')).toMatchObject({TargetMetadata: {LobMaxSize: 400}});
    expect(startTask('arn', P)).toEqual({
      ReplicationTaskArn: 'arn',
      StartReplicationTaskType: 'start-replication',
      CdcStartPosition: P,
    });
    expect(resumeTask('arn').StartReplicationTaskType).toBe('resume-processing');
  });

  test('are shown as command lines, in the region of the replication instance', () => {
    expect(regionOf(from.dms)).toBe('eu-central-1');
    expect(commandLine(from, {command: 'describe-endpoints', request: {a: "it's"}})).toBe(
      String.raw`aws dms describe-endpoints --region eu-central-1 --cli-input-json '{"a":"it'\''s"}'`,
    );
  });

  test('name what they make as DMS takes it', () => {
    expect(taskName('1_run', 'a__b_')).toBe('longhaul-1-run-a-b');
    expect(sourceEndpointName('x', 'dms_slot_01')).toMatch(/^[a-z][a-z0-9-]*[a-z0-9]$/);
  });
});

describe('a task that is there', () => {
  const config = configOf();
  const of = ofRun(config);
  const endpoints = {
    target: {EndpointArn: 'T'},
    sources: new Map([['dms_slot_01', {EndpointArn: 'S'}]]),
  };
  const made = createTask(of, {slot, inventory, endpoints: {source: 'S', target: 'T'}, boundary: P});

  test('as Longhaul makes it has nothing wrong', () => {
    expect(judgeTask('start-cdc', made, {slot, inventory, endpoints})).toEqual([]);
  });

  test.each([
    [{MigrationType: 'full-load-and-cdc' as const}, 'blocker', 'start-cdc.MigrationType'],
    [{SourceEndpointArn: 'other'}, 'blocker', 'start-cdc.SourceEndpointArn'],
    [{TableMappings: '{"rules": []}'}, 'blocker', 'start-cdc.tables'],
    [{ReplicationTaskSettings: 'no JSON'}, 'warning', 'start-cdc.setting'],
  ])('and is otherwise is told: %j', (change, severity, check) => {
    const findings = judgeTask('start-cdc', {...made, ...change}, {slot, inventory, endpoints});
    expect(findings).toContainEqual(expect.objectContaining({severity, check}));
  });

  test('is started at P alone, and never where it was started before', () => {
    expect([
      mayStart({CdcStartPosition: P}, P),
      mayStart({CdcStartPosition: '16/B374D847'}, P),
      mayStart({}, P),
    ]).toEqual([true, false, false]);
    const tasks = new Map([['dms_slot_01', {Status: 'stopped'}]]);
    const begunBy = (claimed: readonly string[], started: boolean) =>
      judgeBegun(tasks, {claimed, cdcStarted: started ? {at: '', by: 'start-cdc'} : null}).length;
    expect([
      begunBy([], false),
      begunBy(['task dms_slot_01'], false),
      begunBy(['task dms_slot_01'], true),
      begunBy([], true),
    ]).toEqual([1, 1, 0, 1]);
    expect(['creating', 'ready', 'running', 'stopped', 'failed'].map(isFresh)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  test('is as DMS says, and as its slot is read', () => {
    const states = [
      stateOf({Status: 'running'}, true),
      stateOf({Status: 'running'}, false),
      stateOf({Status: 'failed'}, true),
      stateOf({Status: 'stopped'}, false),
      stateOf(null, true),
      stateOf(null, false),
    ];
    expect(states).toEqual(['running', 'down', 'stopped', 'stopped', 'running', 'down']);
  });
});
