import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {newSlots} from '../../../domain/reading/slots-away.ts';

/** Throws where a publication or set of a slot is not there: one that is made anew is none for what was written before it, at which the slot fails, or which it passes over. */
export function mustBeThere(
  wanted: readonly string[],
  there: readonly string[],
  {slot, run}: {readonly slot: string; readonly run: string},
): void {
  const gone = wanted.filter((name) => !there.includes(name));
  if (gone.length === 0) return;
  throw new LonghaulError({
    code: 'failed',
    message: `${gone.join(' and ')} of slot ${slot} ${gone.length === 1 ? 'is' : 'are'} gone from the source: what was written since is lost, and no table can be taken into it`,
    remedy: newSlots(run),
  });
}
