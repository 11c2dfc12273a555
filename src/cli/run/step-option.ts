import {InvalidArgumentError, Option} from 'commander';
import {isStepId, STEP_IDS, type StepId} from '../../domain/run/step-id.ts';

/** An option that names a step of the runbook; anything else is refused with the names. */
export function stepOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser(parseStep);
}

/** The step that the text names; throws commander's error with all names. */
export function parseStep(text: string): StepId {
  if (isStepId(text)) return text;
  throw new InvalidArgumentError(`There is no such step. The steps are ${STEP_IDS.join(', ')}.`);
}
