import {fenceBroken, LEAVE_BOUNDARY, newBoundary, type Boundary} from '../../domain/pg/boundary.ts';
import type {LoadUnit} from '../../domain/run/load-unit.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import type {RunState, UnitState} from '../../domain/run/run-state.ts';
import {readReplicaPosition, type ReplicaPosition} from '../../pg/replication/replica.ts';
import {serverAway} from '../../pg/session/server-error.ts';
import {SQLSTATE, sqlStateOf} from '../../pg/session/sqlstate.ts';
import {readPlan} from '../plan/plan-file.ts';
import type {StepContext} from '../step.ts';
import {awayTooLong} from '../waiting/outage.ts';
import {buildBeside, type BuildsBeside} from '../schema/beside/build-beside.ts';
import {readWanted} from '../schema/beside/wanted.ts';
import {askAllToEnd, endLanes} from './end-lanes.ts';
import {adoptLanes} from './lane/adopt-lanes.ts';
import {agreeWithLedger, createSettling} from './lane/settle.ts';
import {createThrottling} from './lane/throttle.ts';
import {startUnit} from './lane/start-unit.ts';
import {readUnitsIn} from './read-ledger.ts';
import {createRetries, type IsDue} from './retries.ts';
import {lanesOf, schedule, type Decision} from './schedule.ts';
import {runningUnits} from './running-units.ts';
import {TAKING} from './take-table.ts';
import {takeTarget} from './take-target.ts';
import {createTakings, type Takings} from './takings.ts';
import {terminateBackends} from '../../pg/load/backends.ts';
import {listed} from '../preflight/found.ts';
import {sessionName} from './host/lane-name.ts';

const TICK_MS = 400;
/** A backend whose client has ended is gone in a moment. */
const SOON_MS = 50;
const FENCE_EVERY_MS = 5_000;

/**
 * The full load: starts lanes while there are free ones, settles those that ended, until every unit is in, and builds the indexes of each table
 * that is. May be called again after anything: lanes that live are taken over, what ended meanwhile is settled, what the ledger has is not loaded
 * again, what the catalogs have is not built again. Throws when only the operator can help.
 */
export async function runLoad(ctx: StepContext, boundary: Boundary): Promise<void> {
  await openLoad(ctx, boundary);
  const builds = buildBeside(ctx, await readWanted(ctx));
  const takings = createTakings(ctx);
  try {
    await loadAll(ctx, {boundary, isDue: createRetries(ctx), takings}, builds);
  } catch (error) {
    if (ctx.state().boundaryMoved !== null && !ctx.signal.aborted) await builds.giveUp().catch(() => undefined);
    throw error;
  } finally {
    await takings.close();
    await builds.leave();
  }
}

async function loadAll(ctx: StepContext, loading: Loading, builds: BuildsBeside): Promise<void> {
  const {boundary} = loading;
  const settle = createSettling(ctx);
  const throttle = createThrottling(ctx);
  let askFenceAtMs = -Infinity;
  let answeredAt = ctx.steady();
  for (;;) {
    try {
      const settled = await settle();
      if (ctx.steady() >= askFenceAtMs) {
        await watchFence(ctx, boundary);
        askFenceAtMs = ctx.steady() + FENCE_EVERY_MS;
      }
      const status = await startReady(ctx, loading);
      throttle();
      const left = ctx.state().boundaryMoved === null ? await builds.goOn() : 'nothing left';
      // What waits for the operator waits for no build that is tried again.
      if (left !== 'going on' && status === 'stuck') throw stuck(ctx);
      if (left === 'nothing left' && status === 'done') return;
      answeredAt = ctx.steady();
      await ctx.lanes.bell.during(async () => ctx.sleep(settled === 'soon' ? SOON_MS : TICK_MS));
    } catch (error) {
      // A lane's folder cannot be made while the jump box is full; the lanes that live go on, and an alarm says what is wrong.
      if (isDiskFull(error)) await ctx.sleep(5 * TICK_MS);
      else await waitForServer(ctx, error, answeredAt);
    }
  }
}

function isDiskFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}

/** Lanes may go on while a server does not answer us; what has ended stays undecided until it does. One that is away for longer wants the operator. */
async function waitForServer(ctx: StepContext, error: unknown, answeredAt: number): Promise<void> {
  const server = serverAway(error);
  if (server === null) throw error;
  const {outageMs} = ctx.config.timeouts;
  if (ctx.steady() - answeredAt > outageMs) throw awayTooLong(error, outageMs);
  await say(ctx, `waiting for the ${server}, which does not answer; lanes that have ended are judged once it does`);
  await ctx.sleep(5 * TICK_MS);
}

/** A table whose rows are all dead takes as long to be seen empty as a full one to be counted. */
async function sayTaking(ctx: StepContext, tables: readonly string[]): Promise<void> {
  if (tables.length > 0) await say(ctx, `reading whether the target has rows of somebody else in ${listed(tables, 3)}`);
}

async function say(ctx: StepContext, what: string): Promise<void> {
  const {units} = ctx.state();
  const done = units.filter(({state}) => state.status === 'committed').length;
  await ctx.record({type: 'step.progressed', step: 'full-load', done, total: units.length + 1, what});
}

interface Loading {
  readonly boundary: Boundary;
  readonly isDue: IsDue;
  readonly takings: Takings;
}

/** Starts what may start. A table that is being taken has the place of a lane. */
async function startReady(ctx: StepContext, {boundary, isDue, takings}: Loading): Promise<Decision['status']> {
  takings.complain();
  await sayTaking(ctx, takings.lasting());
  const state = ctx.state();
  const mayStart = !state.held && state.boundaryMoved === null;
  const {start, status} = schedule(takings.leftOut(state), isDue, mayStart);
  const end = takings.count() > 0 && status !== 'going on' ? withTakings(state) : status;
  if (start.length > 0 && (await watchFence(ctx, boundary)) === 'moved') return end;
  const free = state.lanes - runningUnits(state).length;
  for (const one of start.slice(0, Math.max(0, free - takings.count()))) {
    const begins = {...one, boundary};
    if (await takings.isTaken(begins)) await startUnit(ctx, begins);
  }
  return end;
}

/** At a P that is lost nobody waits for a table. */
function withTakings({boundaryMoved}: RunState): Decision['status'] {
  return boundaryMoved === null ? 'going on' : 'stuck';
}

async function openLoad(ctx: StepContext, boundary: Boundary): Promise<void> {
  const target = await ctx.session('target');
  const {units} = await readPlan(ctx);
  const state = ctx.state();
  const lanes = lanesOf(state, ctx.config.load.lanes);
  // A lane of another P that nobody knew of any more could commit beside the new one.
  if (state.loadBoundary !== boundary.lsn) await endLanes(ctx, {how: 'boundary', by: 'run'});
  else mustKeepLoaded(state, units);
  // What an earlier supervisor began to take nobody waits for, and it would hold the target for its owner.
  await target.run(terminateBackends([sessionName(ctx.config.run, TAKING)]));
  await takeTarget(ctx, boundary);
  if (state.loadBoundary !== boundary.lsn || !sameUnits(state.units, units) || state.lanes !== lanes) {
    await ctx.record({type: 'load.planned', boundary: boundary.lsn, units, lanes});
  }
  await adoptLanes(ctx);
  await agreeWithLedger(ctx, await readUnitsIn(target, ctx.config.run), boundary.lsn);
}

function sameUnits(known: readonly LoadUnit[], planned: readonly LoadUnit[]): boolean {
  return known.length === planned.length && known.every((unit, index) => sameUnit(unit, planned[index]));
}

function sameUnit({id, tables}: LoadUnit, other: LoadUnit | undefined): boolean {
  return other?.id === id && JSON.stringify(other.tables) === JSON.stringify(tables);
}

/** At one P a plan may be edited as far as nothing of it is under way: a table in two units would be loaded twice. */
function mustKeepLoaded({units}: RunState, planned: readonly LoadUnit[]): void {
  const changed = units
    .filter(({state}) => state.status === 'running' || state.status === 'committed')
    .filter((unit) => planned.every((other) => !sameUnit(unit, other)));
  if (changed.length === 0) return;
  throw new LonghaulError({
    code: 'config',
    message: `plan.yaml has changed units that are loading or loaded: ${changed.map(({id}) => id).join(', ')}`,
    remedy: `put them back as they were (the last load.planned in the journal has them); or ${LEAVE_BOUNDARY}`,
  });
}

/** A replica that left P lets no unit commit any more: the lanes are ended instead of loading for days in vain. */
async function watchFence(ctx: StepContext, boundary: Boundary): Promise<'holds' | 'moved'> {
  if (ctx.state().boundaryMoved !== null) return 'moved';
  const now = await readPosition(ctx);
  const broken = now === null ? null : fenceBroken(boundary, now);
  if (now === null || broken === null) return 'holds';
  const failure = {message: `P ${boundary.lsn} is lost: ${broken}`, remedy: newBoundary(now), unreachable: false};
  await ctx.record({type: 'boundary.moved', failure});
  await askAllToEnd(ctx, {how: 'boundary', by: 'run'});
  return 'moved';
}

/** Null while the replica cannot be asked: every lane asks it once more before its commit. */
async function readPosition(ctx: StepContext): Promise<ReplicaPosition | null> {
  try {
    const replica = await ctx.session('replica');
    return await replica.one(readReplicaPosition(replica.version));
  } catch (error) {
    // Up to 11 the control file is read without a lock, and a torn read is an internal error: it is read again in a moment.
    if (serverAway(error) !== null || sqlStateOf(error) === SQLSTATE.internalError) return null;
    throw error;
  }
}

function stuck(ctx: StepContext): LonghaulError {
  const state = ctx.state();
  if (state.boundaryMoved !== null) return new LonghaulError({code: 'failed', ...state.boundaryMoved});
  const failed = state.units.flatMap((unit: UnitState) =>
    unit.state.status === 'failed' ? [{id: unit.id, ...unit.state.failure}] : [],
  );
  return new LonghaulError({
    code: 'failed',
    message: `${failed.length} of ${state.units.length} units are not loaded: ${failed.map((one) => `${one.id}: ${one.message}`).join('; ')}`,
    remedy: [...new Set(failed.map((one) => one.remedy))].join('; '),
  });
}
