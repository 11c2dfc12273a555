import {slotOnSource} from '../../domain/run/capture/slot-names.ts';
import type {StepContext} from '../step.ts';
import type {LiveCapture} from './capture.ts';
import {engineOf} from './engines.ts';

/** The change capture that the run itself has started, and its slots. */
export interface OwnCapture {
  readonly live: LiveCapture;
  /** As the plan has them. */
  readonly slots: readonly string[];
  /** The same as the source has them, one for each. */
  readonly onSource: readonly string[];
}

/** The change capture that this run has started, or is about to; null where it has not, or where its engine is started by somebody else. */
export function captureOf({config, state}: Pick<StepContext, 'config' | 'state'>): OwnCapture | null {
  const {live} = engineOf(config);
  if (live === null) return null;
  const slots = live.slotsOf(state().claimed);
  return slots.length === 0 ? null : {live, slots, onSource: slots.map((slot) => slotOnSource(state(), slot))};
}
