import {expect, test} from 'vitest';
import {judgeOpen} from '../../../../src/engine/capture/native/reverse/keep.ts';
import type {Blocker} from '../../../../src/pg/replication/blockers.ts';

const open = (more: Partial<Blocker>): Blocker => ({
  what: 'pid 4711 of batch, active, open for 00:10:00',
  seconds: 600,
  prepared: null,
  database: 'other',
  pid: 4711,
  ...more,
});

test('a transaction of the target that a slot of the way back would wait for stops the cutover before anybody is stopped', () => {
  const [found] = judgeOpen([open({})]);
  expect([found?.check, found?.severity]).toEqual(['way-back.open-transactions', 'blocker']);
  expect(found?.seen).toContain('pid 4711 of batch');
  expect(found?.remedy).toContain('pg_terminate_backend(4711)');
  expect(judgeOpen([open({seconds: null, pid: null, prepared: 'x'})])).toHaveLength(1);
});

test('one that is over in a moment does not', () => {
  expect(judgeOpen([open({seconds: 4.9}), open({seconds: null})])).toEqual([]);
});
