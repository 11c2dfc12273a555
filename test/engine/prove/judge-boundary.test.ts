import {describe, expect, test} from 'vitest';
import {parseLsn} from '../../../src/domain/pg/lsn.ts';
import {judgeBoundary, type BoundaryEvidence} from '../../../src/engine/prove/judge-boundary.ts';
import type {Slot} from '../../../src/pg/replication/slots.ts';

const slot: Slot = {
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
};

const replica = {
  inRecovery: true,
  replayLsn: parseLsn('0/500'),
  receiveLsn: parseLsn('0/900'),
  postmasterStart: 'then',
  timeline: 1,
  systemIdentifier: '7',
  clock: '',
  paused: true,
} satisfies BoundaryEvidence['replica'];

const whole: BoundaryEvidence = {
  run: 'acme',
  mayHaveBegun: false,
  boundary: {lsn: parseLsn('0/500'), postmasterStart: 'then', timeline: 1, systemIdentifier: '7', capturedAt: ''},
  primary: {
    inRecovery: false,
    insertLsn: parseLsn('0/900'),
    currentLsn: parseLsn('0/900'),
    flushLsn: parseLsn('0/900'),
    timeline: 1,
    systemIdentifier: '7',
    clock: '',
  },
  replica,
  database: 'app',
  slots: [{name: 'dms_slot_01', slot}],
  anchors: {slots: new Map([['dms_slot_01', parseLsn('0/200')]]), afterTables: parseLsn('0/300')},
  members: {what: 'replication sets', step: 'add-tables'},
  plugin: 'pglogical',
  notMembers: [],
  tablesChange: '',
};

const broken = (evidence: BoundaryEvidence) =>
  judgeBoundary(evidence)
    .filter(({holds}) => !holds)
    .map(({condition}) => condition);
const withSlot = (change: Partial<Slot>): BoundaryEvidence => ({
  ...whole,
  slots: [{name: 'dms_slot_01', slot: {...slot, ...change}}],
});

describe('the proof of P', () => {
  test('holds when P is at or after every slot and A', () => {
    expect(broken(whole)).toEqual([]);
    expect(broken(withSlot({confirmedFlushLsn: parseLsn('0/500')}))).toEqual([]);
  });

  test.each<[string, BoundaryEvidence, string]>([
    ['a slot that begins after P', withSlot({confirmedFlushLsn: parseLsn('0/501')}), 'P >= confirmed_flush_lsn'],
    ['a slot that is gone', {...whole, slots: [{name: 'dms_slot_01', slot: null}]}, 'exists'],
    ['a slot that somebody reads', withSlot({active: true, activePid: 7}), 'nobody reads it'],
    ['a slot whose WAL is lost', withSlot({walStatus: 'lost'}), 'keeps its WAL'],
    ['a slot without restart_lsn', withSlot({restartLsn: null}), 'keeps its WAL'],
    ['an invalidated slot', withSlot({invalidationReason: 'idle_timeout'}), 'is not invalidated'],
    ['a slot of another plugin', withSlot({plugin: 'pgoutput'}), 'is a logical pglogical slot of this database'],
    ['a slot of another database', withSlot({database: 'other'}), 'is a logical pglogical slot of this database'],
    [
      'tables that were added after P',
      {...whole, anchors: {...whole.anchors, afterTables: parseLsn('0/501')}},
      'P >= A, the position after the last table was added',
    ],
    [
      'no note of when the last table was added',
      {...whole, anchors: {...whole.anchors, afterTables: null}},
      'P >= A, the position after the last table was added',
    ],
    [
      'a replica of another primary',
      {...whole, primary: {...whole.primary, systemIdentifier: '8'}},
      'is a standby of the source (one system identifier)',
    ],
    [
      'a replica on another timeline',
      {...whole, replica: {...replica, timeline: 2}},
      'replays the timeline that the source writes',
    ],
    [
      'a replica that is ahead of the primary',
      {...whole, primary: {...whole.primary, flushLsn: parseLsn('0/4FF')}},
      'P is not ahead of what the primary has flushed',
    ],
    ['a replica that replays again', {...whole, replica: {...replica, replayLsn: parseLsn('0/501')}}, 'is paused at P'],
    ['a replica that was restarted', {...whole, replica: {...replica, postmasterStart: 'later'}}, 'is paused at P'],
    ['a replica that was promoted', {...whole, replica: {...replica, inRecovery: false}}, 'is paused at P'],
  ])('fails on %s', (_, evidence, condition) => {
    expect(broken(evidence)).toContain(condition);
  });

  test('before 9.6 the position noted at creation stands for confirmed_flush_lsn', () => {
    expect(broken(withSlot({confirmedFlushLsn: null}))).toEqual([]);
    const late = {...withSlot({confirmedFlushLsn: null}), anchors: {...whole.anchors, slots: new Map()}};
    expect(broken(late)).toContain('P >= confirmed_flush_lsn');
  });

  test('fails when a table has come or gone since the plan, which no slot and no unit would carry', () => {
    expect(broken({...whole, tablesChange: 'public.new has come'})).toEqual(['are those of the plan']);
  });

  test('once the replica has gone on, rests on the slots and on the primary that they are of, and on nothing that the replica had', () => {
    const after: BoundaryEvidence = {...whole, replica: null};
    expect(broken(after)).toEqual([]);
    expect(broken({...withSlot({confirmedFlushLsn: parseLsn('0/501')}), replica: null})).toEqual([
      'P >= confirmed_flush_lsn',
    ]);
    const source = 'is the primary of the replica that was at P (one system identifier)';
    expect(broken({...after, primary: {...whole.primary, systemIdentifier: '8'}})).toEqual([source]);
    expect(broken({...after, boundary: {...whole.boundary, systemIdentifier: null}})).toEqual([source]);
    expect(broken({...after, primary: {...whole.primary, inRecovery: true}})).toEqual([source]);
    expect(broken({...after, primary: {...whole.primary, flushLsn: parseLsn('0/4FF')}})).toEqual([
      'P is not ahead of what the primary has flushed',
    ]);
    expect(broken({...after, anchors: {...whole.anchors, afterTables: null}})).toEqual([
      'P >= A, the position after the last table was added',
    ]);
  });

  const anew = expect.stringMatching(/^longhaul release --yes acme, then longhaul run/);
  test.each<[string, BoundaryEvidence, unknown]>([
    ['a slot that is gone wants new ones', {...whole, slots: [{name: 'dms_slot_01', slot: null}]}, anew],
    ['so does one that is lost', withSlot({walStatus: 'lost'}), anew],
    [
      'and one that has moved since it was made, to which no new P is near',
      withSlot({confirmedFlushLsn: parseLsn('0/501')}),
      expect.stringContaining('longhaul release --yes acme, then longhaul run'),
    ],
    [
      'one that begins where it was made only wants a later P',
      {
        ...withSlot({confirmedFlushLsn: parseLsn('0/501')}),
        anchors: {...whole.anchors, slots: new Map([['dms_slot_01', parseLsn('0/501')]])},
      },
      expect.stringContaining('longhaul run --from pause-replay'),
    ],
    [
      'once the load is over, change capture may be what reads it',
      {...withSlot({active: true, activePid: 7}), mayHaveBegun: true},
      expect.stringMatching(/^if that is change capture: longhaul cdc-started --yes acme; if not, end what reads/),
    ],
    [
      'before that, nobody may',
      withSlot({active: true, activePid: 7}),
      expect.stringMatching(/^end what reads dms_slot_01, .*: SELECT pg_terminate_backend\(7\)$/),
    ],
  ])('says what really helps: %s', (_, evidence, remedy) => {
    expect(judgeBoundary(evidence).find(({holds}) => !holds)?.remedy).toEqual(remedy);
  });

  test('fails without a slot, whatever else holds; a plain copy needs none', () => {
    expect(broken({...whole, slots: []})).toEqual(['there is at least one']);
    expect(broken({...whole, slots: [], plugin: null})).toEqual([]);
  });
});
