import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import type {ServerRole} from '../../../domain/pg/server-role.ts';
import type {StepContext} from '../../step.ts';

/**
 * Connects to these servers, all at the same time. Throws `unreachable` where one or more do not answer, or `config` where one cannot be asked, with each of them and its remedy: whoever mends
 * one should not learn of the next only then. The cause is an AggregateError of them, for who tells each by itself.
 */
export async function reachServers(ctx: Pick<StepContext, 'session'>, roles: readonly ServerRole[]): Promise<void> {
  const ends = await Promise.allSettled(roles.map(async (role) => ctx.session(role)));
  const failures: readonly unknown[] = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
  const known = failures.filter((error) => error instanceof LonghaulError);
  if (failures.length > known.length) throw new AggregateError(failures, 'a server could not be asked');
  if (known.length > 0) throw allOf(known);
}

function allOf(failed: readonly LonghaulError[]): LonghaulError {
  const [first, ...more] = failed;
  if (first !== undefined && more.length === 0) return first;
  return new LonghaulError({
    // What the operator has to write differently comes before what a server has to do.
    code: failed.find(({code}) => code !== 'unreachable')?.code ?? 'unreachable',
    message: failed.map(({message}) => message).join('; '),
    remedy: [...new Set(failed.map(({remedy}) => remedy))].join('; '),
    cause: new AggregateError(failed),
  });
}
