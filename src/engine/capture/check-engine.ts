import type {Finding} from '../../domain/run/finding.ts';
import {found, listed} from '../preflight/found.ts';
import type {StepContext} from '../step.ts';
import type {CaptureEngine} from './capture.ts';
import {ALL_ENGINES, engineOf} from './engines.ts';

/** Whether the run has made anything with another engine than longhaul.yaml has now. */
export async function checkEngine(ctx: StepContext): Promise<Finding[]> {
  return judgeEngine(engineOf(ctx.config), ctx.config.run, ctx.state().claimed);
}

/** What another engine has made, this one would leave where it is: slots that nobody reads or drops. Pure. */
export function judgeEngine(
  engine: Pick<CaptureEngine, 'name' | 'owns'>,
  run: string,
  claimed: readonly string[],
): Finding[] {
  const others = claimed.filter((object) => !engine.owns(object) && ALL_ENGINES.some((other) => other.owns(object)));
  if (others.length === 0) return [];
  return [
    found('engine', 'cdc.engine').blocker(
      'changed',
      `it is ${engine.name}, and this run has made ${listed(others)} with another one`,
      `put it back as it was in longhaul.yaml; or, to have them dropped and begin anew: longhaul abort --yes ${run}`,
    ),
  ];
}
