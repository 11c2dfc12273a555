import {describe, expect, test} from 'vitest';
import type {Reading} from '../../../src/domain/reading/reading.ts';
import type {RunState} from '../../../src/domain/run/run-state.ts';
import {NOTHING_SEEN, remember} from '../../../src/probes/judge/history.ts';
import {GB, at, atP, due, idsOf, replica, slots} from './observed.ts';

const senders = (...states: (string | null)[]): Reading => ({
  at: at(1),
  probe: 'senders',
  senders: states.map((state) => ({applicationName: '', state, unsentBytes: null})),
});

describe('an alarm is due for a paused replica that receives nothing any more, which loses no P', () => {
  const paused: RunState = {...atP, replayPaused: true};
  const standby = {name: 'standby1', kind: 'physical', ours: false, plugin: null} as const;
  test.each<[string, string[], readonly Reading[], RunState]>([
    ['by its own word', ['replica.receiver warning'], [replica({receiving: false})], paused],
    ['not while it receives', [], [replica({receiving: true})], paused],
    ['not once it goes on', [], [replica({receiving: false, paused: false})], {...paused, boundary: null}],
    ['not of a replica that this run has not paused', [], [replica({receiving: false})], atP],
    [
      'before 9.6 where nobody streams from the source',
      ['replica.receiver warning'],
      [replica({receiving: null}), senders()],
      paused,
    ],
    ['before 9.6 not where somebody does', [], [replica({receiving: null}), senders('streaming')], paused],
    ['before 9.6 not before the source was asked', [], [replica({receiving: null})], paused],
  ])('%s', (_, expected, readings, state) => {
    expect(idsOf(due(1, readings, state))).toEqual(expected);
  });

  test('and what its physical slot holds is told, and counts for the disk of the primary', () => {
    const held = slots(1, {...standby, active: false, retainedBytes: 3 * GB});
    const [alarm] = due(1, [held, replica({receiving: false})], paused);
    expect(alarm?.seen).toContain('P is not lost');
    expect(alarm?.seen).toContain('slot standby1 holds 3.0 GB on the primary');
    const other = slots(1, {...standby, active: true, retainedBytes: 3 * GB});
    expect(due(1, [other, replica({receiving: false})], paused)[0]?.seen).not.toContain('holds');
    const {held: series} = remember(NOTHING_SEEN, held, {state: paused, atMs: Date.parse(at(1))});
    expect(series.get('source')?.at(-1)?.value).toBe(3 * GB);
  });
});
