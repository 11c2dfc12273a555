import type {Lsn} from '../../domain/lsn.ts';
import type {Boundary} from '../../domain/boundary.ts';
import type {RunState, UnitState} from '../../domain/run-state.ts';
import {readBackends, terminateBackends} from '../../pg/backends.ts';
import {countLargeObjects} from '../../pg/large-objects.ts';
import type {LedgerRow} from '../../pg/ledger.ts';
import type {Session} from '../../pg/session.ts';
import type {StepContext} from '../step.ts';
import {waitUntil} from '../wait-until.ts';
import {readRemains, readTally} from './lane-folder.ts';
import {laneApplicationName} from './lane-name.ts';
import {lookIntoLedger, rowOf} from './ledger-look.ts';
import {classifyFailure} from './outcome.ts';
import {retryDelayMs} from './schedule.ts';

/** How long a server may take to notice that its client is gone, before its backend is ended. */
const NOTICE_MS = 10_000;

/**
 * Decides a unit whose lane has ended. The ledger has the last word: whatever the exits say, a unit is in when its row is. Before it is
 * asked, no backend of the lane may live on the target, or its commit could still come. Throws when the target cannot be asked;
 * the unit then stays undecided, and this is called again.
 */
export async function settleUnit(ctx: StepContext, unit: UnitState, boundary: Boundary): Promise<void> {
  if (unit.state.status !== 'running') return;
  const target = await ctx.session('target');
  const name = laneApplicationName(ctx.config.run, unit.id);
  await waitForBackends(ctx, target, name);
  const row = rowOf(await lookIntoLedger(target, ctx.config.run), unit.id, boundary.lsn);
  if (row !== null) return recordCommitted(ctx, unit, row);
  await endProducer(ctx, name);
  const failure = classifyFailure(unit, boundary, await readRemains(unit.state.folder));
  const delayMs = failure.heals ? retryDelayMs(unit.state.attempt, ctx.config.load.retries) : null;
  const retryAt = delayMs === null ? null : new Date(ctx.now() + delayMs).toISOString();
  await ctx.record({type: 'unit.failed', unit: unit.id, attempt: unit.state.attempt, failure, retryAt});
}

/** Takes over what the ledger has and the journal has not: a supervisor died between commit and journal. */
export async function recordKnownCommits(ctx: StepContext, ledger: readonly LedgerRow[], boundary: Lsn): Promise<void> {
  for (const unit of ctx.state().units) {
    const row = rowOf(ledger, unit.id, boundary);
    if (row !== null && unit.state.status !== 'committed' && unit.state.status !== 'running') {
      await recordCommitted(ctx, unit, row);
    }
  }
}

async function recordCommitted(ctx: StepContext, unit: UnitState, row: LedgerRow): Promise<void> {
  const folder = unit.state.status === 'running' ? unit.state.folder : null;
  const {rows, bytes} = folder === null ? {rows: 0, bytes: 0} : await readTally(folder);
  // Large objects are no rows of a COPY: the unit has all of them, and the target had none before.
  const objects = unit.kind === 'large-objects' ? await countObjects(ctx) : 0;
  const tookMs = Math.max(0, Date.parse(row.committedAt) - Date.parse(row.startedAt));
  await ctx.record({type: 'unit.committed', unit: unit.id, attempt: row.attempt, rows: rows + objects, bytes, tookMs});
}

async function countObjects(ctx: StepContext): Promise<number> {
  const target = await ctx.session('target');
  return (await target.one(countLargeObjects())).objects;
}

async function waitForBackends(ctx: StepContext, target: Session, name: string): Promise<void> {
  const gone = async () => ((await target.run(readBackends([name]))).length === 0 ? true : null);
  if ((await waitUntil(ctx, NOTICE_MS, gone)) !== null) return;
  await target.run(terminateBackends([name]));
  if ((await waitUntil(ctx, NOTICE_MS, gone)) === null) {
    throw new Error(`a backend ${name} on the target does not end; the unit stays undecided until it has`);
  }
}

/** A killed pg_dump's backend may sit on the replica until it writes the next time; it holds its snapshot as long. */
async function endProducer(ctx: StepContext, name: string): Promise<void> {
  const replica = await ctx.session('replica').catch(() => null);
  // A replica that is down has no backends; the failure is told by the unit's own logs.
  await replica?.run(terminateBackends([name])).catch(() => undefined);
}

/** The units that the state has as running. */
export function runningUnits(state: RunState): UnitState[] {
  return state.units.filter((unit) => unit.state.status === 'running');
}
