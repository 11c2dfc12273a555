import {describe, expect, test} from 'vitest';
import {judgeAsking, judgeIdentity, type AskingSeen} from '../../../src/engine/preflight/servers/check-timeline.ts';
import {told} from './told.ts';

describe('who may ask for the timeline', () => {
  const fine: AskingSeen = {
    role: 'longhaul',
    mayReplicate: true,
    maxWalSenders: 10,
    walLevel: 'logical',
    paused: false,
  };
  test('anybody with REPLICATION, where the server has WAL senders', () => {
    expect(told(judgeAsking('replica', fine))).toEqual([]);
    expect(told(judgeAsking('replica', {...fine, mayReplicate: false, maxWalSenders: 0}))).toEqual([
      'b replica.may-not-identify',
      'b replica.wal-senders',
    ]);
  });

  test('the way out says what a restart costs, and that a server with senders does not start at wal_level minimal', () => {
    const remedy = (change: Partial<AskingSeen>) =>
      judgeAsking('replica', {...fine, maxWalSenders: 0, ...change})[0]?.remedy;
    expect(remedy({})).not.toContain('wal_level');
    expect(remedy({})).toContain('the source does not notice');
    expect(remedy({walLevel: 'minimal'})).toContain(
      "ALTER SYSTEM SET wal_level = 'logical'; ALTER SYSTEM SET max_wal_senders = 5; restart the replica",
    );
    expect(remedy({paused: true})).toContain('P with all that was loaded at it is lost');
    expect(judgeAsking('source', {...fine, maxWalSenders: 0})[0]?.remedy).toContain('a restart of production');
  });

  test('a server of another cluster, or on another timeline, is no replica', () => {
    const source = {systemIdentifier: '7', timeline: 2};
    expect(told(judgeIdentity({source, replica: source}))).toEqual([]);
    expect(told(judgeIdentity({source, replica: {...source, timeline: 3}}))).toEqual(['b replica.timeline']);
    expect(told(judgeIdentity({source, replica: {systemIdentifier: '8', timeline: 2}}))).toEqual([
      'b replica.other-cluster',
    ]);
  });
});
