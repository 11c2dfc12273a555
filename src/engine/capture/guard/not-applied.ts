import {within, type RelationName} from '../../../domain/pg/relation.ts';
import {slotsNow, type PlannedSlot} from '../../../domain/pg/slot-plan.ts';
import {SENTINEL_SCHEMA} from '../../../pg/capture/sentinels.ts';
import type {StepContext} from '../../step.ts';
import type {Servers} from '../capture.ts';
import {captureOf, type OwnCapture} from '../own-capture.ts';
import {tablesNotCaptured} from './not-captured.ts';

/** Reads, from the start of change capture on, the tables that are captured and applied nowhere: by the plan as it was at P. */
type ReadNotApplied = (servers: Servers, planned: readonly PlannedSlot[]) => Promise<RelationName[]>;

/** It asks for every table; what two readings have so is told within a minute. */
const EVERY_MS = 25_000;

/** Reads them now and then; what two readings have so, for an abort takes it away as well. After an adoption it begins anew. */
export function readingNotApplied(
  ctx: Pick<StepContext, 'config' | 'state' | 'steady'>,
  own: () => Pick<OwnCapture, 'live'> | null = () => captureOf(ctx),
): ReadNotApplied {
  const nothing = {atMs: -Infinity, tables: [], told: []};
  let last: {readonly atMs: number; readonly tables: RelationName[]; readonly told: RelationName[]} = nothing;
  let {adopted} = ctx.state().capture;
  return async (servers, planned) => {
    const capture = own();
    const now = ctx.state().capture;
    if (now.adopted !== adopted) [last, adopted] = [nothing, now.adopted];
    if (capture?.live.readNotApplied === undefined || ctx.state().cdcStarted === null) return [];
    if (ctx.steady() - last.atMs < EVERY_MS) return last.told;
    const read = await capture.live.readNotApplied(servers, {slots: slotsNow(planned, now)});
    // A sentinel that does not come tells of itself.
    const tables = tablesNotCaptured(read).filter(({schema}) => schema !== SENTINEL_SCHEMA);
    // An adoption that has ended meanwhile has altered what was read.
    if (ctx.state().capture.adopted !== adopted) return [];
    last = {atMs: ctx.steady(), tables, told: within(tables, last.tables)};
    return last.told;
  };
}
