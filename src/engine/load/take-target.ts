import type {Boundary} from '../../domain/pg/boundary.ts';
import type {Finding} from '../../domain/run/finding.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {readBackendsLike} from '../../pg/load/backends.ts';
import {createLedger, readOwner, readOwnerExists, takeOwnership, type LedgerOwner} from '../../pg/load/ledger.ts';
import type {Session} from '../../pg/session/session.ts';
import {SQLSTATE, sqlStateOf} from '../../pg/session/sqlstate.ts';
import type {Action} from '../action.ts';
import {executeAll, showStatement, statementAction} from '../make-action.ts';
import type {StepContext} from '../step.ts';

/**
 * Makes this run at its P the owner of the target, for every unit asks first whether it still is: two runs that both found the tables empty
 * would double every row. Refuses, having changed nothing but the ledger's own tables, while another run's lanes are at work there.
 */
export async function takeTarget(ctx: StepContext, boundary: Boundary): Promise<void> {
  await executeAll(planTakeTarget(ctx, boundary));
}

/** The ledger's own tables, and this run at its P as their owner; `<P>` is in place of one that is not captured yet. */
export function planTakeTarget(ctx: StepContext, boundary: Boundary | null): Action[] {
  const ledger = createLedger().map((statement) =>
    statementAction(statement, {on: 'target', session: async () => ctx.session('target')}),
  );
  const execute = async (): Promise<void> => {
    if (boundary === null) throw new Error('bug: a target is taken before there is a P');
    await takeOver(ctx, boundary);
  };
  const own = takeOwnership(ctx.config.run, boundary?.lsn ?? '<P>');
  return [...ledger, {on: 'target', text: showStatement(own), execute}];
}

async function takeOver(ctx: StepContext, boundary: Boundary): Promise<void> {
  const target = await ctx.session('target');
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

/** The blocker where another run owns the target and is at work there; none otherwise. Changes nothing. */
export async function judgeOwner(ctx: StepContext): Promise<Finding[]> {
  const target = await ctx.session('target');
  const [owner] = (await target.one(readOwnerExists())).exists ? await target.run(readOwner()) : [];
  if (owner === undefined || owner.run === ctx.config.run || !(await isConnected(target, owner))) return [];
  const {message: seen, remedy} = ownedBy(owner);
  return [{check: 'full-load.other-run', severity: 'blocker', subject: 'target', seen, remedy}];
}

/** Whether anything of that run, a lane or its supervisor, is connected to the target. */
async function isConnected(target: Session, {run}: LedgerOwner): Promise<boolean> {
  return (await target.run(readBackendsLike([`longhaul/${run}/%`]))).length > 0;
}

function ownedBy(owner: LedgerOwner | null, cause?: unknown): LonghaulError {
  return new LonghaulError({
    code: 'failed',
    message: `${
      owner === null
        ? 'a session that this run does not know holds the row of its owner on the target (longhaul.owner), as its lanes do'
        : `the target belongs to run ${owner.run}, at P ${owner.boundary}, which is at work there`
    }: two loads would double the rows`,
    remedy:
      owner === null
        ? `on the target: SELECT pid, application_name, state, query FROM pg_stat_activity WHERE pid IN (SELECT pid FROM pg_locks WHERE relation = 'longhaul.owner'::regclass); wait for it or end it, then run again`
        : `let run ${owner.run} end, or give it up (the command abort, with the configuration file of that run); then run again`,
    cause,
  });
}
