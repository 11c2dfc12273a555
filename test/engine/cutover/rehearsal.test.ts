import {describe, expect, test} from 'vitest';
import type {JournalEntry, RunEvent} from '../../../src/domain/run/event.ts';
import {parseLsn} from '../../../src/domain/pg/lsn.ts';
import {
  describeEstimate,
  describePart,
  estimateParts,
  type PartNow,
} from '../../../src/engine/cutover/rehearsal/estimate.ts';
import {judgeHeld} from '../../../src/engine/cutover/rehearsal/held-on-target.ts';
import {comparisonMs} from '../../../src/engine/cutover/rehearsal/measure-comparison.ts';
import {measuredParts} from '../../../src/engine/cutover/rehearsal/measured-parts.ts';
import {judgeReaders} from '../../../src/engine/cutover/rehearsal/other-readers.ts';
import {judgeStatistics, lackingStatistics} from '../../../src/engine/cutover/rehearsal/statistics.ts';
import {judgeUnfinished} from '../../../src/engine/cutover/rehearsal/unfinished.ts';
import {sequencesAhead} from '../../../src/engine/cutover/sequences/sequences-ahead.ts';
import {slotsBehind} from '../../../src/engine/steps/cutover/drain.ts';
import type {Slot} from '../../../src/pg/replication/slots.ts';
import {withoutBlockers} from '../../../src/engine/steps/cutover/stop-writes.ts';

const own = (name: string) => ({schema: 'public', name, kind: 'own', columns: []}) as const;
const orders = {schema: 'public', name: 'orders'};

const positionAt = (lastValue: string, isCalled = true) => ({schema: 'public', name: 's', lastValue, isCalled});

const steps = (increment: string, cycles = false) => [
  {schema: 'public', name: 's', increment, minimum: '-100', maximum: '100', cycles},
];

const slot = (name: string, more: Partial<Slot> = {}): Slot => ({
  name,
  kind: 'logical',
  plugin: 'pgoutput',
  database: 'app',
  active: true,
  activePid: null,
  restartLsn: null,
  confirmedFlushLsn: parseLsn('0/1000'),
  retainedBytes: 0,
  walStatus: null,
  safeWalBytes: null,
  invalidationReason: null,
  ...more,
});

const momentAt = (ms: number): string => new Date(Date.UTC(2026, 10, 27, 5) + ms).toISOString();

const journal = (...events: readonly (RunEvent & {ms: number})[]): JournalEntry[] =>
  events.map(({ms, ...event}, index) => ({seq: index + 1, at: momentAt(ms), ...event}));

const done = (step: 'stop-writes' | 'drain', ms: number) =>
  ({type: 'step.done', step, evidence: {}, already: false, ms}) as unknown as RunEvent & {ms: number};

describe('the planner’s statistics', () => {
  test('are wanted on the target of whatever has them on the source: tables, partition roots, indexes on expressions, extended ones', () => {
    const source = [own('orders'), own('users'), {...own('orders'), kind: 'whole'}] as const;
    const derived = [
      {...own('orders_lower'), tableSchema: 'public', table: 'orders'},
      {...own('together'), kind: 'extended', tableSchema: 'public', table: 'orders'},
      // Its table was never analyzed on the source.
      {...own('quiet_lower'), tableSchema: 'public', table: 'quiet'},
    ] as const;
    const lacking = lackingStatistics({source, target: [own('users'), own('orders')], derived});
    expect(lacking).toEqual([
      {
        table: orders,
        what: ['public.orders with its partitions', 'index public.orders_lower', 'statistics public.together'],
      },
    ]);
    const whole = [
      {...own('orders'), kind: 'whole'},
      own('orders_lower'),
      {...own('together'), kind: 'extended'},
    ] as const;
    expect(lackingStatistics({source, target: [...source, ...whole], derived})).toEqual([]);
  });

  test('of an index on expressions, which the source shows to its owner, are not taken for a table’s', () => {
    const derived = [{...own('orders_lower'), tableSchema: 'public', table: 'orders'}];
    const lacking = lackingStatistics({source: [own('orders'), own('orders_lower')], target: [own('orders')], derived});
    expect(lacking).toEqual([{table: orders, what: ['index public.orders_lower']}]);
  });

  test('come with the statement that makes them', () => {
    const [finding] = judgeStatistics([{table: orders, what: ['public.orders']}]);
    expect(finding).toMatchObject({severity: 'warning', remedy: expect.stringMatching(/: ANALYZE "public"."orders"$/)});
  });
});

describe('what is unfinished on the target', () => {
  const index = {kind: 'index', schema: 'public', name: 'orders_pkey', table: 'orders', type: null} as const;
  const check = {kind: 'constraint', schema: 'public', name: 'sane', table: 'orders', type: 'c'} as const;
  const key = {...check, name: 'orders_user', type: 'f'} as const;

  test('an invalid index stops the cutover, a check is to be validated, foreign keys wait for the hand-over', () => {
    expect(judgeUnfinished([index, check, key], []).map(({check: of, severity}) => [of, severity])).toEqual([
      ['cutover.invalid-index', 'blocker'],
      ['cutover.not-valid', 'warning'],
      ['cutover.keys-not-valid', 'note'],
    ]);
  });

  test('what is so on the source as well is left as it is', () => {
    expect(judgeUnfinished([index, check, key], [index, check, key])).toEqual([]);
  });
});

const holder = (more: object = {}) => ({
  what: 'pid 4711 of app (psql), idle in transaction, open for 00:00:12',
  seconds: 12,
  prepared: null,
  database: 'app',
  pid: 4711,
  ...more,
});

describe('who holds locks on the target’s tables', () => {
  test('is named, with what ends it', () => {
    const [finding] = judgeHeld([holder()]);
    expect(finding?.check).toBe('cutover.held');
    expect(finding?.seen).toContain('pid 4711 of app (psql)');
    expect(finding?.remedy).toContain('on the target, as superuser: SELECT pg_terminate_backend(4711)');
    expect(judgeHeld([])).toEqual([]);
  });

  test.each([
    ['whoever keeps it', holder(), 'blocker'],
    ['whose age is hidden', holder({seconds: null}), 'blocker'],
    ['a prepared transaction', holder({pid: null, prepared: 'x'}), 'blocker'],
    ['who has had it for a moment', holder({seconds: 1}), 'warning'],
    ['a process of the server, as one that applies a TRUNCATE', holder({pid: null}), 'warning'],
  ])('stops the cutover or is told: %s', (_, one, severity) => {
    expect(judgeHeld([one]).map((finding) => finding.severity)).toEqual([severity]);
  });
});

describe('sequences of the target', () => {
  test.each([
    ['behind', positionAt('5'), positionAt('4'), steps('1'), 0],
    ['at the same place', positionAt('5'), positionAt('5'), steps('1'), 0],
    ['ahead', positionAt('5'), positionAt('6'), steps('1'), 1],
    ['ahead of one that was never used', positionAt('1', false), positionAt('1'), steps('1'), 1],
    ['ahead and descending', positionAt('-5'), positionAt('-8'), steps('-3'), 1],
    ['behind and descending', positionAt('-8'), positionAt('-5'), steps('-3'), 0],
    ['never used themselves', positionAt('5'), positionAt('9', false), steps('1'), 0],
    ['anywhere on their cycle', positionAt('5'), positionAt('9'), steps('1', true), 0],
  ])('that are %s', (_, source, target, of, ahead) => {
    expect(sequencesAhead([source], [target], of)).toHaveLength(ahead);
  });
});

describe('whatever else reads the source', () => {
  const seen = {
    slots: [slot('lh_01', {activePid: 7})],
    senders: [{pid: 7, role: 'longhaul', applicationName: 'lh_01', address: null, slot: 'lh_01'}],
    insertLsn: parseLsn('0/3000'),
    own: ['lh_01'],
    database: 'app',
    foreign: [],
    servers: [],
    subscriptions: [],
  };

  test('the run’s own slots are nobody else’s', () => {
    expect(judgeReaders(seen)).toEqual([]);
  });

  test('a foreign slot is named with its plugin, how far it is behind and who reads it', () => {
    const sender = {pid: 9, role: 'cdc', applicationName: 'Debezium', address: '10.0.0.9', slot: 'dbz'};
    const slots = [...seen.slots, slot('dbz', {activePid: 9}), slot('elsewhere', {database: 'other'})];
    const findings = judgeReaders({...seen, slots, senders: [...seen.senders, sender]});
    expect(findings.map(({check}) => check)).toEqual(['cutover.foreign-slot']);
    expect(findings[0]?.seen).toMatch(
      /^slot dbz \(pgoutput\) is not of this run.* 8.0 kB behind: Debezium from 10.0.0.9 reads it$/,
    );
  });

  test('slots of others that are not past F are told at the drain, those of other databases are not', () => {
    const lsn = parseLsn('0/2000');
    const kept = [
      slot('lh_01'),
      slot('dbz'),
      slot('past', {confirmedFlushLsn: lsn}),
      slot('elsewhere', {database: 'other'}),
      slot('standby', {kind: 'physical', confirmedFlushLsn: null}),
    ];
    expect(slotsBehind(kept, {own: ['lh_01'], database: 'app', lsn})).toEqual([{name: 'dbz', behindBytes: 4096}]);
  });

  test('standbys, foreign tables, foreign servers and subscriptions are told', () => {
    const findings = judgeReaders({
      ...seen,
      senders: [...seen.senders, {pid: 8, role: 'repl', applicationName: 'standby2', address: '10.0.0.8', slot: null}],
      foreign: [{role: 'stock', address: '10.0.0.4', sessions: 2}],
      servers: [{name: 'billing', wrapper: 'postgres_fdw', options: 'host=db4'}],
      subscriptions: [{name: 'from_erp', enabled: true}],
    });
    expect(findings.map(({check}) => check.replace('cutover.', '')).toSorted()).toEqual([
      'foreign-servers',
      'foreign-sessions',
      'standbys',
      'subscribed',
    ]);
  });
});

describe('how long the writes are stopped', () => {
  const now: PartNow[] = [
    {part: 'stop-writes', on: 'source', ms: 100, by: 'measured', why: '60 tables are locked'},
    {part: 'drain', on: 'source', ms: 400, by: 'rule', why: '3 slots'},
  ];

  test('is what was measured now, where the run has stopped nobody yet', () => {
    const parts = estimateParts(now, []);
    expect(describeEstimate(parts)).toBe('write stop: about 0.5 s (0.3 s to 0.8 s)');
    expect(describePart({part: 'drain', on: 'both', ms: 400, why: '3 slots'})).toBe(
      'drain                      source, target  about 0.40 s  3 slots',
    );
  });

  test('is divided by the ends of its steps, so that nothing of it is between two of them', () => {
    const entries = journal(
      {type: 'cutover.begun', by: 'ana', steps: [], ms: 0},
      done('drain', 5),
      {type: 'cutover.stopping', setting: null, ms: 10},
      done('stop-writes', 110),
      done('drain', 500),
      {type: 'cutover.handed-over', by: 'run', evidence: {}, ms: 900},
      done('drain', 2000),
    );
    expect(measuredParts(entries).map((parts) => [...parts])).toEqual([
      [
        ['stop-writes', 100],
        ['drain', 390],
        ['hand-over', 400],
      ],
    ]);
  });

  test('is what earlier write stops took, one that was taken back as well', () => {
    const entries = journal(
      {type: 'cutover.stopping', setting: null, ms: 0},
      done('stop-writes', 200),
      {type: 'cutover.gone-back', by: 'run', reason: '', ms: 900},
      done('drain', 950),
      {type: 'cutover.stopping', setting: null, ms: 1000},
      done('stop-writes', 1400),
    );
    const [stop, drain] = estimateParts(now, measuredParts(entries));
    expect(stop).toMatchObject({ms: 300, by: 'earlier', why: 'measured 2 times in this run; 60 tables are locked'});
    expect(drain).toMatchObject({ms: 400, by: 'rule'});
  });

  test('counts tables by what small ones take each, and large ones by their bytes', () => {
    const samples = [
      {bytes: 8_000, ms: 2},
      {bytes: 1_000_000, ms: 12},
    ];
    // Two lanes; each table 2 ms, and 10 ms for a megabyte.
    expect(comparisonMs([0, 0], samples)).toBe(2);
    expect(comparisonMs([1_000_000, 1_000_000], samples)).toBe(12);
  });
});

describe('what a rehearsal finds once the target is being opened', () => {
  test('is told, and keeps nobody from the way forward', () => {
    const one = {check: 'cutover.login', subject: 'login app', seen: 'it does not log in', remedy: 'mend it'} as const;
    const found = withoutBlockers([
      {...one, severity: 'blocker'},
      {...one, severity: 'note'},
    ]);
    expect(found.map(({severity}) => severity)).toEqual(['warning', 'note']);
  });
});
