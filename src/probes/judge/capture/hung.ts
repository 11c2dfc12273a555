import {formatDuration} from '../../../domain/base/units.ts';
import type {Alarm} from '../../../domain/reading/alarm.ts';

/** What is told of a slot of which nothing moves although its worker is there: it was stopped, or hangs. Where what applies it is a process of its own, nobody here knows its pid. Pure. */
export function hungOf(value: (name: string) => number): Pick<Alarm, 'seen' | 'remedy'> {
  const pid = value('hung_pid');
  const forSeconds = formatDuration(value('hung_seconds') * 1000);
  const waits = `a sentinel has waited for ${formatDuration(value('lag_seconds') * 1000)}`;
  if (pid === 0)
    return {
      seen: `nothing of it has moved for ${forSeconds}, and ${waits}; what applies it is connected`,
      remedy:
        "see the log of what applies it and the target's: a large transaction passes by itself; what hangs is to be begun anew by whoever has started it",
    };
  return {
    seen: `nothing of it has moved for ${forSeconds}, and ${waits}; its worker, pid ${pid} on the target, is there: it was stopped, it hangs, or it is at a large transaction`,
    remedy: `see what that worker does (pg_stat_activity on the target; top on its machine: T is stopped); a large transaction passes by itself; one that was stopped: kill -CONT ${pid} on the machine of the target; one that hangs is begun anew, on the target, as superuser: SELECT pg_terminate_backend(${pid})`,
  };
}
