import {without, type RelationName} from '../../../domain/pg/relation.ts';
import type {CaptureState} from '../../../domain/run/capture/capture-state.ts';
import type {Session} from '../../../pg/session/session.ts';
import type {StepContext} from '../../step.ts';
import {captureOf, type OwnCapture} from '../own-capture.ts';

/** Asks the source now and then whether it writes down each TRUNCATE. */
type GuardTruncates = (source: Session) => Promise<void>;

/** It asks for every table of the sets. */
const EVERY_MS = 25_000;

/**
 * Has every table compared whose TRUNCATE the source does not write down, from P on: one may have come and gone unseen. It is owed as long as that is so, and again once the trigger fires: what was compared
 * meanwhile says nothing of the next TRUNCATE.
 */
export function guardTruncates(
  ctx: Pick<StepContext, 'config' | 'state' | 'steady' | 'record'>,
  own: () => Pick<OwnCapture, 'live' | 'slots'> | null = () => captureOf(ctx),
): GuardTruncates {
  let atMs = -Infinity;
  let before: readonly RelationName[] = [];
  let {adopted} = ctx.state().capture;
  return async (source) => {
    const capture = own();
    if (capture?.live.readUntoldTruncates === undefined || ctx.state().boundary === null) return;
    if (ctx.steady() - atMs < EVERY_MS) return;
    atMs = ctx.steady();
    const read = await capture.live.readUntoldTruncates(source, capture.slots);
    const untold = read.map(({schema, name}): RelationName => ({schema, name}));
    const now = ctx.state().capture;
    // An adoption has pglogical make the trigger anew, and copies what is there by then.
    const mended = now.adopted === adopted ? without(before, untold) : [];
    [before, adopted] = [untold, now.adopted];
    const tables = [...mended, ...notOwed(untold, now)];
    if (tables.length > 0) await ctx.record({type: 'comparison.owed', tables, why: WHY});
  };
}

const WHY = "pglogical's trigger on it was disabled or dropped on the source: a TRUNCATE of it would not have come";

/** An adoption compares all of a table, and what is owed is owed. Pure. */
function notOwed(tables: readonly RelationName[], {owed, newTables}: CaptureState): RelationName[] {
  return without(
    tables,
    [...owed, ...newTables].map(({table}) => table),
  );
}
