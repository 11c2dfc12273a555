import {fenceLine} from '../../../domain/pg/boundary.ts';
import {withAdopted} from '../../../domain/pg/reverse-names.ts';
import {quoteRelation, sameRelation, type RelationName} from '../../../domain/pg/relation.ts';
import type {PlannedSlot} from '../../../domain/pg/slot-plan.ts';
import {claimedSlots} from '../../../domain/run/claimed.ts';
import type {NewTable} from '../../../domain/run/capture/capture-state.ts';
import {SENTINEL_SCHEMA} from '../../../pg/capture/sentinels.ts';
import type {Session} from '../../../pg/session/session.ts';
import {readPlan} from '../../plan/plan-file.ts';
import {readTablesChange} from '../../plan/tables-now.ts';
import type {StepContext} from '../../step.ts';
import {engineOf} from '../engines.ts';
import {tablesNotCaptured} from './not-captured.ts';

/** Reads once which tables are captured; slots are dropped and made again while the run is turning. */
export type GuardTables = (source: Session, at: {readonly isTurning: boolean}) => Promise<void>;

/**
 * Watches whether every table that is to be moved is captured: those that have come since the inventory, and those that somebody has taken out of what captures them. One that was out for a while has lost
 * what was written meanwhile: it counts until it was adopted, whoever puts it back. What is taken out is told by two readings, for `abort` takes it away as well.
 */
export function guardTables(ctx: StepContext): GuardTables {
  let before: readonly RelationName[] = [];
  const slotsOfP = keepingPlan(ctx);
  return async (source, {isTurning}) => {
    const {appeared, gone} = await readTablesChange(ctx, source);
    const slots = await slotsOfP();
    const out = isTurning ? [] : await readTakenOut(ctx, source, slots);
    const stillOut = out.filter((table) => before.some((one) => sameRelation(one, table)));
    before = out;
    const {adopted, newTables} = ctx.state().capture;
    const planned = slots.flatMap(({tables}) => tables);
    const uncaptured = uncapturedNow({appeared, gone, out: stillOut, planned, adopted, newTables});
    if (isSame(uncaptured, newTables)) return;
    await ctx.record({type: 'tables.uncaptured', tables: uncaptured});
  };
}

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
  const slots = withAdopted(planned, capture.adopted);
  const session: StepContext['session'] = async (role) => (role === 'source' ? source : ctx.session(role));
  return tablesNotCaptured(await engineOf(ctx.config).readNotCaptured({...ctx, session}, {slots}));
}

/** What is seen of the source, and what is known of its tables. */
export interface TablesSeen {
  /** Those that have come since the inventory, those that were adopted among them, and those of it that are gone. */
  readonly appeared: readonly RelationName[];
  readonly gone: readonly RelationName[];
  /** Those that were taken out of what captures them. */
  readonly out: readonly RelationName[];
  readonly planned: readonly RelationName[];
  readonly adopted: readonly {readonly table: RelationName}[];
  readonly newTables: readonly Pick<NewTable, 'table'>[];
}

function isIn(tables: readonly RelationName[], table: RelationName): boolean {
  return tables.some((one) => sameRelation(one, table));
}

/** All that is not captured now, or has not been all the time. Pure. */
export function uncapturedNow({appeared, gone, out, planned, adopted, newTables}: TablesSeen): RelationName[] {
  const taken = adopted.map(({table}) => table);
  // The sentinels of the way back are of the other direction.
  const born = appeared.filter((table) => table.schema !== SENTINEL_SCHEMA && !isIn(taken, table));
  // What was made and dropped again leaves nothing to be captured; what is put back has lost what came in between.
  const putBack = newTables
    .map(({table}) => table)
    .filter((table) => (isIn(planned, table) && !isIn(gone, table)) || (isIn(taken, table) && isIn(appeared, table)));
  const all = [...born, ...out, ...putBack];
  return all.filter((table, at) => all.findIndex((one) => sameRelation(one, table)) === at);
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
