import {describe, expect, test} from 'vitest';
import type {JournalEntry, RunEvent} from '../../../src/domain/run/event.ts';
import type {StepId} from '../../../src/domain/run/step-id.ts';
import {pastAttempt} from '../../../src/probes/judge/past-attempt.ts';

/** A journal of these events, each at its minute. */
const journal = (...events: readonly [minute: number, event: RunEvent][]): JournalEntry[] =>
  events.map(([minute, event], index) => ({...event, seq: index + 1, at: new Date(minute * 60_000).toISOString()}));
const started = (step: StepId): RunEvent => ({type: 'step.started', step});
const done = (step: StepId, already = false): RunEvent => ({type: 'step.done', step, evidence: {}, already});

describe('the times of an earlier attempt', () => {
  const first = [
    [0, started('full-load')],
    [60, done('full-load')],
    [60, started('build-indexes')],
    [90, done('build-indexes')],
  ] as const satisfies readonly [number, RunEvent][];
  const took = {indexMs: 1_800_000, compareMs: null};

  test.each<[string, JournalEntry[], ReturnType<typeof pastAttempt>]>([
    ['are not known in the first', journal([0, started('full-load')]), null],
    ['are those of the load and the index phase', journal(...first), took],
    [
      'and of the comparison behind them, which stays while the next one builds',
      journal(
        ...first,
        [90, started('compare-rows')],
        [100, done('compare-rows')],
        [200, started('full-load')],
        [260, done('full-load')],
        [260, started('build-indexes')],
        [290, done('build-indexes')],
      ),
      {indexMs: 1_800_000, compareMs: 600_000},
    ],
    ['stay while the next one loads', journal(...first, [100, started('full-load')]), took],
    [
      'are not those of steps that found everything done',
      journal(
        [0, started('full-load')],
        [1, done('full-load', true)],
        [1, started('build-indexes')],
        [2, done('build-indexes', true)],
      ),
      null,
    ],
    [
      'are those of all its parts, when a supervisor died and a step failed between them',
      journal(
        [0, started('full-load')],
        [30, {type: 'load.held', by: 'ana'}],
        [500, {type: 'supervisor.started', pid: 1, bootId: ''}],
        [500, started('full-load')],
        [510, {type: 'step.failed', step: 'full-load', failure: {message: '', remedy: '', unreachable: false}}],
        [600, started('full-load')],
        [620, done('full-load')],
        [620, started('build-indexes')],
        [650, done('build-indexes')],
      ),
      took,
    ],
    [
      'are those of the last one that came through',
      journal(
        ...first,
        [100, started('full-load')],
        [110, done('full-load')],
        [110, started('build-indexes')],
        [115, done('build-indexes')],
      ),
      {indexMs: 300_000, compareMs: null},
    ],
  ])('%s', (_, entries, expected) => {
    expect(pastAttempt(entries)).toEqual(expected);
  });
});
