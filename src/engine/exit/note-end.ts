import {openDifferences} from '../../domain/run/difference.ts';
import type {StepId} from '../../domain/run/step-id.ts';
import {whyDisproved} from '../prove/watch-proof.ts';
import type {RunEnd} from '../run/run-steps.ts';
import type {RunStore} from '../run/run-store.ts';
import type {StepContext} from '../step.ts';

/** How a walk through the steps of a run has ended. */
interface Ended {
  readonly end: RunEnd;
  readonly until: StepId | null;
  readonly halted: AbortSignal;
}

/** Writes into the journal how it ended, and why it did not come to its end. */
export async function noteEnd(store: RunStore, walker: StepContext, {end, until, halted}: Ended): Promise<void> {
  const {reason} = halted as {readonly reason: unknown};
  if (halted.aborted) return store.record({type: 'run.stopped', reason: String(reason), end: 'halted'});
  if (end === 'done') return store.record({type: 'run.done'});
  const lost = end === 'stopped' ? await whyDisproved(walker) : null;
  if (lost !== null) return store.record({type: 'run.stopped', reason: lost, end: 'failed'});
  const why = whyStopped(end, until, openDifferences(store.state()).length);
  return store.record({type: 'run.stopped', reason: why, end: end === 'stopped' ? 'reached' : end});
}

function whyStopped(end: RunEnd, until: StepId | null, open: number): string {
  if (end === 'unfinished')
    return `${open === 1 ? '1 difference is' : `${open} differences are`} neither mended nor accepted`;
  if (end === 'incomplete') return 'a step before was left out, without which no run is done: longhaul run takes it';
  return end === 'failed' ? 'a step failed' : `reached --until ${until ?? ''}`;
}
