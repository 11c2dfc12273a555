import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import type {Refusal} from '../../domain/rules/refusal.ts';

/** Throws a LonghaulError (`failed`) with why a command is refused and what to do; nothing where it is not. */
export function mustNotBeRefused(refusal: Refusal | null): void {
  if (refusal !== null) throw new LonghaulError({code: 'failed', message: refusal.why, remedy: refusal.remedy});
}
