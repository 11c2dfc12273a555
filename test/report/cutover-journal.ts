import type {JournalEntry, RunEvent} from '../../src/domain/run/event.ts';
import type {StepId} from '../../src/domain/run/step-id.ts';
import {parseLsn} from '../../src/domain/pg/lsn.ts';

const BEGUN = Date.parse('2026-11-25T04:00:00.000Z');

/** Events at so many milliseconds from a moment, as a journal has them. */
export function cutoverJournal(events: readonly (readonly [ms: number, event: RunEvent])[]): JournalEntry[] {
  return events.map(([ms, event], at) => ({...event, seq: at + 1, at: new Date(BEGUN + ms).toISOString()}));
}

const done = (step: StepId, evidence = {}): RunEvent => ({type: 'step.done', step, evidence, already: false});
const begun = (step: StepId): RunEvent => ({type: 'step.started', step});
const slots = [
  {name: 'lh_01', tookMs: 320},
  {name: 'lh_02', tookMs: 490},
];

/** A cutover of 1.18 s, with a command of the operator. */
export const CUTOVER: readonly JournalEntry[] = cutoverJournal([
  [
    0,
    {
      type: 'cutover.begun',
      by: 'ana',
      steps: [
        'prepare-reverse',
        'stop-writes',
        'drain',
        'copy-sequences',
        'compare-final',
        'hand-over',
        'validate-constraints',
      ],
    },
  ],
  [100, begun('prepare-reverse')],
  [900, done('prepare-reverse')],
  [980, begun('stop-writes')],
  [1000, {type: 'cutover.stopping', setting: null}],
  [1010, {type: 'cutover.command', command: 'stop.0', moment: 'started', output: ''}],
  [1200, {type: 'cutover.command', command: 'stop.0', moment: 'done', output: 'paused'}],
  [1300, {type: 'cutover.writes-stopped', lsn: parseLsn('0/700'), evidence: {}}],
  [1320, done('stop-writes')],
  [1330, begun('drain')],
  [1830, done('drain', {lsn: '0/710', slots, tookMs: 490})],
  [1840, begun('copy-sequences')],
  [1900, done('copy-sequences')],
  [1910, begun('compare-final')],
  [2060, done('compare-final')],
  [2070, begun('hand-over')],
  [2150, {type: 'cutover.opening', by: 'ana'}],
  [2190, {type: 'cutover.handed-over', by: 'ana', evidence: {}}],
  [
    2195,
    {
      type: 'cutover.visited',
      visitors: [
        {
          role: 'app',
          address: '10.0.0.7',
          applicationName: 'worker|3',
          sessions: 4,
          lastAt: '2026-11-25T04:00:02.195Z',
        },
      ],
    },
  ],
  [2200, done('hand-over', {stoppedMs: 1180, clock: '2026-11-25 04:00:02+00'})],
  [2300, begun('validate-constraints')],
  [6300, done('validate-constraints')],
]);
