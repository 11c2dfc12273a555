import {expect, test} from 'vitest';
import {parseLsn} from '../../../src/domain/pg/lsn.ts';
import type {RunState} from '../../../src/domain/run/run-state.ts';
import {at, atP, due, slots} from './observed.ts';

test('an alarm is due for a slot of ours that begins after P, from its proof until change capture has begun', () => {
  const moved = slots(2, {confirmedFlushLsn: parseLsn('16/B374D849')});
  const proved: RunState = {...atP, run: 'acme', lastProof: {at: at(1), slots: ['dms_slot_01']}};
  const [alarm] = due(2, [moved], proved);
  expect(alarm).toMatchObject({
    id: 'slot.moved:dms_slot_01',
    severity: 'critical',
    remedy:
      'its changes from P on are lost: longhaul release --yes acme, then longhaul run: new slots, a new P, and what is loaded is loaded again',
  });
  expect(due(2, [slots(2, {})], proved)).toEqual([]);
  expect(due(2, [moved], atP)).toEqual([]);
  expect(due(1, [slots(1, {confirmedFlushLsn: parseLsn('16/B374D849')})], proved)).toEqual([]);
  expect(due(2, [moved], {...proved, lastProof: {at: at(1), slots: ['another']}}).map(({id}) => id)).not.toContain(
    'slot.moved:dms_slot_01',
  );
  expect(due(2, [moved], {...proved, cdcStarted: {at: at(1.5), by: 'ana'}})).toEqual([]);
  // Once the load is over, it may be change capture that reads.
  const over: RunState = {...proved, evidence: {'resume-replay': {boundary: parseLsn('16/B374D848')}}};
  expect(due(2, [moved], over)[0]?.remedy).toMatch(
    /^if change capture reads it: longhaul cdc-started --yes acme; if not/,
  );
});
