import {describe, expect, test} from 'vitest';
import {lintEndpoint, lintTask} from '../../../../src/engine/capture/dms/judge/lint-settings.ts';
import {sourceSettings, targetSettings, taskSettings} from '../../../../src/engine/capture/dms/wanted/settings.ts';

const settingsOf = (found: readonly {readonly setting: string}[]): string[] => found.map(({setting}) => setting);
const GOOD = taskSettings({limits: [{mode: 'limited', kb: 128}], batchApply: false});

describe('the settings of a task', () => {
  test('that Longhaul makes lose nothing quietly', () => {
    expect(lintTask(JSON.parse(JSON.stringify(GOOD)))).toEqual([]);
    expect(lintEndpoint({PostgreSQLSettings: sourceSettings('dms_slot_01')}, 'source')).toEqual([]);
    expect(lintEndpoint({PostgreSQLSettings: targetSettings()}, 'target')).toEqual([]);
  });

  test('that nobody has set are each told: what they are, why that loses data, and what to set', () => {
    const found = lintTask({});
    expect(settingsOf(found).toSorted()).toEqual(
      [
        'ChangeProcessingDdlHandlingPolicy.HandleSourceTableAltered',
        'ChangeProcessingDdlHandlingPolicy.HandleSourceTableDropped',
        'ChangeProcessingDdlHandlingPolicy.HandleSourceTableTruncated',
        'ErrorBehavior.ApplyErrorDeletePolicy',
        'ErrorBehavior.ApplyErrorEscalationPolicy',
        'ErrorBehavior.ApplyErrorInsertPolicy',
        'ErrorBehavior.ApplyErrorUpdatePolicy',
        'ErrorBehavior.DataErrorPolicy',
        'ErrorBehavior.DataTruncationErrorPolicy',
        'ErrorBehavior.RecoverableErrorCount',
        'FullLoadSettings.TargetTablePrepMode',
        'TargetMetadata.LobMaxSize',
        'TargetMetadata.TaskRecoveryTableEnabled',
      ].toSorted(),
    );
    for (const {is, why, set} of found) {
      expect(is).toMatch(/^not set, which is /);
      expect(why.length).toBeGreaterThan(20);
      expect(set).not.toBe('');
    }
  });

  test.each([
    ['ErrorBehavior', 'DataErrorPolicy', 'IGNORE_RECORD', 'SUSPEND_TABLE'],
    ['ErrorBehavior', 'ApplyErrorInsertPolicy', 'UPDATE_RECORD', 'STOP_TASK'],
    ['ErrorBehavior', 'RecoverableErrorCount', -1, 0],
    ['ErrorBehavior', 'FailOnNoTablesCaptured', false, true],
    ['TargetMetadata', 'SupportLobs', false, true],
    ['TargetMetadata', 'LobMaxSize', 32, 33],
    ['TargetMetadata', 'TaskRecoveryTableEnabled', false, true],
    ['FullLoadSettings', 'TargetTablePrepMode', 'TRUNCATE_BEFORE_LOAD', 'DO_NOTHING'],
    ['ChangeProcessingDdlHandlingPolicy', 'HandleSourceTableTruncated', true, false],
  ] as const)('%s.%s is told with %s, and not with %s', (group, name, wrong, right) => {
    const all: Readonly<Record<string, object>> = GOOD;
    const having = (value: unknown) => ({...all, [group]: {...all[group], [name]: value}});
    expect(settingsOf(lintTask(having(wrong)))).toEqual([`${group}.${name}`]);
    expect(lintTask(having(right))).toEqual([]);
  });

  test('that are no JSON object are all told', () => {
    expect(lintTask(null).length).toBe(lintTask({}).length);
  });
});

test.each([
  ['PluginName', 'test_decoding'],
  ['CaptureDdls', true],
  ['MapBooleanAsBoolean', undefined],
  ['TrimSpaceInChar', undefined],
  ['FailTasksOnLobTruncation', undefined],
])('a source endpoint whose %s is %s is told', (name, value) => {
  const endpoint = {PostgreSQLSettings: {...sourceSettings('dms_slot_01'), [name]: value}};
  expect(settingsOf(lintEndpoint(endpoint, 'source'))).toEqual([`PostgreSQLSettings.${name}`]);
});

test('a target endpoint whose sessions fire triggers is told', () => {
  const endpoint = {PostgreSQLSettings: {...targetSettings(), AfterConnectScript: ''}};
  expect(settingsOf(lintEndpoint(endpoint, 'target'))).toEqual(['PostgreSQLSettings.AfterConnectScript']);
});
