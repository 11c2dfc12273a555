import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {fenceBroken, newBoundary} from '../../domain/pg/boundary.ts';
import {allCommitted} from '../../domain/run/run-state.ts';
import {readReplicaPosition} from '../../pg/replication/replica.ts';
import type {Session} from '../../pg/session/session.ts';
import type {StepContext} from '../step.ts';

/** Throws where the session does not see the replica paused at P: one that does before and after a scan has lived through it. */
export async function mustBeAtBoundary(
  ctx: Pick<StepContext, 'state'>,
  replica: Session,
  what: 'rows' | 'objects' = 'rows',
): Promise<void> {
  const {boundary} = ctx.state();
  const position = await replica.one(readReplicaPosition(replica.version));
  const broken = boundary === null ? 'no P was captured' : fenceBroken(boundary, position);
  if (broken === null) return;
  throw new LonghaulError({
    code: 'failed',
    message: `${what} cannot be compared: ${broken}`,
    remedy: allCommitted(ctx.state())
      ? 'longhaul run --from resume-replay keeps the load, which is whole, and goes on uncompared; --from pause-replay takes a new P and loads everything again'
      : newBoundary(position),
  });
}

/** Works with the replica at P; what came of it while it left P is nothing. */
export async function atBoundary<T>(
  ctx: Pick<StepContext, 'state'>,
  replica: Session,
  work: () => Promise<T>,
): Promise<T> {
  await mustBeAtBoundary(ctx, replica);
  const result = await work();
  await mustBeAtBoundary(ctx, replica);
  return result;
}
