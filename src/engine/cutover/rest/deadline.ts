import {formatDuration} from '../../../domain/base/units.ts';
import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import type {StepContext} from '../../step.ts';

/** How long copy-the-rest may still take. */
export interface Deadline {
  /** Milliseconds, at least one; throws once there are none. */
  left(): number;
}

/** Begins now, and ends after `cutover.copy_rest_limit`. */
export function restDeadline({steady, config}: Pick<StepContext, 'steady' | 'config'>): Deadline {
  const limitMs = config.cutover.copyRestLimitMs;
  const end = steady() + limitMs;
  return {
    left: () => {
      const ms = Math.ceil(end - steady());
      if (ms > 0) return ms;
      throw new LonghaulError({
        code: 'failed',
        message: `what change capture does not carry was not copied again within ${formatDuration(limitMs)}`,
        remedy:
          'longhaul cutover --check says which tables and objects take so long; raise cutover.copy_rest_limit, or make there be less of it, then longhaul cutover',
      });
    },
  };
}
