import {describe, expect, test} from 'vitest';
import type {RunEvent} from '../../../src/domain/run/event.ts';
import {parseLsn} from '../../../src/domain/pg/lsn.ts';
import {anchorPositions, earliestBoundary} from '../../../src/engine/capture/anchor-positions.ts';
import {isLoadOver} from '../../../src/domain/rules/needs.ts';
import {plannedSets} from '../../../src/engine/capture/objects.ts';
import {goneSlots} from '../../../src/engine/exit/drop-slot.ts';
import {wantedMemberships} from '../../../src/engine/capture/wanted-memberships.ts';
import {judgeSet} from '../../../src/engine/capture/dms/create-replication-sets.ts';
import {judgeSlot} from '../../../src/engine/capture/slots/create-slots.ts';
import type {Slot} from '../../../src/pg/replication/slots.ts';
import {inMemory} from '../../support/in-memory.ts';
import {relation, table} from '../plan/inventory.ts';
import {RUN} from '../../support/stepping.ts';

const slot = (change: Partial<Slot> = {}): Slot => ({
  name: 'dms_slot_01',
  kind: 'logical',
  plugin: 'pglogical',
  database: 'app',
  active: false,
  activePid: null,
  restartLsn: parseLsn('0/100'),
  confirmedFlushLsn: parseLsn('0/200'),
  retainedBytes: 1,
  walStatus: 'reserved',
  safeWalBytes: null,
  invalidationReason: null,
  ...change,
});

const evidence = (afterTablesLsn: string | null): RunEvent[] => [
  {
    type: 'step.done',
    step: 'create-slots',
    evidence: {
      slots: [
        {name: 'a', confirmedFlushLsn: parseLsn('0/300')},
        {name: 'b', confirmedFlushLsn: parseLsn('9/0')},
      ],
    },
    already: false,
  },
  {
    type: 'step.done',
    step: 'add-tables',
    evidence: afterTablesLsn === null ? {} : {afterTablesLsn: parseLsn(afterTablesLsn)},
    already: false,
  },
];

const positions = (after: string | null) => anchorPositions(inMemory(RUN, ...evidence(after)).state());

describe('what is ours by its name and what is not', () => {
  const ours = ['slot dms_slot_01', 'set dms_slot_01'];

  test.each<[string, Partial<Slot>, string[], string | null]>([
    ['ours', {}, ours, null],
    ['one that was there before', {}, ['set dms_slot_01'], 'was there before this run'],
    ['a physical one', {kind: 'physical', plugin: null, database: null}, ours, 'is a physical slot'],
    ['one of another plugin', {plugin: 'pgoutput'}, ours, 'uses the plugin pgoutput'],
    ['one of another database', {database: 'other'}, ours, 'belongs to the database other'],
  ])('a slot: %s', (_, change, claimed, words) => {
    const [finding] = judgeSlot(slot(change), {plugin: 'pglogical', database: 'app', claimed});
    const blocked = expect.objectContaining({severity: 'blocker', seen: expect.stringContaining(words ?? '')});
    expect(finding).toEqual(words === null ? undefined : blocked);
  });

  const [updates, inserts] = plannedSets([{name: 'dms_slot_01'}]);
  if (updates === undefined) throw new Error('no set');

  test('a slot has two sets: updates and deletes in the one of its name, inserts and truncates in the other', () => {
    expect([updates, inserts]).toEqual([
      {name: 'dms_slot_01', inserts: false, updates: true, deletes: true, truncates: false},
      {name: 'idms_slot_01', inserts: true, updates: false, deletes: false, truncates: true},
    ]);
  });

  test.each(['inserts', 'updates', 'deletes', 'truncates'] as const)(
    'a set that differs in its %s, or was there before, is a blocker',
    (what) => {
      expect(judgeSet(updates, [updates], ours)).toEqual([]);
      const other = {...updates, [what]: !updates[what]};
      expect(judgeSet(other, [updates], ours)).toMatchObject([
        {severity: 'blocker', seen: expect.stringContaining('does not carry')},
      ]);
      expect(judgeSet(updates, [updates], ['slot dms_slot_01'])).toMatchObject([
        {seen: expect.stringContaining('was there before')},
      ]);
    },
  );

  test('a table whose rows no key names is in the insert set alone: pglogical refuses its updates', () => {
    const slots = {slots: [{name: 'dms_slot_01', why: '', tables: [relation('public.a'), relation('public.log')]}]};
    const tables = [table('public.a', 1), table('public.log', 1, {hasReplicaKey: false})];
    const {memberships, insertOnly} = wantedMemberships(slots, {tables});
    expect(memberships).toEqual([
      {set: 'dms_slot_01', table: relation('public.a')},
      {set: 'idms_slot_01', table: relation('public.a')},
      {set: 'idms_slot_01', table: relation('public.log')},
    ]);
    expect(insertOnly).toEqual([relation('public.log')]);
  });

  test('a slot that was claimed and is not on the primary is gone; sets and others’ slots are none', () => {
    expect(goneSlots(['slot a', 'slot b', 'set a'], [slot({name: 'a'}), slot({name: 'theirs'})])).toEqual(['b']);
  });
});

describe('what P must not lie before', () => {
  test('is the latest of every slot and of the last table', () => {
    expect(positions('A/0').slots).toEqual(
      new Map([
        ['a', '0/300'],
        ['b', '9/0'],
      ]),
    );
    expect(earliestBoundary(positions('A/0'))).toBe('A/0');
    expect(earliestBoundary(positions('0/500'))).toBe('9/0');
    expect(positions(null).afterTables).toBeNull();
    expect(earliestBoundary(positions(null))).toBe('9/0');
    expect(earliestBoundary({...positions('0/500'), sentinel: parseLsn('B/0')})).toBe('B/0');
    expect(earliestBoundary({slots: new Map(), afterTables: null})).toBeNull();
  });
});

describe('once replay was resumed the steps before it have served', () => {
  const P = parseLsn('0/500');
  const boundary = {lsn: P, postmasterStart: 'then', timeline: 1, systemIdentifier: '7', capturedAt: ''};
  const loaded: RunEvent[] = [
    RUN,
    {type: 'replay.paused', by: 'run'},
    {type: 'boundary.captured', boundary},
    {type: 'load.planned', boundary: P, units: [], lanes: 1},
  ];
  const failure = {message: '', remedy: '', unreachable: false};
  const began: RunEvent = {type: 'step.started', step: 'resume-replay'};
  const failed: RunEvent = {type: 'step.failed', step: 'resume-replay', failure};
  const resumed: RunEvent = {type: 'replay.resumed', by: 'run'};

  const proved: RunEvent = {type: 'boundary.proved', evidence: {}, slots: []};

  test('not where it was refused before the comparison, at a replica that somebody had paused by hand', () => {
    const byHand = loaded.filter(({type}) => type !== 'replay.paused');
    const state = inMemory(...byHand, proved, began, failed).state();
    expect(isLoadOver({...state, lastProof: {at: '2026-11-23T00:00:00.000Z', slots: []}}, false)).toBe(false);
  });

  test.each<[string, RunEvent[], boolean]>([
    ['not before', loaded, false],
    ['once it is done', [...loaded, {type: 'step.done', step: 'resume-replay', evidence: {}, already: false}], true],
    ['while it runs', [...loaded, began], true],
    ['not where it runs before the load is whole', [RUN, began], false],
    ['not where it was failed behind its proof and the replica is paused', [...loaded, began, proved, failed], false],
    ['where it failed after the replica had gone on', [...loaded, began, proved, resumed, failed], true],
  ])('%s', (_, events, over) => {
    expect(isLoadOver(inMemory(...events).state(), false)).toBe(over);
  });
});
