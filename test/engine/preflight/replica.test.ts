import {describe, expect, test} from 'vitest';
import {parseLsn} from '../../../src/domain/pg/lsn.ts';
import {judgeReplica, type ReplicaSeen} from '../../../src/engine/preflight/servers/check-replica.ts';
import {isSentTo} from '../../../src/engine/preflight/servers/read-streaming.ts';
import type {Sender} from '../../../src/pg/replication/senders.ts';
import {told} from './told.ts';

const sender = (pid: number, flush: string | null, sent: string | null): Sender => ({
  pid,
  applicationName: '',
  state: sent === null ? null : 'streaming',
  sentLsn: sent === null ? null : parseLsn(sent),
  flushLsn: flush === null ? null : parseLsn(flush),
  unsentBytes: 0,
});
const AT = parseLsn('0/500');

describe('a standby of before 9.6 streams', () => {
  test.each<[string, boolean | null, readonly Sender[], readonly Sender[]]>([
    [
      'where a sender was before it and is behind it',
      true,
      [sender(1, '0/400', '0/480')],
      [sender(1, '0/600', '0/600')],
    ],
    ['where a sender stands still with it', true, [sender(1, '0/500', '0/500')], [sender(1, '0/500', '0/500')]],
    ['not where there is no sender', false, [], []],
    ['not where the sender came only meanwhile', false, [], [sender(2, '0/500', '0/500')]],
    [
      'not where the only sender is another standby’s, far ahead',
      false,
      [sender(1, '0/800', '0/800')],
      [sender(1, '0/900', '0/900')],
    ],
    ['not where the only sender is far behind', false, [sender(1, '0/100', '0/100')], [sender(1, '0/200', '0/200')]],
    ['who knows where senders may not be seen', null, [sender(1, null, null)], [sender(1, null, null)]],
  ])('%s', (_, streams, before, after) => {
    expect(isSentTo(AT, {before, after})).toBe(streams);
  });

  test('not where it has received nothing ever', () => {
    expect(isSentTo(null, {before: [sender(1, '0/1', '0/1')], after: [sender(1, '0/1', '0/1')]})).toBe(false);
  });
});

describe('the replica', () => {
  const fine: ReplicaSeen = {
    version: 90_624,
    role: 'longhaul',
    primary: {
      inRecovery: false,
      insertLsn: parseLsn('10/0'),
      currentLsn: parseLsn('10/0'),
      flushLsn: parseLsn('10/0'),
      clock: '',
    },
    position: {
      inRecovery: true,
      replayLsn: parseLsn('F/FF000000'),
      receiveLsn: parseLsn('10/0'),
      postmasterStart: '',
      clock: '',
      paused: false,
    },
    receiving: true,
    rights: {mayPause: true, mayResume: true},
    settings: new Map([['hot_standby_feedback', 'off']]),
    pausedByUs: false,
  };
  const position = (change: Partial<ReplicaSeen['position']>): ReplicaSeen => ({
    ...fine,
    position: {...fine.position, ...change},
  });
  test.each<[string, ReplicaSeen, string[]]>([
    ['streaming', fine, []],
    ['paused by somebody', position({paused: true}), ['b replica.paused']],
    ['paused by this run', {...position({paused: true}), pausedByUs: true}, []],
    ['from an archive', position({receiveLsn: null}), ['b replica.not-streaming']],
    ['whose receiver died', {...fine, receiving: false}, ['b replica.not-streaming']],
    [
      'paused by this run, whose receiver died',
      {...position({paused: true}), receiving: false, pausedByUs: true},
      ['w replica.receiver-lost'],
    ],
    ['of 9.5, whose source does not say who streams', {...fine, receiving: null}, []],
    ['far behind', position({replayLsn: parseLsn('1/0')}), ['w replica.behind']],
    ['with feedback', {...fine, settings: new Map([['hot_standby_feedback', 'on']])}, ['w replica.feedback']],
    ['that may not be paused', {...fine, rights: {mayPause: true, mayResume: false}}, ['b replica.may-not-pause']],
  ])('%s', (_, seen, expected) => {
    expect(told(judgeReplica(seen))).toEqual(expected);
  });

  test('before 9.6 no grant helps, and the remedy does not say so', () => {
    const rights = {mayPause: false, mayResume: false};
    expect(judgeReplica({...fine, rights})[0]?.remedy).toContain('pg_xlog_replay_pause()');
    expect(judgeReplica({...fine, rights, version: 90_526})[0]?.remedy).toContain('SUPERUSER');
  });
});
