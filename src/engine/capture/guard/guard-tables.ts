import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {fenceLine} from '../../../domain/pg/boundary.ts';
import {quoteRelation, within, without, type RelationName} from '../../../domain/pg/relation.ts';
import {slotsNow, type PlannedSlot} from '../../../domain/pg/slot-plan.ts';
import {claimedSlots} from '../../../domain/run/claimed.ts';
import type {RunEvent} from '../../../domain/run/event.ts';
import type {NewTable} from '../../../domain/run/capture/capture-state.ts';
import {SENTINEL_SCHEMA} from '../../../pg/capture/sentinels.ts';
import type {Session} from '../../../pg/session/session.ts';
import {readPlan} from '../../plan/plan-file.ts';
import {readTablesChange} from '../../plan/tables-now.ts';
import type {StepContext} from '../../step.ts';
import {engineOf} from '../engines.ts';
import {readingNotApplied} from './not-applied.ts';
import {tablesNotCaptured} from './not-captured.ts';

/** Reads once which tables are captured; slots are dropped and made again while the run is turning. Without a target that answers, what is applied there is as it was read last. */
export type GuardTables = (
  source: Session,
  at: {readonly isTurning: boolean; readonly target: () => Promise<Session>},
) => Promise<void>;

/**
 * Watches whether every table that is to be moved is captured: those that have come since the inventory, and those that somebody has taken out of what captures them, or that the WAL has nothing of any more. One
 * that was out for a while has lost what was written meanwhile: it counts until it was adopted, whoever puts it back. What is taken out is told by two readings, for `abort` takes it away as well.
 *
 * One that the source has no more, as dated partitions are dropped, is to be moved no longer. Where one comes back, renamed there and back or made anew, a comparison tells what it has missed.
 */
export function guardTables(ctx: StepContext): GuardTables {
  let before: readonly RelationName[] = [];
  let unapplied: readonly RelationName[] = [];
  const slotsOfP = keepingPlan(ctx);
  const readUnapplied = readingNotApplied(ctx);
  return async (source, {isTurning, target}) => {
    const now = await readTablesChange(ctx, source);
    const slots = await slotsOfP();
    const out = isTurning ? [] : await readTakenOut(ctx, source, slots);
    const stillOut = within(out, before);
    before = out;
    if (!isTurning)
      unapplied = await target()
        .then(async (session) => readUnapplied({source, target: session}, slots))
        .catch((error: unknown) => unlessAway(error, unapplied));
    const {adopted, newTables} = ctx.state().capture;
    const seen = {
      ...now,
      out: [...stillOut, ...(isTurning ? [] : unapplied)],
      planned: slots.flatMap(({tables}) => tables),
      adopted,
      newTables,
    };
    const told = isTurning ? [] : tellGone(ctx.state().capture.gone, goneNow(seen));
    for (const event of told) await ctx.record(event);
    const uncaptured = uncapturedNow(seen);
    if (isSame(uncaptured, newTables)) return;
    await ctx.record({type: 'tables.uncaptured', tables: uncaptured});
  };
}

/** A target that does not answer keeps nobody from seeing what comes and goes on the source. */
function unlessAway<Kept>(error: unknown, kept: Kept): Kept {
  if (error instanceof LonghaulError) return kept;
  throw error;
}

/** What is to be journalled where others are gone than were before. What one that is back has missed, or got under another name, only its rows tell. Pure. */
export function tellGone(before: readonly RelationName[], gone: readonly RelationName[]): RunEvent[] {
  const back = without(before, gone);
  if (back.length === 0 && gone.length === before.length) return [];
  return [
    ...(back.length === 0 ? [] : [{type: 'comparison.owed', tables: back, why: BACK} as const]),
    {type: 'tables.gone', tables: gone},
  ];
}

const BACK = 'the source was without a table of this name for a while';

/** The slots of the plan, which nobody changes behind P: a large one is not read anew each time. None before P. */
function keepingPlan(ctx: StepContext): () => Promise<readonly PlannedSlot[]> {
  let kept: {readonly p: string; readonly slots: readonly PlannedSlot[]} | null = null;
  return async () => {
    const {boundary} = ctx.state();
    if (boundary === null) return [];
    const p = fenceLine(boundary);
    if (kept?.p !== p) kept = {p, slots: (await readPlan(ctx)).slots.slots};
    return kept.slots;
  };
}

/** Of the tables that are to be captured, from P on, those that are not, or not whole. */
async function readTakenOut(
  ctx: StepContext,
  source: Session,
  planned: readonly PlannedSlot[],
): Promise<RelationName[]> {
  const {boundary, claimed, capture} = ctx.state();
  if (boundary === null || claimedSlots(claimed).length === 0) return [];
  const slots = slotsNow(planned, capture);
  const session: StepContext['session'] = async (role) => (role === 'source' ? source : ctx.session(role));
  return tablesNotCaptured(await engineOf(ctx.config).readNotCaptured({...ctx, session}, {slots}));
}

/** What is seen of the source, and what is known of its tables. */
export interface TablesSeen {
  /** Those that have come since the inventory, those that were adopted among them, and those of it that are gone; unlogged ones may be among these. */
  readonly appeared: readonly RelationName[];
  readonly gone: readonly RelationName[];
  readonly unlogged: readonly RelationName[];
  /** Those that were taken out of what captures them. */
  readonly out: readonly RelationName[];
  readonly planned: readonly RelationName[];
  readonly adopted: readonly {readonly table: RelationName}[];
  readonly newTables: readonly Pick<NewTable, 'table'>[];
}

/** Of those that are to be captured, by the plan or since they were adopted, the ones that the source has no more; a sentinel's table counts as taken out. Pure. */
export function goneNow({
  planned,
  adopted,
  appeared,
  gone,
  unlogged,
}: Omit<TablesSeen, 'out' | 'newTables'>): RelationName[] {
  const taken = without(namesOf(adopted), planned);
  const away = without([...within(planned, gone), ...without(taken, appeared)], unlogged);
  return away.filter(({schema}) => schema !== SENTINEL_SCHEMA);
}

/** All that is not captured now, or has not been all the time. Pure. */
export function uncapturedNow(seen: TablesSeen): RelationName[] {
  const {planned, appeared, unlogged, out, adopted, newTables} = seen;
  // The sentinels of the way back are of the other direction.
  const born = without(appeared, namesOf(adopted)).filter(({schema}) => schema !== SENTINEL_SCHEMA);
  // What was dropped leaves nothing to be captured; what is put back has lost what came in between.
  const there = without([...planned, ...namesOf(adopted)], goneNow(seen));
  const all = [...born, ...within([...out, ...unlogged, ...namesOf(newTables)], there)];
  return [...new Map(all.map((table) => [quoteRelation(table), table])).values()];
}

function namesOf(tables: readonly {readonly table: RelationName}[]): RelationName[] {
  return tables.map(({table}) => table);
}

/** Whether these are the ones that are known. */
function isSame(uncaptured: readonly RelationName[], known: readonly {readonly table: RelationName}[]): boolean {
  const then = namesOf(known);
  return without(uncaptured, then).length === 0 && without(then, uncaptured).length === 0;
}
