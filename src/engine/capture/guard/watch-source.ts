import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {isTargetOpened} from '../../../domain/run/cutover/cutover.ts';
import {quoteRelation, sameRelation, type RelationName} from '../../../domain/pg/relation.ts';
import {isTurnedRound} from '../../../domain/run/back/mirror.ts';
import {isCutoverUnderWay} from '../../../domain/run/cutover/cutover.ts';
import {SENTINEL_SCHEMA} from '../../../pg/capture/sentinels.ts';
import {readServerHistory, type ServerHistory} from '../../../pg/replication/server-history.ts';
import {readSlots} from '../../../pg/replication/slots.ts';
import type {Session} from '../../../pg/session/session.ts';
import {lending} from '../../exit/lent-session.ts';
import {readTablesChange} from '../../plan/tables-now.ts';
import type {StepContext} from '../../step.ts';
import {captureNeeds} from '../needs.ts';
import {captureOf} from '../own-capture.ts';
import {certainUpTo, whyAnother, type SlotThen} from './judge-history.ts';

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
  let before: readonly SlotThen[] = [];
  while (!ctx.signal.aborted) {
    try {
      if (isAnchored(ctx)) {
        before = await guardHistory(ctx, before, {
          source: async () => source.session(),
          target: async () => target.session(),
        });
        await guardTables(ctx, await source.session());
      }
    } catch (error) {
      // The probes tell of a server that is away.
      if (!(error instanceof LonghaulError)) throw error;
    }
    await ctx.sleep(everyMs).catch(() => undefined);
  }
  await source.giveBack();
  await target.giveBack();
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
  const now = status.map((one, at): SlotThen => ({
    ...one,
    isRead: kept.some(({name, active}) => active && name === own.onSource[at]),
    isHeld: wasHeld || isHeld(),
  }));
  const history = await source.one(readServerHistory(source.version));
  const why = whyAnother({boundary, source: history, before, now});
  if (why === null) return now;
  // A hand-over that came between the two readings takes the slots away.
  if (isTurning(ctx)) return [];
  await sayLost(ctx, why, {now, history});
  return now;
}

async function sayLost(
  ctx: StepContext,
  why: string,
  {now, history}: {readonly now: readonly SlotThen[]; readonly history: ServerHistory},
): Promise<void> {
  const from = certainUpTo(now);
  const {run} = ctx.config;
  await ctx.record({
    type: 'source.lost',
    from,
    failure: {
      message: `${why}. The run is void from ${from ?? 'P'} on: what was committed on the old source after it is certain nowhere`,
      remedy: `nothing is kicked, resumed or made again for it; if the old source comes back, and nobody has written to another, begin there; else a new run: longhaul abort --yes ${run}, then longhaul run`,
      unreachable: false,
    },
    evidence: {
      systemIdentifier: history.systemIdentifier,
      timeline: history.timeline,
      insertLsn: history.insertLsn,
      slots: now.map(({slot, appliedLsn, confirmedLsn}) => ({slot, appliedLsn, confirmedLsn})),
    },
  });
}

/** What is to be moved and in no slot: all tables that have come since the inventory, but those that were adopted. */
async function guardTables(ctx: StepContext, source: Session): Promise<void> {
  const {appeared} = await readTablesChange(ctx, source);
  const {adopted, newTables} = ctx.state().capture;
  const uncaptured = appeared.filter(
    // The sentinels of the way back are of the other direction.
    (table) => table.schema !== SENTINEL_SCHEMA && !adopted.some((one) => sameRelation(one.table, table)),
  );
  if (isSame(uncaptured, newTables)) return;
  await ctx.record({type: 'tables.uncaptured', tables: uncaptured});
}

/** One that is being adopted, or was not adopted whole, stays among them whatever the source has. */
function isSame(
  uncaptured: readonly RelationName[],
  known: readonly {readonly table: RelationName; readonly adoptedInto: string | null}[],
): boolean {
  const now = new Set(uncaptured.map((table) => quoteRelation(table)));
  const then = known.map(({table}) => quoteRelation(table));
  const gone = known.filter(({table, adoptedInto}) => adoptedInto === null && !now.has(quoteRelation(table)));
  return gone.length === 0 && [...now].every((table) => then.includes(table));
}
