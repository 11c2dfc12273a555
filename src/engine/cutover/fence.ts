import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import type {RelationName} from '../../domain/pg/relation.ts';
import {
  beginFence,
  endFence,
  endTryBehindFence,
  lockAgainstMaintenance,
  lockAgainstWrites,
  readFence,
  replaceFence,
  tryBehindFence,
} from '../../pg/cutover/fence.ts';
import {readMaintainers, readShareBlockers, type Blocker} from '../../pg/replication/blockers.ts';
import type {Statement} from '../../pg/session/statement.ts';
import type {Session} from '../../pg/session/session.ts';
import {SQLSTATE, sqlStateOf} from '../../pg/session/sqlstate.ts';
import type {Clock} from '../waiting/clocks.ts';
import {pastDeadlockMs} from '../waiting/past-deadlock.ts';
import {namesOf} from '../waiting/name-blockers.ts';

/** What locking needs. */
interface Locking {
  /** A session of the source that nobody else uses. */
  readonly open: (role: 'source', purpose: string) => Promise<Session>;
  readonly steady: Clock;
  readonly sleep: (ms: number) => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * The locks that keep everybody from writing on the source until the hand-over. They are held by one session, and gone with it: then writes must not be believed to be stopped, whatever
 * the journal says.
 */
export interface Fence {
  /** Opens the session that is to hold them, and keeps VACUUM and DDL off the tables, before anybody is stopped. Throws with who is at that and does not end. */
  prepare(ctx: Pick<Locking, 'open'>, tables: readonly RelationName[]): Promise<void>;
  /** Locks these tables, in one transaction that stays open. Throws where a writer does not end in time; then none is locked. */
  take(ctx: Locking, tables: readonly RelationName[], limitMs: number): Promise<void>;
  /** Why they are not held, in words; null while all of them are. */
  whyBroken(): Promise<string | null>;
  /** Unlocks all in the same moment in which what these statements make is there. Where one of them fails the locks stay as they are. Without locks they are executed all or none. */
  replace(ctx: Locking, statements: readonly Statement[]): Promise<void>;
  /** Unlocks all; nothing where nothing is locked. */
  drop(): Promise<void>;
}

const NEVER = 'the locks on the source are not held by this supervisor';

/** A fence that nobody has taken yet. One for each supervisor. */
export function createFence(): Fence {
  let held: {readonly session: Session; readonly pid: number; readonly locked: number} | null = null;
  let gone: string | null = NEVER;
  let ready: Session | null = null;

  async function drop(): Promise<void> {
    const {session} = held ?? {};
    const idle = ready;
    held = null;
    ready = null;
    gone = NEVER;
    if (session?.lost === false) await session.run(endFence()).catch(() => undefined);
    await session?.close();
    await idle?.close();
  }

  return {
    prepare: async (ctx, tables) => {
      await drop();
      if (tables.length > 0) ready = await openFence(ctx, tables, MAINTENANCE_MS);
    },
    take: async (ctx, tables, limitMs) => {
      const known = ready?.lost === false && held === null ? ready : null;
      if (known !== null) ready = null;
      await drop();
      if (tables.length === 0) {
        gone = null;
        await known?.close();
        return;
      }
      const session = known ?? (await openFence(ctx, tables, limitMs));
      try {
        await lock(ctx, session, tables, limitMs);
        held = {session, ...(await session.one(readFence()))};
      } catch (error) {
        await session.close();
        throw error;
      }
    },
    whyBroken: async () => {
      if (held === null) return gone;
      const {pid, locked} = held;
      const now = await held.session.one(readFence()).catch(() => null);
      if (now?.pid === pid && now.locked === locked) return null;
      gone = 'the session that held the locks on the source has ended, and writes may have been let through since';
      return gone;
    },
    replace: async (ctx, statements) => {
      const session = held?.session ?? (await ctx.open('source', 'fence'));
      await executeBehindFence(session, statements, held !== null);
      held = null;
      gone = NEVER;
      await session.close();
    },
    drop,
  };
}

/** Nobody that matters is waited for: the locks are ours. The same for each, for in a transaction that has failed nothing can be set. */
const LIMITS = {timeoutMs: 30_000, lockTimeoutMs: 1_000};

/** A session that was opened for this alone goes where it fails; one that holds the locks keeps them. */
async function executeBehindFence(session: Session, statements: readonly Statement[], isHeld: boolean): Promise<void> {
  try {
    if (!isHeld) await session.run(beginFence(), LIMITS);
    await executeOrKeep(session, statements);
    await session.run(replaceFence(), LIMITS);
  } catch (error) {
    if (!isHeld) await session.close();
    throw error;
  }
}

async function executeOrKeep(session: Session, statements: readonly Statement[]): Promise<void> {
  await session.run(tryBehindFence(), LIMITS);
  try {
    for (const statement of statements) await session.run(statement, LIMITS);
  } catch (error) {
    if (!session.lost) await session.run(endTryBehindFence(), LIMITS);
    throw error;
  }
}

/** So long in all, for each worker of autovacuum that is at one of the tables has its own wait. */
const MAINTENANCE_MS = 60_000;

/** A session in a transaction that keeps whoever is at VACUUM or DDL off the tables: nobody is kept from writing by it, nor while it waits. */
async function openFence(
  ctx: Pick<Locking, 'open'>,
  tables: readonly RelationName[],
  limitMs: number,
): Promise<Session> {
  const session = await ctx.open('source', 'fence');
  try {
    const lockTimeoutMs = Math.min(limitMs, await pastDeadlockMs(session));
    await session.run(beginFence());
    await session.run(lockAgainstMaintenance(tables), {lockTimeoutMs, timeoutMs: limitMs});
    return session;
  } catch (error) {
    const holders = readMaintainers(session.version, tables);
    const who = TOO_LATE.has(sqlStateOf(error)) ? await readInTheWay(session, holders) : null;
    await session.close();
    if (who === null) throw error;
    throw new LonghaulError({
      code: 'failed',
      message: `VACUUM, ANALYZE or DDL is at work on a table of the source that is to be locked, and does not end: ${namesOf(who)}`,
      remedy:
        'wait until it is over (pg_stat_progress_vacuum), or end it on the source, as a superuser where it is an autovacuum: SELECT pg_terminate_backend(PID); one against wraparound comes back until VACUUM (FREEZE) has been through its table; then longhaul cutover',
      cause: error,
    });
  }
}

/** Lets go of what the session holds, and reads who the others are; null where it cannot be asked any more. */
async function readInTheWay(session: Session, holders: Statement<Blocker>): Promise<readonly Blocker[] | null> {
  if (session.lost) return null;
  await session.run(endFence());
  return session.run(holders);
}

/** Short tries: whoever waits for a lock lets nobody pass that comes behind. */
const TRY_MS = 500;
const PAUSE_MS = 50;

/** The limit of one table's lock, and that of the whole statement. */
const TOO_LATE: ReadonlySet<string | null> = new Set([
  SQLSTATE.lockNotAvailable,
  SQLSTATE.queryCanceled,
  SQLSTATE.deadlockDetected,
]);

async function lock(
  {steady, sleep, signal}: Pick<Locking, 'steady' | 'sleep' | 'signal'>,
  session: Session,
  tables: readonly RelationName[],
  limitMs: number,
): Promise<void> {
  const end = steady() + limitMs;
  for (;;) {
    signal.throwIfAborted();
    // Each table waits for its lock anew. The same for all three, for in a transaction that has failed nothing can be set.
    const limits = {
      lockTimeoutMs: Math.min(TRY_MS, limitMs),
      timeoutMs: Math.max(TRY_MS, Math.ceil(end - steady())),
    };
    await session.run(tryBehindFence(), limits);
    try {
      await session.run(lockAgainstWrites(tables), limits);
      return;
    } catch (error) {
      if (!session.lost) await session.run(endTryBehindFence(), limits);
      if (!TOO_LATE.has(sqlStateOf(error))) throw error;
      if (steady() < end) {
        await sleep(PAUSE_MS);
        continue;
      }
      const who = (await readInTheWay(session, readShareBlockers(session.version, tables))) ?? [];
      throw new LonghaulError({
        code: 'failed',
        message: `a session on the source writes to a table, or keeps it locked, and does not end${who.length === 0 ? '' : `: ${namesOf(who)}`}`,
        remedy: 'wait for its end, or end it on the source where its owner agrees; then longhaul cutover',
        cause: error,
      });
    }
  }
}
