import {claimedBackSubscriptions} from '../../domain/run/back/claimed-back.ts';
import {engineOf} from '../capture/engines.ts';
import type {ReverseCapture} from '../capture/reverse-capture.ts';
import type {StepContext} from '../step.ts';

/** How this run's change capture is turned round; null where that is not wanted, or its engine cannot. What was made is seen to whatever longhaul.yaml says by now. */
export function reverseOf({config, state}: Pick<StepContext, 'config' | 'state'>): ReverseCapture | null {
  const isMade = claimedBackSubscriptions(state().claimed).length > 0;
  return config.cutover.reverse || isMade ? engineOf(config).reverse : null;
}

/** The check of a step of the way back where none is wanted. */
export const NOT_WANTED = {done: {served: 'no way back is wanted: cutover.reverse is no'}, findings: []};
