import type {Evidence} from '../../src/domain/run/evidence/step-evidence.ts';
import type {StepId} from '../../src/domain/run/step-id.ts';
import {Outcome} from '../../src/engine/step.ts';

/** The evidence of a step that was run, whether it left differences or not. */
export function evidenceOf<Id extends StepId>(came: Evidence<Id> | Outcome<Id>): Evidence<Id> {
  return came instanceof Outcome ? came.evidence : came;
}
