import {isCutoverUnderWay} from '../../domain/run/cutover/cutover.ts';
import {walkCutover, type CutoverWalk} from '../cutover/walk-cutover.ts';
import {BACK_STEPS, cutoverSteps} from '../runbook.ts';
import {followPatiently} from './follow.ts';
import {mirrored} from './mirrored.ts';

/** Which directions this supervisor has begun to go: of what another has begun the locks are gone. */
export interface Begun {
  readonly cutover: boolean;
  readonly back: boolean;
}

/** Walks the way back or the cutover of the run, whichever is not over; false where the run's own steps are to be walked. */
export async function walkTurn(walk: Omit<CutoverWalk, 'steps' | 'isOurs'>, begun: Begun): Promise<boolean> {
  const {ctx, walker} = walk;
  const {cutover, back} = ctx.state();
  if (isCutoverUnderWay(back)) {
    const turned = {ctx: mirrored(ctx), walker: mirrored(walker)};
    await walkCutover({...walk, ...turned, steps: BACK_STEPS, isOurs: begun.back});
    return true;
  }
  if (cutover !== null && cutover.status !== 'gone-back') {
    await walkCutover({...walk, steps: cutoverSteps(ctx.config), isOurs: begun.cutover});
    return true;
  }
  // Of one that a supervisor has left behind the opening of the source.
  if (back?.status === 'handed-over') await followPatiently(mirrored(walker));
  return false;
}
