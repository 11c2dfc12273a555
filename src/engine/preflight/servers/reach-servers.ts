import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import type {ServerRole} from '../../../domain/pg/server-role.ts';
import type {StepContext} from '../../step.ts';

/**
 * Connects to these servers, all at the same time. Throws `unreachable` where one or more do not answer, with each of them and its remedy: whoever mends
 * one should not learn of the next only then. The cause is an AggregateError of them, for who tells each by itself.
 */
export async function reachServers(ctx: Pick<StepContext, 'session'>, roles: readonly ServerRole[]): Promise<void> {
  const ends = await Promise.allSettled(roles.map(async (role) => ctx.session(role)));
  const failures: readonly unknown[] = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
  const away = failures.filter((error) => error instanceof LonghaulError).filter(({code}) => code === 'unreachable');
  if (failures.length > away.length) throw new AggregateError(failures, 'a server could not be asked');
  if (away.length > 0) throw allOf(away);
}

function allOf(away: readonly LonghaulError[]): LonghaulError {
  const [first, ...more] = away;
  if (first !== undefined && more.length === 0) return first;
  return new LonghaulError({
    code: 'unreachable',
    message: away.map(({message}) => message).join('; '),
    remedy: [...new Set(away.map(({remedy}) => remedy))].join('; '),
    cause: new AggregateError(away),
  });
}
