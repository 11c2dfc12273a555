import {describe, expect, test} from 'vitest';
import type {RunEvent} from '../../../src/domain/run/event.ts';
import {finalRunbookIds} from '../../../src/domain/run/final-steps.ts';
import {runbookIds, type StepId} from '../../../src/domain/run/step-id.ts';
import {inMemory} from '../../support/in-memory.ts';

const started = (steps: readonly StepId[]): RunEvent => ({type: 'run.started', run: 'acme', version: '0', steps});
const done = (step: StepId): RunEvent => ({type: 'step.done', step, evidence: {served: step}, already: false});

/** The steps of every run before each engine had a runbook; a run without change capture skipped four of them. */
const OLD: readonly StepId[] = [
  'preflight',
  'inventory',
  'plan-slots',
  'copy-globals',
  'copy-schema',
  'create-slots',
  'create-node',
  'create-replication-sets',
  'add-tables',
  'pause-replay',
  'capture-boundary',
  'prove-boundary',
  'strip-target',
  'full-load',
  'build-indexes',
  'compare-rows',
  'resume-replay',
];

describe('a journal from before each engine had a runbook', () => {
  const reason = 'cdc.engine is none: a plain copy at P, without slots';
  const skipped = (['create-slots', 'create-node', 'create-replication-sets', 'add-tables'] as const).map(
    (step): RunEvent => ({type: 'step.skipped', step, reason}),
  );

  test('of a run with DMS has steps that there are for ever, in the order that they had', () => {
    const known: readonly string[] = OLD;
    expect(finalRunbookIds('dms').filter((id) => known.includes(id))).toEqual(OLD);
  });

  test('of a plain copy is read, and goes on with the steps that it has now, each as far as it was', () => {
    const before = [started(OLD), done('inventory'), ...skipped, done('pause-replay')];
    const read = inMemory(...before).state();
    expect(read.steps.find(({id}) => id === 'create-slots')?.state).toEqual({status: 'skipped', reason});
    const {steps, evidence} = inMemory(...before, started(runbookIds('none'))).state();
    expect(steps.map(({id}) => id)).toEqual(runbookIds('none'));
    expect(steps.filter(({state}) => state.status === 'done').map(({id}) => id)).toEqual(['inventory', 'pause-replay']);
    expect(evidence).toEqual({inventory: {served: 'inventory'}, 'pause-replay': {served: 'pause-replay'}});
  });
});

test('a run knows only the steps of its runbook: an event about another changes nothing', () => {
  const {steps} = inMemory(started(runbookIds('none')), done('create-slots')).state();
  expect(steps.map(({id}) => id)).not.toContain('create-slots');
});
