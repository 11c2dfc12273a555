import {isTurnedRound, mirroredState} from '../../domain/run/back/mirror.ts';
import {isLatestUnderWay} from '../../domain/run/cutover/cutover.ts';
import type {ServerRole} from '../../domain/pg/server-role.ts';
import type {Session} from '../../pg/session/session.ts';
import {readOpenWriters, type Writer} from '../../pg/cutover/writers.ts';
import {sessionName} from '../load/host/lane-name.ts';
import {createVisitorWatch} from '../back/still-come.ts';
import type {StepContext} from '../step.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import type {Figure} from '../../domain/reading/figure.ts';
import type {CaptureSeen} from '../../probes/watch/watch-context.ts';
import type {Servers} from './capture.ts';
import {engineOf} from './engines.ts';
import {slotsNow, type PlannedSlot} from '../../domain/pg/slot-plan.ts';
import {readPlan} from '../plan/plan-file.ts';
import {readingBusyTables, readingTriedTables, type BusyTables} from './guard/busy-tables.ts';
import {
  readGuards,
  triedFigures,
  readingLeftOver,
  readingLimits,
  readingOtherKinds,
  readingUnidentified,
  readingUnstrict,
  readingUntoldTruncates,
} from './guard/read-guards.ts';
import {captureOf, type OwnCapture} from './own-capture.ts';

/** What change capture that Longhaul has started is asked by. */
export interface CaptureReads {
  readonly readCapture: () => Promise<readonly CaptureSeen[]>;
  readonly readGuards: () => Promise<readonly Figure[]>;
  readonly readWriters: () => Promise<readonly Figure[]>;
  readonly readVisitors: () => Promise<readonly Figure[]>;
}

/**
 * Gives what asks both servers how change capture comes on, by connections of its own, which are kept until the run's signal is aborted; null for an engine that is started by somebody
 * else. None is asked before it was started.
 */
export function readsCapture(
  ctx: Pick<StepContext, 'config' | 'folder' | 'state' | 'signal' | 'record' | 'now' | 'steady'>,
  open: (role: ServerRole) => Promise<Session>,
): CaptureReads | null {
  if (engineOf(ctx.config).live === null) return null;
  const isTurned = (): boolean => isTurnedRound(ctx.state());
  const begun = (): OwnCapture | null => {
    const state = ctx.state();
    const seen = isTurnedRound(state) ? mirroredState(state) : state;
    return state.cdcStarted === null ? null : captureOf({config: ctx.config, state: () => seen});
  };
  const ours = sessionName(ctx.config.run, '');
  const session = keeping(ctx.signal, open);
  const unidentified = readingUnidentified();
  const untold = readingUntoldTruncates();
  const unstrict = readingUnstrict();
  const limits = readingLimits(ctx.steady);
  const leftOver = readingLeftOver(ctx.state);
  const slots = async (): Promise<PlannedSlot[]> => slotsNow((await readPlan(ctx)).slots.slots, ctx.state().capture);
  const busy = readingBusyTables(ctx.steady, slots);
  const tried = readingTriedTables(ctx.steady, slots, () => ctx.state().capture.newTables.map(({table}) => table));
  let down: readonly string[] = [];
  const otherKinds = readingOtherKinds(slots);
  // From the hand-over on changes come the other way.
  const servers = async (): Promise<Servers> =>
    isTurned()
      ? {source: await session('target'), target: await session('source')}
      : {source: await session('source'), target: await session('target')};
  return {
    readCapture: async () => {
      const capture = begun();
      if (capture === null) return [];
      const both = await servers();
      const status = await capture.live.status(both, capture.slots);
      down = status.filter(({state}) => state === 'down').map(({slot}) => slot);
      // What changes is split in another run, which nobody makes any more behind the hand-over.
      const busiest: BusyTables = isTurned() ? new Map() : await busy(both.target);
      return status.map((one) => ({...one, busiest: busiest.get(one.slot) ?? []}));
    },
    readGuards: async () => {
      // Behind the hand-over the target is open, and its clients write there.
      const capture = isTurned() ? null : begun();
      if (capture === null) return [];
      const both = await servers();
      return [
        ...(await readGuards(both, capture)),
        ...(await limits(both)),
        ...triedFigures(await tried(both.target, down)),
        ...(await leftOver(both.target)),
        ...(await otherKinds(both.target, capture)),
        ...(await unstrict(both.target, capture)),
        ...(await unidentified(both.source, capture)),
        ...(await untold(both.source, capture)),
      ];
    },
    // Changes go to the side that was left, whichever it is.
    readVisitors: createVisitorWatch(ctx, async () => (await servers()).target),
    readWriters: async () =>
      isLatestUnderWay(ctx.state()) ? writerFigures(await (await servers()).source.run(readOpenWriters(ours))) : [],
  };
}

/** Those that are named: the oldest ones. Before the writes are stopped there are as many as an application has. */
const NAMED = 8;

/** The transactions that write, as figures: how many, and the oldest by name with how long each is open. Pure. */
export function writerFigures(writers: readonly Writer[]): Figure[] {
  const oldest = writers.toSorted((a, b) => (b.seconds ?? 0) - (a.seconds ?? 0)).slice(0, NAMED);
  return [
    {name: 'writers', label: 'open writers', value: writers.length, unit: 'count', of: null},
    ...oldest.map(({pid, who, seconds}): Figure => ({
      name: 'writer_open',
      label: 'writes since',
      value: seconds,
      unit: 'seconds',
      of: pid === 0 ? who : `${who}, pid ${pid}`,
    })),
  ];
}

/** One connection to each server, however many ask at the same moment. */
function keeping(
  signal: AbortSignal,
  open: (role: ServerRole) => Promise<Session>,
): (role: ServerRole) => Promise<Session> {
  const kept = new Map<ServerRole, Promise<Session>>();
  signal.addEventListener('abort', () => {
    for (const one of kept.values()) void one.then(async (session) => session.close()).catch(() => undefined);
  });
  return async (role) => {
    if (signal.aborted)
      throw new LonghaulError({code: 'failed', message: 'the supervisor ends', remedy: 'nothing is to be done'});
    const known = await kept.get(role)?.catch(() => null);
    if (known !== undefined && known !== null && !known.lost) return known;
    const fresh = open(role);
    kept.set(role, fresh);
    return fresh;
  };
}
