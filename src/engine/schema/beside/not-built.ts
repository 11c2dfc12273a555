import {printable} from '../../../domain/base/printable.ts';
import type {StepContext} from '../../step.ts';

/** Says once of each object that it could not be built beside the load, and why; build-indexes tries it again and names what is left. */
export function createTelling(ctx: StepContext): (object: string, why: string) => Promise<void> {
  const told = new Set<string>();
  return async (object, why) => {
    const seen = `could not be built beside the load: ${printable(why)}`;
    const key = JSON.stringify([object, seen]);
    if (told.has(key)) return;
    told.add(key);
    const remedy = 'mend what the server names on the target; build-indexes tries it again';
    const finding = {check: 'full-load.not-built', severity: 'warning', subject: object, seen, remedy} as const;
    await ctx.record({type: 'finding.seen', step: 'full-load', finding});
  };
}
