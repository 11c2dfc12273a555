import type {JsonObject} from '../../src/domain/base/json.ts';
import {Outcome} from '../../src/engine/step.ts';

/** The evidence of a step that was run, whether it left differences or not. */
export function evidenceOf(came: JsonObject | Outcome): JsonObject {
  return came instanceof Outcome ? came.evidence : came;
}
