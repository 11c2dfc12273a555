import {claimedBack} from '../run/back/claimed-back.ts';
import {isCutoverUnderWay} from '../run/cutover/cutover.ts';
import type {RunState} from '../run/run-state.ts';
import {isCutoverComplete} from './cutover.ts';
import {refusal, type Refusal} from './refusal.ts';

/** Why what the run has made is not taken away yet; null where it can be. `givesUpWayBack`: the operator's word that nobody goes back any more. Pure. */
export function whyNoCleanUp(state: RunState, givesUpWayBack: boolean): Refusal | null {
  const {cutover, back, claimed, steps, cdcStarted, run} = state;
  if (isCutoverUnderWay(back)) return refusal('a way back is under way', 'longhaul status shows how far it is');
  // Whoever starts change capture by other means has handed over by them, and knows when.
  const isByHand = !steps.some(({id}) => id === 'wait-for-catch-up') && cdcStarted !== null;
  if (isByHand) return null;
  // It is given up no more.
  if (cutover?.status === 'opening')
    return refusal('the target is being opened', `longhaul cutover --yes ${run ?? ''} goes on with it`);
  if (cutover?.status !== 'handed-over')
    return refusal(
      'the run was not handed over: what it has made is in use',
      `longhaul abort --yes ${run ?? ''} gives a run up, and takes away what it has made`,
    );
  if (!isCutoverComplete(state))
    return refusal(
      'the hand-over is not complete: constraints of the target are still to be validated',
      `longhaul cutover --yes ${run ?? ''} goes on with it`,
    );
  if (claimedBack(claimed, 'back-slot').length > 0 && !givesUpWayBack)
    return refusal(
      'the way back is open: what is written on the target comes to the source',
      `longhaul clean-up --give-up-way-back --yes ${run ?? ''} ends it; from then on nobody goes back without losing rows`,
    );
  return null;
}
