import {describe, expect, test} from 'vitest';
import {parseLsn} from '../../../src/domain/pg/lsn.ts';
import {judgeBoundary, type BoundaryEvidence} from '../../../src/engine/prove/judge-boundary.ts';

const P = parseLsn('0/500');
const identity = {timeline: 1, systemIdentifier: '7'};
const slot = {
  name: 'dms_slot_01',
  kind: 'logical',
  plugin: 'pglogical',
  database: 'app',
  active: false,
  activePid: null,
  restartLsn: '0/100',
  confirmedFlushLsn: '0/200',
  retainedBytes: 1,
  walStatus: 'reserved',
  safeWalBytes: null,
  invalidationReason: null,
};
const replica = {
  inRecovery: true,
  replayLsn: P,
  receiveLsn: P,
  postmasterStart: 'then',
  clock: '',
  paused: true,
  ...identity,
};
const primary = {inRecovery: false, insertLsn: '0/900', currentLsn: '0/900', flushLsn: '0/900', clock: '', ...identity};

/** How many conditions do not hold, with what is different from a proof that is whole. */
function broken(change: {slot?: object; replica?: object; primary?: object; more?: object} = {}): number {
  const evidence = {
    run: 'acme',
    boundary: {lsn: P, postmasterStart: 'then', capturedAt: '', ...identity},
    primary: {...primary, ...change.primary},
    replica: {...replica, ...change.replica},
    database: 'app',
    slots: [{name: slot.name, slot: {...slot, ...change.slot}}],
    anchors: {slots: new Map([[slot.name, parseLsn('0/200')]]), afterTables: parseLsn('0/300')},
    plugin: 'pglogical',
    members: {what: 'replication sets', step: 'add-tables'},
    notMembers: [],
    mayHaveBegun: false,
    tablesChange: '',
    ...change.more,
  } as unknown as BoundaryEvidence;
  return judgeBoundary(evidence).filter(({holds}) => !holds).length;
}

describe('one thing alone takes the proof of P away', () => {
  test('and without it, it holds', () => {
    expect(broken()).toBe(0);
  });

  test.each<[string, Parameters<typeof broken>[0]]>([
    ['a physical slot of that name, whatever else it says of itself', {slot: {kind: 'physical'}}],
    ['a slot whose WAL is about to go', {slot: {walStatus: 'unreserved'}}],
    ['a slot whose WAL is gone', {slot: {walStatus: 'lost'}}],
    ['a slot one byte after P', {slot: {confirmedFlushLsn: '0/501'}}],
    ['a replica at P that is not paused: it may be about to go on', {replica: {paused: false}}],
    ['a source that is in recovery itself', {primary: {inRecovery: true}}],
    ['another timeline', {replica: {timeline: 2}}],
    ['another primary', {replica: {systemIdentifier: '8'}}],
    ['another primary, once replay goes on', {primary: {systemIdentifier: '8'}, more: {replica: null}}],
    ['a source in recovery, once replay goes on', {primary: {inRecovery: true}, more: {replica: null}}],
    ['a table that is not in its set any more', {more: {notMembers: ['public.events (idms_slot_01)']}}],
    ['a table one byte after P', {more: {anchors: {slots: new Map(), afterTables: parseLsn('0/501')}}}],
  ])('%s', (_, change) => {
    expect(broken(change)).toBeGreaterThan(0);
  });

  test.each<[string, Parameters<typeof broken>[0]]>([
    ['a slot at P to the byte', {slot: {confirmedFlushLsn: '0/500'}}],
    ['the last table at P to the byte', {more: {anchors: {slots: new Map(), afterTables: P}}}],
    ['a replica that has gone on, where the rest was proved at P', {more: {replica: null}}],
    ['P where the primary has flushed to', {primary: {flushLsn: '0/500'}}],
    ['a server that does not tell what it does with WAL', {slot: {walStatus: null}}],
  ])('but not %s', (_, change) => {
    expect(broken(change)).toBe(0);
  });
});
