import {formatRelation} from '../../domain/pg/relation.ts';
import type {RunState} from '../../domain/run/run-state.ts';
import {readServerClock} from '../../pg/cutover/clients.ts';
import {
  createShut,
  dropShut,
  readNotOurs,
  readNotShut,
  readShut,
  shutTables,
  unshutTable,
} from '../../pg/cutover/shut.ts';
import type {Action} from '../action.ts';
import {claimFirst} from '../claim-first.ts';
import {showStatement, statementAction} from '../make-action.ts';
import {listed} from '../preflight/found.ts';
import {failureOf} from '../run/run-steps.ts';
import type {StepContext} from '../step.ts';
import {readFencedTables} from './moved-tables.ts';
import {withShortLocks} from './short-locks.ts';

/** How it is claimed in the journal that the tables of the source refuse writes; those of the target, by a way back: `back-shut tables`. */
const SHUT = {source: 'shut tables', target: 'back-shut tables'} as const;

type Side = keyof typeof SHUT;

/** Whether triggers of this run are on the tables of a side, or may be. Pure. */
function isShut({claimed}: Pick<RunState, 'claimed'>, on: Side): boolean {
  return claimed.includes(SHUT[on]);
}

/**
 * Has the moved tables of the side that is left refuse writes before the other one is opened: a read-only database is none for who begins READ WRITE, sets himself free or has a setting of his own, and
 * the locks go with their session. What is there in the end is there from the moment on at which the locks are gone. Where it cannot be made, the locks are held until the other side is open; where that is
 * wanted (`isProved`) it throws once they are gone, for then it has to be proved again that nobody writes.
 */
export function planShut(ctx: StepContext, {isProved = false}: {readonly isProved?: boolean} = {}): Action {
  return claimFirst(ctx, [SHUT.source], {
    on: 'source',
    text: `/* every moved table refuses writes but those of change capture: two triggers on each */ ${showStatement(createShut(true))}`,
    execute: async () => {
      try {
        await shut(ctx);
      } catch (error) {
        if (isProved && (await areLocksGone(ctx))) throw error;
        await tellOpen(
          ctx,
          `the tables of the source do not refuse writes by themselves: a session that begins READ WRITE may write there: ${failureOf(error).message}`,
        );
      }
    },
  });
}

/** Whether the locks went with their session. Who cannot ask a source that is away opens the other side all the same. */
async function areLocksGone(ctx: StepContext): Promise<boolean> {
  if (!ctx.config.cutover.lock || (await ctx.fence.whyBroken()) === null) return false;
  try {
    await (await ctx.session('source')).one(readServerClock());
    return true;
  } catch {
    return false;
  }
}

async function shut(ctx: StepContext): Promise<void> {
  const source = await ctx.session('source');
  await source.run(createShut(true));
  const tables = await readFencedTables(ctx);
  const open = await source.run(readNotShut(tables));
  await ctx.fence.replace(ctx, open.length === 0 ? [] : [shutTables(open)]);
  const others = await source.run(readNotOurs(tables));
  if (others.length > 0)
    await tellOpen(
      ctx,
      `these tables of the source do not refuse writes by themselves, for our role is not their owner: ${listed(others.map(formatRelation))}`,
    );
}

async function tellOpen(ctx: StepContext, what: string): Promise<void> {
  await ctx.record({type: 'step.progressed', step: 'hand-over', done: 0, total: 1, what});
}

/** Lets writes through on the side that is opened, in one moment for all tables: its triggers go once somebody has the time for it. */
export async function letThrough(ctx: StepContext): Promise<void> {
  if (isShut(ctx.state(), 'target')) await (await ctx.session('target')).run(createShut(false));
}

/** Takes the triggers off the tables of a side, one after the other with short locks; nothing where there are none. May be repeated. */
export async function planUnshut(ctx: StepContext, on: Side): Promise<Action[]> {
  if (!isShut(ctx.state(), on)) return [];
  const server = await ctx.session(on);
  const how = {on, session: async () => ctx.session(on)} as const;
  const tables = await server.run(readShut());
  const drop = statementAction(dropShut(), how);
  return [
    ...tables.map((table): Action => {
      const statement = unshutTable(table);
      return {on, text: showStatement(statement), execute: async () => void (await withShortLocks(ctx, on, statement))};
    }),
    {
      ...drop,
      execute: async () => {
        await drop.execute();
        await ctx.record({type: 'objects.returned', objects: [SHUT[on]]});
      },
    },
  ];
}

/** One short try for each table: whoever waits for such a lock holds up everybody behind him, and the triggers let everything through. */
const LOCK_MS = 300;
const TRIES = 3;
const PAUSE_MS = 30_000;

/** Takes the triggers off the side that was opened where nobody has to wait for it, a few times over; clean-up drops what is left, and no error of it matters. */
export async function unshutInPassing(ctx: StepContext): Promise<void> {
  for (let tries = 1; tries <= TRIES && !ctx.signal.aborted; tries += 1) {
    if (tries > 1) await ctx.sleep(PAUSE_MS).catch(() => undefined);
    if (await unshutOnce(ctx).catch(() => false)) return;
  }
}

/** Whether none is left. */
async function unshutOnce(ctx: StepContext): Promise<boolean> {
  if (!isShut(ctx.state(), 'target')) return true;
  const target = await ctx.session('target');
  for (const table of await target.run(readShut())) {
    if (ctx.signal.aborted) return false;
    await target.run(unshutTable(table), {lockTimeoutMs: LOCK_MS}).catch(() => undefined);
  }
  if ((await target.run(readShut())).length > 0) return false;
  for (const action of await planUnshut(ctx, 'target')) await action.execute();
  return true;
}
