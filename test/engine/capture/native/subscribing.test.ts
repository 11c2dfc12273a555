import {describe, expect, test} from 'vitest';
import {parseLsn} from '../../../../src/domain/pg/lsn.ts';
import {Secret} from '../../../../src/config/secret.ts';
import {judgeSubscriber, type SubscriberSeen} from '../../../../src/engine/capture/native/check-target.ts';
import {judgeTaken, mayApply} from '../../../../src/engine/capture/native/judge-start.ts';
import {judgeForeign} from '../../../../src/engine/capture/sentinels/create-sentinels.ts';
import {stateOf} from '../../../../src/engine/capture/native/status.ts';
import {subscriptionDsn} from '../../../../src/engine/capture/native/subscription-dsn.ts';
import {createSubscription, type Subscription} from '../../../../src/pg/capture/subscriptions.ts';
import {renderStatement} from '../../../../src/pg/session/statement.ts';

const takenBy = (enabled: boolean, state: Parameters<typeof judgeTaken>[1]): string[] =>
  judgeTaken([{name: 'lh_01', enabled}], state).map(({check}) => check);

describe('how the target reaches the source', () => {
  const source = {
    params: {
      host: 'db1',
      port: '5432',
      dbname: 'app',
      user: 'longhaul',
      passfile: '/home/ana/.pgpass',
      options: '-c x=y',
    },
    password: new Secret("it's secret"),
  };
  const dsnOf = (sourceForTarget: string | null) =>
    subscriptionDsn({
      cdc: {
        engine: 'native',
        nodeName: '',
        nodeDsn: null,
        sourceForTarget,
        targetForItself: null,
        caughtUpWalBytes: 1,
        caughtUpLagMs: 1,
        caughtUpForMs: 1,
        compareSliceMs: 1,
        targetReadOnly: true,
        peekWalBytes: 1,
        dms: null,
      },
      servers: {source, replica: source, target: source},
    });

  test('is as this machine does, with the password, and without what only this machine has', () => {
    expect(dsnOf(null).dsn).toBe(String.raw`host=db1 port=5432 dbname=app user=longhaul password='it\'s secret'`);
  });

  test('is as longhaul.yaml says, where it does', () => {
    expect(dsnOf('host=db1.vpc sslmode=require').shownDsn).toBe(
      "host=db1.vpc port=5432 dbname=app user=longhaul sslmode=require password='********'",
    );
  });

  test('is shown to nobody with its password', () => {
    const statement = createSubscription(
      {name: 'lh_01', slot: 'lh_01', publications: ['lh_01'], ...dsnOf(null)},
      150_000,
    );
    expect(statement.text).toContain('it');
    expect(renderStatement(statement)).not.toContain('secret');
    expect(renderStatement(statement)).toContain(
      "create_slot = false, enabled = false, copy_data = false, slot_name = 'lh_01'",
    );
  });
});

describe('the subscriber', () => {
  const fine: SubscriberSeen = {
    version: 150_000,
    rights: {role: 'longhaul', superuser: true, mayCreate: true, mayAdvance: true},
    settings: new Map([
      ['max_logical_replication_workers', '10'],
      ['max_worker_processes', '20'],
      ['max_replication_slots', '10'],
    ]),
    inherited: new Map([['lock_timeout', '0']]),
    usage: {workers: 0, origins: 0},
    missing: 6,
  };
  const setting = (name: string, value: string): SubscriberSeen => ({
    ...fine,
    settings: new Map([...fine.settings, [name, value]]),
  });
  const rights = {role: 'longhaul', superuser: false, mayCreate: false, mayAdvance: false};

  test.each<[string, SubscriberSeen, string[]]>([
    ['is fine', fine, []],
    [
      'has the four workers of the default',
      setting('max_logical_replication_workers', '4'),
      ['blocker target.max_logical_replication_workers'],
    ],
    [
      'has others’ workers',
      {...fine, usage: {workers: 5, origins: 0}},
      ['blocker target.max_logical_replication_workers'],
    ],
    ['has too few origins', setting('max_replication_slots', '5'), ['blocker target.max_replication_slots']],
    [
      'counts origins by themselves from 18 on',
      setting('max_active_replication_origins', '5'),
      ['blocker target.max_active_replication_origins'],
    ],
    ['may nothing on 15', {...fine, rights}, ['blocker target.subscribe', 'blocker target.origin']],
    [
      'may subscribe on 16, and not advance',
      {...fine, version: 160_000, rights: {...rights, mayCreate: true}},
      ['blocker target.origin'],
    ],
    [
      'cuts its workers off',
      {...fine, inherited: new Map([['lock_timeout', '3000 ms']])},
      ['warning target.apply-lock_timeout'],
    ],
  ])('%s', (_, seen, expected) => {
    expect(judgeSubscriber(seen).map(({severity, check}) => `${severity} ${check}`)).toEqual(expected);
  });

  test('applies nothing before it is set to P: it would apply once more what the load has brought', () => {
    const [before, P, after] = [parseLsn('0/FFF'), parseLsn('0/1000'), parseLsn('0/1001')];
    expect([null, before, P, after].map((at) => mayApply(at, P))).toEqual([false, false, true, true]);
  });

  test('has subscriptions and sentinels of somebody else, which are left alone', () => {
    const ours = {claimed: ['subscription lh_01'], cdcStarted: null};
    expect(takenBy(false, ours)).toEqual([]);
    expect(takenBy(true, {...ours, cdcStarted: {at: '', by: 'ana'}})).toEqual([]);
    expect(takenBy(false, {...ours, claimed: []})).toEqual(['start-cdc.taken']);
    // It was enabled for slots that were released, and would read those of the same names.
    expect(takenBy(true, ours)).toEqual(['start-cdc.taken']);
    expect(judgeForeign([{name: 'lh_01', isOurs: true}], ['sentinel lh_01'])).toEqual([]);
    expect(judgeForeign([{name: 'lh_01', isOurs: true}], []).map(({severity}) => severity)).toEqual(['blocker']);
    expect(judgeForeign([{name: 'lh_01', isOurs: false}], ['sentinel lh_01'])).toHaveLength(1);
  });

  const one: Subscription = {
    name: 'lh_01',
    enabled: true,
    slot: 'lh_01',
    publications: [],
    appliedLsn: null,
    workerPid: 7,
    receivedLsn: null,
    heardSeconds: null,
    waitsFor: [],
    errors: 0,
    skipped: null,
    inTheWay: null,
  };
  test.each<[Subscription | undefined, string]>([
    [one, 'running'],
    [{...one, waitsFor: [8]}, 'blocked'],
    [{...one, workerPid: null}, 'down'],
    [{...one, enabled: false, workerPid: null}, 'stopped'],
    [undefined, 'stopped'],
  ])('is %#', (subscription, state) => {
    expect(stateOf(subscription)).toBe(state);
  });
});
