import {describe, expect, test} from 'vitest';
import {LonghaulError} from '../../../../src/domain/base/longhaul-error.ts';
import {parseLsn} from '../../../../src/domain/pg/lsn.ts';
import {slotOnSource, stepOfSlots} from '../../../../src/domain/run/capture/slot-names.ts';
import {Secret} from '../../../../src/config/secret.ts';
import {judgeEngine} from '../../../../src/engine/capture/check-engine.ts';
import {dms} from '../../../../src/engine/capture/dms/dms.ts';
import {
  judgeNode,
  judgeOthersSlots,
  judgeTakenSubscriptions,
} from '../../../../src/engine/capture/pglogical/anchor/judge-prepared.ts';
import {isMade} from '../../../../src/engine/capture/pglogical/anchor/wait-for-slot.ts';
import {pglogicalDsns, withoutPasswords} from '../../../../src/engine/capture/pglogical/pglogical-dsn.ts';
import {PGLOGICAL_NEEDS} from '../../../../src/engine/capture/pglogical/needs.ts';
import {pglogical} from '../../../../src/engine/capture/pglogical/pglogical.ts';
import {mayBeSlotOf} from '../../../../src/engine/capture/pglogical/read-subscriptions.ts';
import {stateOf} from '../../../../src/engine/capture/pglogical/status.ts';
import {judgeAhead} from '../../../../src/engine/capture/pglogical/start/judge-start.ts';
import {describeStuck} from '../../../../src/engine/capture/pglogical/stuck-on.ts';
import {divideManifest} from '../../../../src/engine/schema/goal/waits.ts';
import {createPglogicalSubscription, createTargetNode} from '../../../../src/pg/capture/pglogical.ts';
import type {PeekedChange} from '../../../../src/pg/capture/pglogical-peek.ts';
import type {Slot} from '../../../../src/pg/replication/slots.ts';
import {renderStatement} from '../../../../src/pg/session/statement.ts';
import {index} from '../../schema/rows.ts';

const slot = (name: string, change: Partial<Slot> = {}): Slot => ({
  name,
  kind: 'logical',
  plugin: 'pglogical_output',
  database: 'app',
  active: false,
  activePid: null,
  restartLsn: null,
  confirmedFlushLsn: null,
  retainedBytes: null,
  walStatus: null,
  safeWalBytes: null,
  invalidationReason: null,
  ...change,
});

const subscription = {
  name: 'lh_01',
  enabled: true,
  slot: 'pgl_app_longhaul_lh_01',
  status: 'replicating',
  initializing: false,
  appliedLsn: null,
  workerPid: 7,
  waitsFor: [],
  sets: [],
};

describe('what is called as this run’s is', () => {
  test.each([
    ['lh_01', 'pgl_app_longhaul_lh_01', true],
    ['lh_01', 'pgl_app_other_lh_01', true],
    ['lh_01', 'pgl_app_longhaul_lh_02', false],
    ['lh_01', 'dms_lh_01', false],
    ['a_subscription_of_length', 'pgl_app_longhaul_a_subscr37e2121', true],
    ['a_subscription_of_length', 'pgl_app_longhaul_b_subscr37e2121', false],
    ['a_subscription_of_length', 'pgl_app_longhaul_a_subscr', false],
  ])('%s may be behind %s: %s', (name, there, expected) => {
    expect(mayBeSlotOf(name, there)).toBe(expected);
  });

  test('and is not, is left alone: pglogical would drop the slot, and another run needs the node', () => {
    const seen = {planned: ['lh_01'], node: 'theirs', subscriptions: [], slots: [slot('pgl_app_longhaul_lh_01')]};
    expect(judgeOthersSlots(seen, []).map(({check}) => check)).toEqual(['prepare-cdc.slot']);
    expect(judgeOthersSlots(seen, ['slot pgl_app_longhaul_lh_01'])).toEqual([]);
    // The run's own, which is not noted yet.
    expect(judgeOthersSlots({...seen, subscriptions: [subscription]}, [])).toEqual([]);
    expect(judgeNode(seen, []).map(({severity}) => severity)).toEqual(['blocker']);
    expect(judgeNode(seen, ['target-node theirs'])).toEqual([]);
    expect(judgeNode({node: null}, [])).toEqual([]);
    expect(judgeTakenSubscriptions({subscriptions: [subscription]}, []).map(({check}) => check)).toEqual([
      'prepare-cdc.taken',
    ]);
    expect(judgeTakenSubscriptions({subscriptions: [subscription]}, ['pglogical-subscription lh_01'])).toEqual([]);
  });
});

describe('a slot', () => {
  test.each([
    ['of a subscription that replicates', subscription, true],
    ['of one that was disabled after that', {...subscription, enabled: false, status: 'disabled'}, true],
    ['of one that was disabled before', {...subscription, enabled: false, initializing: true}, false],
    ['of one that is still at it', {...subscription, status: 'initializing', initializing: true}, false],
    ['of one that is down', {...subscription, status: 'down'}, false],
    ['of nobody', undefined, false],
  ])('%s is made: %#', (_, one, expected) => {
    expect(isMade(one)).toBe(expected);
  });

  test('is on the source under the name that pglogical has made up', () => {
    const prepared = [
      {name: 'pgl_app_longhaul_lh_01', planned: 'lh_01', restartLsn: null, confirmedFlushLsn: parseLsn('0/1')},
    ];
    expect(slotOnSource({evidence: {'prepare-cdc': {slots: prepared}}}, 'lh_01')).toBe('pgl_app_longhaul_lh_01');
    expect(slotOnSource({evidence: {}}, 'lh_01')).toBe('lh_01');
    expect(stepOfSlots({steps: [{id: 'prepare-cdc', state: {status: 'pending'}}]})).toBe('prepare-cdc');
  });

  test('comes on as its worker does', () => {
    expect(stateOf(subscription)).toBe('running');
    expect(stateOf({...subscription, waitsFor: [8]})).toBe('blocked');
    expect(stateOf({...subscription, workerPid: null})).toBe('down');
    expect(stateOf({...subscription, status: 'down'})).toBe('down');
    expect(stateOf({...subscription, enabled: false})).toBe('stopped');
    expect(stateOf(undefined)).toBe('stopped');
  });
});

test('a subscription that has applied beyond P, or may, has brought rows that the load has not', () => {
  const boundary = {lsn: parseLsn('0/1000'), postmasterStart: '', timeline: 1, systemIdentifier: '', capturedAt: ''};
  const told = (change: {enabled?: boolean; appliedLsn?: ReturnType<typeof parseLsn>}): number =>
    judgeAhead([{...subscription, enabled: false, ...change}], {boundary}, 'acme').length;
  expect(told({})).toBe(0);
  expect(told({appliedLsn: parseLsn('0/1000')})).toBe(0);
  expect(told({appliedLsn: parseLsn('0/1001')})).toBe(1);
  expect(told({enabled: true})).toBe(1);
});

const server = (secret: string) => ({
  params: {host: 'db1', port: '5432', dbname: 'app', user: 'longhaul'},
  password: new Secret(secret),
});

describe('the passwords of the dsns', () => {
  const servers = {source: server("it's secret"), replica: server('x'), target: server('another')};
  const cdc = {sourceForTarget: null, targetForItself: 'host=localhost'};
  const dsns = pglogicalDsns({cdc, servers} as unknown as Parameters<typeof pglogicalDsns>[0]);

  test('are in what the server keeps, and not in what is shown', () => {
    expect(dsns.source.dsn).toContain('secret');
    expect(dsns.target.dsn).toBe('host=localhost port=5432 dbname=app user=longhaul password=another');
    const shown = [
      createTargetNode('n', dsns.target),
      createPglogicalSubscription({name: 's', sets: ['s', 'is'], ...dsns.source}),
    ].map((one) => renderStatement(one));
    expect(shown.join(' ')).not.toMatch(/secret|another/);
    expect(shown[1]).toContain("replication_sets := ARRAY['s', 'is']::text[]");
  });

  test('are in no error of pglogical’s, which has the whole dsn', () => {
    const words = `could not connect: dsn was ${dsns.source.dsn}`;
    const error = withoutPasswords(new LonghaulError({code: 'failed', message: words, remedy: 'x'}), {servers}, 'mend');
    expect(error).toMatchObject({message: expect.not.stringMatching(/secret/), remedy: 'mend'});
    expect((error as LonghaulError).cause).toBeUndefined();
  });
});

const change = (kind: string, table: string, key: string | null): PeekedChange => ({
  xid: '77',
  commitLsn: parseLsn('0/10'),
  endLsn: parseLsn('0/20'),
  changes: 30,
  schema: 'public',
  table,
  kind,
  key,
});

test('what a slot is stuck on is told by its tables and keys, and a TRUNCATE by its table', () => {
  const stuck = describeStuck('lh_01', [change('I', 'a', 'id 1'), change('D', 'a', null), change('T', 'b', null)]);
  expect(stuck).toMatchObject({xid: '77', count: 30, endLsn: '0/20'});
  expect(stuck?.changes).toEqual(['INSERT public.a (id 1)', 'DELETE public.a', 'TRUNCATE public.b']);
  expect(stuck?.tables.map(({name}) => name)).toEqual(['a', 'b']);
  expect(describeStuck('lh_01', [])).toBeNull();
});

test('a deferrable unique constraint waits until all is applied: pglogical stops at it', () => {
  const indexes = [index('plain', {unique: true}), index('deferred', {unique: true, deferrable: true})];
  const load = {unique: 'after-load', foreignKeys: 'after-load', triggers: 'after-load'};
  const divide = (capture: Parameters<typeof divideManifest>[2]): string[] =>
    divideManifest(
      {indexes, foreignKeys: [], triggers: [], checks: []},
      load as Parameters<typeof divideManifest>[1],
      capture,
    ).later.indexes.map(({name}) => name);
  expect(divide(PGLOGICAL_NEEDS)).toEqual(['deferred']);
  expect(divide({slots: null})).toEqual([]);
});

test('a change of the engine behind or before pglogical is told: the slots of one are not read by the other', () => {
  const made = ['node longhaul', 'set lh_01', 'pglogical-subscription lh_01', 'slot pgl_app_longhaul_lh_01'];
  expect(judgeEngine(pglogical, 'acme', made)).toEqual([]);
  expect(judgeEngine(dms, 'acme', made)).toHaveLength(1);
  expect(judgeEngine(pglogical, 'acme', ['slot dms_slot_01', 'set dms_slot_01'])).toHaveLength(1);
});
