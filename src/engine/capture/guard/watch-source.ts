import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {isTargetOpened} from '../../../domain/run/cutover/cutover.ts';
import {isTurnedRound} from '../../../domain/run/back/mirror.ts';
import {isCutoverUnderWay} from '../../../domain/run/cutover/cutover.ts';
import {readServerHistory, type ServerHistory} from '../../../pg/replication/server-history.ts';
import {readDecoded, readSlots} from '../../../pg/replication/slots.ts';
import type {Session} from '../../../pg/session/session.ts';
import {lending} from '../../exit/lent-session.ts';
import type {StepContext} from '../../step.ts';
import {captureNeeds} from '../needs.ts';
import {captureOf} from '../own-capture.ts';
import {guardConflicts, type GuardConflicts} from './guard-conflicts.ts';
import {guardSentinels, type GuardSentinels} from './guard-sentinels.ts';
import {guardTables} from './guard-tables.ts';
import {guardTruncates} from './guard-truncates.ts';
import {
  certainOf,
  certainUpTo,
  seenOfThese,
  whyVoid,
  type SlotThen,
  type SlotsSeen,
  type WhyVoid,
} from './judge-history.ts';

/** Within a minute a table that was made is told of, also where two questions in between find no answer. */
const MOST_MS = 15_000;
const PER_INTERVAL = 5;

/**
 * Watches, from the first slot on and until the run's signal is aborted, whether the source is still the server that the slots were made on, and whether it has tables that nobody
 * captures. What it finds is an event: cutover goes by it, and an alarm tells it. A source that does not answer says nothing.
 */
export async function watchSource(ctx: StepContext): Promise<void> {
  const everyMs = Math.min(MOST_MS, PER_INTERVAL * ctx.config.probes.intervalMs);
  const source = lending(async () => ctx.open('source', 'guard'));
  const target = lending(async () => ctx.open('target', 'guard'));
  const tables = guardTables(ctx);
  const truncates = guardTruncates(ctx);
  const sentinels = guardSentinels(ctx);
  const conflicts = guardConflicts(ctx);
  let seen: SlotsSeen = {slots: [], cutover: null, back: null};
  while (!ctx.signal.aborted) {
    if (isAnchored(ctx)) {
      const {cutover, back} = ctx.state();
      await unlessAway(async () => {
        const slots = await guardHistory(ctx, seenOfThese(seen, {cutover, back}), {
          source: async () => source.session(),
          target: async () => target.session(),
          sentinels,
          conflicts,
        });
        seen = {slots, cutover, back};
      });
      // What comes and goes on the source is seen whether or not the target answers.
      await unlessAway(async () =>
        tables(await source.session(), {isTurning: isTurning(ctx), target: async () => target.session()}),
      );
      if (!isTurning(ctx)) await unlessAway(async () => truncates(await source.session()));
    }
    await ctx.sleep(everyMs).catch(() => undefined);
  }
  await source.giveBack();
  await target.giveBack();
}

/** The probes tell of a server that is away. */
async function unlessAway(read: () => Promise<void>): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (!(error instanceof LonghaulError)) throw error;
  }
}

/** Before the slots there is nothing that a table could be missing in, and after an abort nothing is captured. */
function isAnchored({config, state}: StepContext): boolean {
  const {boundary, cutover, evidence, status} = state();
  // From then on the target is what is written to, and the source is not watched for it.
  if (isTargetOpened(cutover)) return false;
  if (status === 'aborted' || captureNeeds(config).slots === null) return false;
  return boundary !== null || evidence['create-slots'] !== undefined || evidence['prepare-cdc']?.slots !== undefined;
}

interface Opens {
  readonly source: () => Promise<Session>;
  readonly target: () => Promise<Session>;
  readonly sentinels: GuardSentinels;
  readonly conflicts: GuardConflicts;
}

/** From the beginning of a cutover until production is on the source again slots are dropped and made anew, by this run. */
function isTurning({state}: StepContext): boolean {
  const {cutover, back} = state();
  return isCutoverUnderWay(cutover) || isTurnedRound({cutover}) || isCutoverUnderWay(back);
}

/** The target first: what it has applied the source had before. */
async function guardHistory(ctx: StepContext, before: readonly SlotThen[], open: Opens): Promise<readonly SlotThen[]> {
  const {boundary, cdcStarted, capture} = ctx.state();
  const own = captureOf(ctx);
  if (boundary === null || cdcStarted === null || own === null || capture.sourceLost !== null) return [];
  if (isTurning(ctx)) return [];
  const [source, target] = [await open.source(), await open.target()];
  const isHeld = (): boolean => ctx.state().fence !== null || ctx.state().capture.paused.length > 0;
  const wasHeld = isHeld();
  const status = await own.live.status({source, target}, own.slots);
  const kept = await source.run(readSlots(source.version));
  const counted = readDecoded(source.version);
  const decoded = counted === null ? [] : await source.run(counted);
  const now = status.map((one, at): SlotThen => ({
    ...one,
    isRead: kept.some(({name, active}) => active && name === own.onSource[at]),
    isHeld: wasHeld || isHeld(),
    certainLsn: certainOf(
      before.find(({slot}) => slot === one.slot),
      one.confirmedLsn,
    ),
    decoded: decoded.find(({name}) => name === own.onSource[at]) ?? null,
  }));
  const history = await source.one(readServerHistory(source.version));
  const lost = whyVoid({boundary, source: history, before, now});
  if (lost === null) {
    await open.sentinels(status);
    await open.conflicts(status, async () => own.live.readInsertsOnly(source, own.slots));
    return now;
  }
  // A hand-over that came between the two readings takes the slots away.
  if (isTurning(ctx)) return [];
  await sayLost(ctx, lost, {slots: [...before, ...now], history});
  return now;
}

async function sayLost(
  ctx: StepContext,
  {why, isAnother}: WhyVoid,
  {slots, history}: {readonly slots: readonly SlotThen[]; readonly history: ServerHistory},
): Promise<void> {
  const from = certainUpTo(slots);
  const {run} = ctx.config;
  const remedy = isAnother
    ? `nothing is kicked, resumed or made again for it; if the old source comes back, and nobody has written to another, begin there; else a new run: longhaul abort --yes ${run}, then longhaul run`
    : `nothing is kicked, resumed or made again for it; a new run: longhaul abort --yes ${run}, then longhaul run`;
  await ctx.record({
    type: 'source.lost',
    from,
    failure: {
      message: `${why}. The run is void from ${from ?? 'P'} on: what was committed on the ${isAnother ? 'old ' : ''}source after it is certain nowhere`,
      remedy,
      unreachable: false,
    },
    evidence: {
      systemIdentifier: history.systemIdentifier,
      timeline: history.timeline,
      insertLsn: history.insertLsn,
      slots: slots.map(({slot, appliedLsn, confirmedLsn}) => ({slot, appliedLsn, confirmedLsn})),
    },
  });
}
