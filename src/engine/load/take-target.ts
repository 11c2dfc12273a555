import type {Boundary} from '../../domain/boundary.ts';
import {LonghaulError} from '../../domain/longhaul-error.ts';
import {readBackendsLike} from '../../pg/backends.ts';
import {createLedger, readOwner, takeOwnership, type LedgerOwner} from '../../pg/ledger.ts';
import type {Session} from '../../pg/session.ts';
import {SQLSTATE, sqlStateOf} from '../../pg/sqlstate.ts';
import type {StepContext} from '../step.ts';

/**
 * Makes this run at its P the owner of the target, for every unit asks first whether it still is: two runs that both found the tables empty
 * would double every row. Refuses, having changed nothing but the ledger's own tables, while another run's lanes are at work there.
 */
export async function takeTarget(ctx: StepContext, boundary: Boundary): Promise<void> {
  const target = await ctx.session('target');
  for (const statement of createLedger()) await target.run(statement);
  const {run} = ctx.config;
  const [owner] = await target.run(readOwner());
  // Even an upsert that changes nothing would wait for the lanes that an earlier supervisor of this run left.
  if (owner?.run === run && owner.boundary === boundary.lsn) return;
  const other = owner === undefined || owner.run === run ? null : owner;
  if (other !== null && (await isConnected(target, other))) throw ownedBy(other);
  try {
    await target.run(takeOwnership(run, boundary.lsn), {lockTimeoutMs: ctx.config.timeouts.lockMs});
  } catch (error) {
    if (sqlStateOf(error) === SQLSTATE.lockNotAvailable) throw ownedBy(other, error);
    throw error;
  }
}

/** Whether anything of that run, a lane or its supervisor, is connected to the target. */
async function isConnected(target: Session, {run}: LedgerOwner): Promise<boolean> {
  return (await target.run(readBackendsLike([`longhaul/${run}/%`]))).length > 0;
}

function ownedBy(owner: LedgerOwner | null, cause?: unknown): LonghaulError {
  const who = owner === null ? 'a lane that nobody knows of' : `run ${owner.run}, at P ${owner.boundary}`;
  return new LonghaulError({
    code: 'failed',
    message: `the target belongs to ${who}, which is loading into it: two loads would double the rows`,
    remedy:
      owner === null
        ? `on the target: SELECT pid, state, query FROM pg_stat_activity WHERE application_name LIKE 'longhaul/%'; wait for it or end it, then run again`
        : `let run ${owner.run} end, or give it up: longhaul abort with its configuration; then run again`,
    cause,
  });
}
