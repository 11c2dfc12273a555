import type {Boundary} from '../../domain/boundary.ts';
import {fenceBroken} from '../../domain/boundary.ts';
import {LonghaulError} from '../../domain/longhaul-error.ts';
import {createLedger} from '../../pg/ledger.ts';
import {readReplicaPosition} from '../../pg/replica.ts';
import {SQLSTATE, sqlStateOf} from '../../pg/sqlstate.ts';
import {readPlan} from '../plan/plan-file.ts';
import type {StepContext} from '../step.ts';
import {readLaneLife, signalLane} from './lane-process.ts';
import {lookIntoLedger, replacedTables, replacesOlder} from './ledger-look.ts';
import {readSessions} from './proc.ts';
import {schedule} from './schedule.ts';
import {recordKnownCommits, runningUnits, settleUnit} from './settle-unit.ts';
import {startUnit} from './start-unit.ts';

const TICK_MS = 400;
const FENCE_EVERY_MS = 5_000;
/** A server that is away for longer wants the operator. Lanes that live go on all the same. */
const OUTAGE_MS = 10 * 60_000;

/**
 * The full load: starts lanes while there are free ones, settles those that ended, until every unit is in. May be called again after
 * anything: lanes that live are taken over, what ended meanwhile is settled, what the ledger has is not loaded again.
 * Throws when only the operator can help.
 */
export async function runLoad(ctx: StepContext, boundary: Boundary): Promise<void> {
  await openLoad(ctx, boundary);
  let lookAtFence = 0;
  let answeredAt = ctx.now();
  for (;;) {
    try {
      await settleEnded(ctx, boundary);
      if (ctx.now() >= lookAtFence) {
        await watchFence(ctx, boundary);
        lookAtFence = ctx.now() + FENCE_EVERY_MS;
      }
      if ((await startReady(ctx, boundary)) === 'done') return;
      answeredAt = ctx.now();
      await ctx.sleep(TICK_MS);
    } catch (error) {
      if (!isUnreachable(error) || ctx.now() - answeredAt > OUTAGE_MS) throw error;
      await sayWaiting(ctx);
    }
  }
}

function isUnreachable(error: unknown): boolean {
  return error instanceof LonghaulError && error.code === 'unreachable';
}

/** Lanes may go on while a server does not answer us; what has ended stays undecided until it does. */
async function sayWaiting(ctx: StepContext): Promise<void> {
  const {units} = ctx.state();
  const done = units.filter(({state}) => state.status === 'committed').length;
  const what = 'waiting for a server that does not answer; what has ended is decided then';
  await ctx.record({type: 'step.progressed', step: 'full-load', done, total: units.length + 1, what});
  await ctx.sleep(5 * TICK_MS);
}

/** Starts what may start. */
async function startReady(ctx: StepContext, boundary: Boundary): Promise<'done' | 'going on'> {
  const state = ctx.state();
  const {start, status} = schedule(state, ctx.now(), !state.held && state.boundaryMoved === null);
  if (status === 'stuck') throw stuck(ctx);
  for (const one of start) {
    const ledger = await lookIntoLedger(await ctx.session('target'), ctx.config.run);
    const replaces = replacesOlder(ledger, one.unit, boundary.lsn);
    await startUnit(ctx, {...one, boundary, replaces, replaced: replacedTables(ledger, one.unit, boundary.lsn)});
  }
  return status;
}

async function openLoad(ctx: StepContext, boundary: Boundary): Promise<void> {
  const target = await ctx.session('target');
  for (const statement of createLedger()) await target.run(statement);
  const {units} = await readPlan(ctx.folder);
  const state = ctx.state();
  const same =
    state.loadBoundary === boundary.lsn &&
    JSON.stringify(state.units.map(({id, tables}) => ({id, tables}))) ===
      JSON.stringify(units.map(({id, tables}) => ({id, tables})));
  if (!same || state.lanes !== ctx.config.load.lanes) {
    await ctx.record({type: 'load.planned', boundary: boundary.lsn, units, lanes: ctx.config.load.lanes});
  }
  await recordKnownCommits(ctx, await lookIntoLedger(target, ctx.config.run), boundary.lsn);
  await retryHealed(ctx);
}

/** The operator has asked for the step again: what failed is tried once more now. */
async function retryHealed(ctx: StepContext): Promise<void> {
  for (const unit of ctx.state().units) {
    if (unit.state.status === 'failed' && unit.state.retryAt === null) {
      await ctx.record({type: 'unit.retried', unit: unit.id, by: 'run'});
    }
  }
}

async function settleEnded(ctx: StepContext, boundary: Boundary): Promise<void> {
  const running = runningUnits(ctx.state());
  if (running.length === 0) return;
  const sessions = await readSessions();
  for (const unit of running) {
    if (unit.state.status !== 'running') continue;
    // A pipeline whose wrapper was killed ends by itself: the token is given by the producing side, or nobody gives it.
    const {life} = await readLaneLife(unit.state.folder, sessions);
    if (life === 'gone') await settleUnit(ctx, unit, boundary);
  }
}

/** A replica that left P lets no unit commit any more: the lanes are ended instead of loading for days in vain. */
async function watchFence(ctx: StepContext, boundary: Boundary): Promise<void> {
  if (ctx.state().boundaryMoved !== null) return;
  const broken = await readBroken(ctx, boundary);
  if (broken === null) return;
  const failure = {
    message: `P ${boundary.lsn} is lost: ${broken}`,
    remedy: 'longhaul run --from pause-replay pauses again, takes a new P, proves it and loads again what was in',
    unreachable: false,
  };
  await ctx.record({type: 'boundary.moved', failure});
  for (const unit of runningUnits(ctx.state())) {
    if (unit.state.status === 'running') await signalLane(unit.state.folder, 'SIGKILL');
  }
}

/** Null while the replica stands at P, and while it cannot be asked: every lane asks it once more before its commit. */
async function readBroken(ctx: StepContext, boundary: Boundary): Promise<string | null> {
  try {
    const replica = await ctx.session('replica');
    return fenceBroken(boundary, await replica.one(readReplicaPosition(replica.version)));
  } catch (error) {
    // Up to 11 the control file is read without a lock, and a torn read is an internal error: it is read again in a moment.
    if (isUnreachable(error) || sqlStateOf(error) === SQLSTATE.internalError) return null;
    throw error;
  }
}

function stuck(ctx: StepContext): LonghaulError {
  const state = ctx.state();
  if (state.boundaryMoved !== null) return new LonghaulError({code: 'failed', ...state.boundaryMoved});
  const failed = state.units.flatMap((unit) =>
    unit.state.status === 'failed' ? [{id: unit.id, ...unit.state.failure}] : [],
  );
  return new LonghaulError({
    code: 'failed',
    message: `${failed.length} of ${state.units.length} units are not in: ${failed.map((one) => `${one.id}: ${one.message}`).join('; ')}`,
    remedy: [...new Set(failed.map((one) => one.remedy))].join('; '),
  });
}
