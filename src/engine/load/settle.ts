import {isoTime} from '../../domain/base/iso-time.ts';
import type {UnitState} from '../../domain/run/run-state.ts';
import {readBackends, terminateBackends} from '../../pg/load/backends.ts';
import {countLargeObjects} from '../../pg/load/large-objects.ts';
import type {LedgerRow} from '../../pg/load/ledger.ts';
import type {Lsn} from '../../domain/pg/lsn.ts';
import type {StepContext} from '../step.ts';
import {readEnding, readRemains, readTally} from './host/lane-folder.ts';
import {laneApplicationName} from './host/lane-name.ts';
import {readLaneLife} from './host/lane-process.ts';
import {lookIntoLedger, rowOf} from './ledger-look.ts';
import {classifyFailure} from './outcome.ts';
import {readSessions} from './host/proc.ts';
import {runningUnits} from './running-units.ts';
import {retryDelayMs} from './schedule.ts';

/** How long a server may take to notice that its client is gone, before its backend is ended. */
const NOTICE_MS = 10_000;

/** How long a lane may take to write its pid: a jump box under load is slow, and a lane that was only slow must not be started twice. */
const STARTING_MS = 30_000;

/**
 * Decides the units whose lanes have ended, a look at a time: nothing waits in here. The ledger has the last word: whatever the exits say,
 * a unit is in when its row is. Before it is asked, no backend of the lane may live on the target, or its commit could still come; one that
 * does not go is ended, at once where the lane was ended on purpose. Throws when the target cannot be asked; the units stay undecided.
 */
export function createSettling(ctx: StepContext): () => Promise<void> {
  const endedAtMs = new Map<string, number>();

  return async () => {
    const ended = await endedUnits(ctx);
    for (const id of endedAtMs.keys()) if (ended.every((unit) => unit.id !== id)) endedAtMs.delete(id);
    if (ended.length === 0) return;
    const target = await ctx.session('target');
    const nameOf = ({id}: UnitState): string => laneApplicationName(ctx.config.run, id);
    const living = await target.run(readBackends(ended.map((unit) => nameOf(unit))));
    const lives = (unit: UnitState): boolean => living.some(({applicationName}) => applicationName === nameOf(unit));
    const late: string[] = [];
    for (const unit of ended.filter((one) => lives(one))) {
      const sinceMs = endedAtMs.get(unit.id) ?? ctx.now();
      endedAtMs.set(unit.id, sinceMs);
      if (ctx.now() - sinceMs >= NOTICE_MS || (await wasEnded(unit))) late.push(nameOf(unit));
    }
    if (late.length > 0) await target.run(terminateBackends(late));
    const decided = ended.filter((unit) => !lives(unit));
    if (decided.length === 0) return;
    const ledger = await lookIntoLedger(target, ctx.config.run);
    for (const unit of decided) await decide(ctx, unit, ledger);
  };
}

async function endedUnits(ctx: StepContext): Promise<UnitState[]> {
  const running = runningUnits(ctx.state());
  if (running.length === 0) return [];
  const sessions = await readSessions();
  const lives = await Promise.all(running.map(async ({state}) => readLaneLife(state.folder, sessions)));
  return running.filter(({state}, index) => {
    const life = lives[index]?.life;
    // A pipeline whose wrapper was killed ends by itself: the token is given by the producing side, or nobody gives it.
    return life === 'gone' || (life === 'unborn' && ctx.now() - Date.parse(state.startedAt) > STARTING_MS);
  });
}

async function wasEnded({state}: UnitState): Promise<boolean> {
  return state.status === 'running' && (await readEnding(state.folder)) !== null;
}

async function decide(ctx: StepContext, unit: UnitState, ledger: readonly LedgerRow[]): Promise<void> {
  const {loadBoundary} = ctx.state();
  if (unit.state.status !== 'running' || loadBoundary === null) return;
  const row = rowOf(ledger, unit.id, loadBoundary);
  if (row !== null) return recordCommitted(ctx, unit, row);
  await endProducer(ctx, laneApplicationName(ctx.config.run, unit.id));
  const remains = await readRemains(unit.state.folder);
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
  const {rows, bytes} = folder === null ? {rows: 0, bytes: 0} : await readTally(folder);
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
