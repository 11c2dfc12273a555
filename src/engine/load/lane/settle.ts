import {isoTime} from '../../../domain/base/iso-time.ts';
import type {UnitState} from '../../../domain/run/run-state.ts';
import {readBackends, terminateBackends} from '../../../pg/load/backends.ts';
import {countLargeObjects} from '../../../pg/load/large-objects.ts';
import type {LedgerRow} from '../../../pg/load/ledger.ts';
import type {Lsn} from '../../../domain/pg/lsn.ts';
import type {StepContext} from '../../step.ts';
import {laneApplicationName} from '../host/lane-name.ts';
import {readUnitsIn, rowOf} from '../read-ledger.ts';
import {classifyFailure} from '../outcome.ts';
import {runningUnits, type RunningUnit} from '../running-units.ts';
import {retryDelayMs} from '../schedule.ts';
import {markEnding, readEnding, readRemains, readTally} from './remains.ts';
import {isOverdue} from './signal-lane.ts';

/** How long a server may take to notice that its client is gone, before its backend is ended. */
const NOTICE_MS = 10_000;

/** How long a lane that was asked to end may take before it is killed. */
const LISTEN_MS = 5_000;

/**
 * Decides the units whose lanes have ended, and kills lanes that were asked to end and do not; called again and again, it waits for nothing. The ledger has the last word: whatever the exits say,
 * a unit is in when its row is. `soon`: one has ended whose backend is just going. Before it is asked, no backend of the lane may live on the target, or its commit could still come; one that
 * does not go is ended, at once where the lane was ended on purpose. Throws when the target cannot be asked; the units stay undecided.
 */
export function createSettling(ctx: StepContext): () => Promise<'decided' | 'soon'> {
  const endedAtMs = new Map<string, number>();

  return async () => {
    const ended = await endedUnits(ctx);
    for (const id of endedAtMs.keys()) if (ended.every((unit) => unit.id !== id)) endedAtMs.delete(id);
    if (ended.length === 0) return 'decided';
    const target = await ctx.session('target');
    const nameOf = ({id}: UnitState): string => laneApplicationName(ctx.config.run, id);
    const living = await target.run(readBackends(ended.map((unit) => nameOf(unit))));
    const lives = (unit: RunningUnit): boolean => living.some(({applicationName}) => applicationName === nameOf(unit));
    const late: string[] = [];
    for (const unit of ended.filter((one) => lives(one))) {
      const sinceMs = endedAtMs.get(unit.id) ?? ctx.steady();
      endedAtMs.set(unit.id, sinceMs);
      const asked = (await readEnding(ctx.lanes.host, unit.state.folder)) !== null;
      if (asked || ctx.steady() - sinceMs >= NOTICE_MS) late.push(nameOf(unit));
    }
    if (late.length > 0) await target.run(terminateBackends(late));
    const decided = ended.filter((unit) => !lives(unit));
    if (decided.length === 0) return 'soon';
    // Of two thousand units nobody reads all whenever one ends.
    const ledger = await readUnitsIn(
      target,
      ctx.config.run,
      decided.map(({id}) => id),
    );
    for (const unit of decided) await ctx.lanes.keep(unit.id, async () => decide(ctx, unit, ledger));
    return decided.length < ended.length ? 'soon' : 'decided';
  };
}

async function endedUnits(ctx: StepContext): Promise<RunningUnit[]> {
  const running = runningUnits(ctx.state());
  // Asked at each tick, where all processes of the machine are many.
  const lives = await ctx.lanes.host.life(
    running.map(({state}) => state.folder),
    'wrappers',
  );
  const late = running.filter((unit, index) => lives[index]?.life === 'unborn' && isOverdue(ctx, unit));
  for (const unit of late) await callOff(ctx, unit);
  const ended = running.filter((unit, index) => {
    const life = lives[index]?.life;
    // A pipeline whose wrapper was killed ends by itself: the token is given by the producing side, or nobody gives it.
    return life === 'gone' || (life === 'unborn' && late.includes(unit));
  });
  for (const unit of running) if (!ended.includes(unit)) await killDeaf(ctx, unit);
  return ended;
}

/** A lane that comes after its unit was decided reads the word and sends nothing. */
async function callOff({lanes: {host}}: StepContext, {state}: RunningUnit): Promise<void> {
  if ((await readEnding(host, state.folder)) === null) await markEnding(host, state.folder, {how: 'late', by: 'run'});
}

async function killDeaf({lanes, steady}: StepContext, {state}: RunningUnit): Promise<void> {
  const askedMs = lanes.askedToEnd.get(state.folder);
  if (askedMs !== undefined && steady() - askedMs > LISTEN_MS) await lanes.host.signal(state.folder, 'SIGKILL');
}

/** The verdict on an attempt, once: somebody else may have given it while this one read the ledger. */
async function decide(ctx: StepContext, ended: RunningUnit, ledger: readonly LedgerRow[]): Promise<void> {
  const {loadBoundary} = ctx.state();
  const unit = runningUnits(ctx.state()).find(({id}) => id === ended.id);
  if (unit?.state.attempt !== ended.state.attempt || loadBoundary === null) return;
  ctx.lanes.askedToEnd.delete(unit.state.folder);
  ctx.lanes.startedAt.delete(unit.state.folder);
  const row = rowOf(ledger, unit.id, loadBoundary);
  if (row !== null) return recordCommitted(ctx, unit, row);
  await endProducer(ctx, laneApplicationName(ctx.config.run, unit.id));
  const remains = await readRemains(ctx.lanes.host, unit.state.folder);
  const failure = classifyFailure(unit, remains);
  // What was ended with the supervisor waits for the next one, not for a delay.
  const delayMs = remains.ended?.how === 'shutdown' ? 0 : retryDelayMs(unit.state.tries, ctx.config.load);
  const retryAt = failure.heals && delayMs !== null ? isoTime(ctx.now() + delayMs) : null;
  await ctx.record({type: 'unit.failed', unit: unit.id, attempt: unit.state.attempt, failure, retryAt});
}

/**
 * Makes journal and ledger agree where a supervisor died between them: takes over what the ledger has; what it no longer has, on a target
 * that was restored, is loaded again.
 */
export async function agreeWithLedger(ctx: StepContext, ledger: readonly LedgerRow[], boundary: Lsn): Promise<void> {
  for (const unit of ctx.state().units) {
    const row = rowOf(ledger, unit.id, boundary);
    if (row !== null && unit.state.status !== 'committed' && unit.state.status !== 'running') {
      await recordCommitted(ctx, unit, row);
    }
    if (row === null && unit.state.status === 'committed') {
      const failure = {
        cause: 'lost',
        message: "the target's ledger no longer has it: the target was restored, or longhaul.load_unit was changed",
        table: null,
        sqlstate: null,
        remedy: `longhaul retry ${unit.id} loads it again`,
        heals: true,
      } as const;
      const retryAt = isoTime(ctx.now());
      await ctx.record({type: 'unit.failed', unit: unit.id, attempt: unit.state.attempt, failure, retryAt});
    }
  }
}

async function recordCommitted(ctx: StepContext, unit: UnitState, row: LedgerRow): Promise<void> {
  const folder = unit.state.status === 'running' ? unit.state.folder : null;
  const {rows, bytes} = folder === null ? {rows: 0, bytes: 0} : await readTally(ctx.lanes.host, folder);
  // Large objects are no rows of a COPY: the unit has all of them, and the target had none before.
  const objects = unit.kind === 'large-objects' ? await countObjects(ctx) : 0;
  const tookMs = Math.max(0, Date.parse(row.committedAt) - Date.parse(row.startedAt));
  await ctx.record({
    type: 'unit.committed',
    unit: unit.id,
    attempt: row.attempt,
    rows: rows + objects,
    bytes,
    tookMs,
  });
}

async function countObjects(ctx: StepContext): Promise<number> {
  const target = await ctx.session('target');
  return (await target.one(countLargeObjects())).objects;
}

/** A killed pg_dump's backend may sit on the replica until it writes the next time; it holds its snapshot as long. */
async function endProducer(ctx: StepContext, name: string): Promise<void> {
  const replica = await ctx.session('replica').catch(() => null);
  // A replica that is down has no backends; the failure is told by the unit's own logs.
  await replica?.run(terminateBackends([name])).catch(() => undefined);
}
