import {isoTime} from '../../domain/base/iso-time.ts';
import {sideLeft} from '../../domain/run/cutover/cutover.ts';
import {isSomebodyNew, withVisits, type ClientName, type Visitor} from '../../domain/run/cutover/visitors.ts';
import type {Figure} from '../../domain/reading/figure.ts';
import {readVisitors} from '../../pg/cutover/clients.ts';
import type {Session} from '../../pg/session/session.ts';
import {ownSessions} from '../cutover/quiet.ts';
import type {StepContext} from '../step.ts';

/** Notes those who were met on the source when it was left, and ended. */
export async function noteVisits(ctx: StepContext, met: readonly ClientName[]): Promise<void> {
  if (met.length === 0) return;
  const visits = met.map((one) => ({...one, isNew: true}));
  const visitors = withVisits(ctx.state().cutover?.visitors ?? [], visits, isoTime(ctx.now()));
  await ctx.record({type: 'cutover.visited', visitors});
}

/** Who has not been told of is journalled at once, but not more often than this; that others were seen again, seldom. */
const NEW_MS = 20_000;
const AGAIN_MS = 600_000;

/**
 * Gives what reads, again and again, who has a session on the side that was left, and has the journal know them: figures of how many there are now; none while no side is left. The function that it
 * gives asks for a session on that side, and of its clients it reads nothing but their names.
 */
export function createVisitorWatch(
  ctx: Pick<StepContext, 'config' | 'state' | 'record' | 'now' | 'steady'>,
  open: () => Promise<Session>,
): () => Promise<readonly Figure[]> {
  let noted: readonly Visitor[] = [];
  let visitors: readonly Visitor[] = [];
  /** The sessions of the last reading; null before the first, when nobody knows which of them are new. */
  let there: ReadonlySet<string> | null = null;
  let toldMs = Number.NEGATIVE_INFINITY;

  return async () => {
    if (sideLeft(ctx.state()) === null) {
      there = null;
      return [];
    }
    const session = await open();
    const seen = await session.run(readVisitors(session.version, ownSessions(ctx.config)));
    // One may have gone back meanwhile, and those clients are where they should be.
    const left = sideLeft(ctx.state());
    if (left === null) return [];
    // Of another hand-over, or noted by the hand-over itself.
    if (left.visitors !== noted) [noted, visitors] = [left.visitors, left.visitors];
    const before = there;
    const visits = seen.map((one) => ({...one, isNew: before?.has(one.session) === false}));
    visitors = withVisits(visitors, visits, isoTime(ctx.now()));
    there = new Set(seen.map((one) => one.session));
    const dueMs = toldMs + (isSomebodyNew(visitors, noted) ? NEW_MS : AGAIN_MS);
    if (seen.length > 0 && ctx.steady() >= dueMs) {
      toldMs = ctx.steady();
      await ctx.record({type: left.side === 'source' ? 'cutover.visited' : 'back.visited', visitors});
      noted = sideLeft(ctx.state())?.visitors ?? [];
    }
    return [
      {
        name: 'clients',
        label: 'clients still',
        value: seen.length,
        unit: 'count',
        of: `the ${left.side}, which was left`,
      },
    ];
  };
}
