import type {RunEvent} from '../../../src/domain/run/event.ts';
import type {StepId} from '../../../src/domain/run/step-id.ts';
import {FACTS, NOW} from '../fixtures/acme-run.ts';
import {consoleOnScreen, sayRun, type OnScreen} from './console-on-screen.ts';

const STEPS: readonly StepId[] = [
  'stop-writes',
  'drain',
  'copy-sequences',
  'restore-triggers-and-keys',
  'compare-final',
  'hand-over',
  'validate-constraints',
];
export const BACK: readonly StepId[] = ['back-stop-writes', 'back-drain', 'back-copy-sequences', 'back-hand-over'];
export const WITH_CUTOVER = {
  ...FACTS,
  changeCapture: 'native',
  steps: [
    ...FACTS.steps,
    ...[...STEPS, ...BACK].map((id) => ({
      id,
      phase: 'cutover',
      title: id.replaceAll('-', ' '),
      why: '',
      confirm: 'no' as const,
    })),
  ],
};
export const STARTED: readonly RunEvent[] = [
  {type: 'run.started', run: 'acme-prod', version: '0.1.0', steps: []},
  {type: 'supervisor.started', pid: 4242, bootId: 'b'},
];
export const BEGUN: RunEvent = {type: 'cutover.begun', by: 'ops', steps: STEPS};
export const STOPPING: RunEvent = {type: 'cutover.stopping', setting: null};
export const at = new Date(NOW).toISOString();

/** A console that has heard of a run with a cutover in it. */
export async function before(options: {columns?: number; rows?: number; readOnly?: boolean} = {}): Promise<OnScreen> {
  const console = await consoleOnScreen({...options, silent: true});
  sayRun(console, STARTED, WITH_CUTOVER);
  console.pass(500);
  return console;
}
