import type {Boundary} from '../../../domain/pg/boundary.ts';
import type {Lsn} from '../../../domain/pg/lsn.ts';
import {
  createHold,
  createHoldTrigger,
  enableHoldTrigger,
  endHeldWorkers,
  giveSentinelTurn,
  lockHold,
  lockSentinelOnReplica,
  readFenceWriter,
  readHeld,
  readStalled,
  takeSentinelTurn,
  unlockHold,
  writeFence,
} from '../../../pg/compare/again-fence.ts';
import {readOwnPid} from '../../../pg/load/backends.ts';
import {pauseReplay, readReplicaPosition} from '../../../pg/replication/replica.ts';
import {readInsertPosition} from '../../../pg/replication/insert-position.ts';
import type {Session} from '../../../pg/session/session.ts';
import {sql, type Statement} from '../../../pg/session/statement.ts';
import type {ServerRole} from '../../../domain/pg/server-role.ts';
import {withIdentity} from '../../capture/with-identity.ts';
import type {OwnCapture} from '../../capture/own-capture.ts';
import {lending, type Lent} from '../../exit/lent-session.ts';
import type {Action} from '../../action.ts';
import {executeAll, later, remark, showStatement, statementAction, type Later} from '../../make-action.ts';
import type {StepContext} from '../../step.ts';
import {waitUntil} from '../../waiting/wait-until.ts';
import {waitForSentinels} from './barrier.ts';
import {proveFence} from './prove-fence.ts';
import {HOLDING} from './take-back.ts';
import {Unproved} from './unproved.ts';

/** Replica and target at one commit. */
export interface Fence {
  /** What holds them there, in order; the last proves it, and throws `unproved` where it cannot. */
  readonly actions: readonly Action[];
  /** Where the replica is held; after the last action. */
  held(): Boundary;
  /** Ends its sessions, and with them their locks. What else was made take-back.ts takes back. */
  close(): Promise<void>;
}

/**
 * Holds the replica and the target at the same commit of the source, by locks of nothing but the sentinels' tables: facts/cutover.md, §6.1. A transaction that
 * writes a sentinel into each slot and locks a table of theirs is where both stop: replay in front of the lock, which a session on the replica keeps it from taking,
 * and each apply worker in the sentinel, whose trigger waits. Everybody else on the source goes on.
 */
export function planFence(ctx: StepContext, capture: OwnCapture): Fence {
  const own: Holders = {
    source: lending(async () => ctx.open('source', HOLDING)),
    replica: lending(async () => ctx.open('replica', HOLDING)),
    target: lending(async () => ctx.open('target', HOLDING)),
  };
  const boundary = later<Boundary>('where the replica is held');
  const end = later<End>('the end of the fence');
  return {
    actions: [
      ...planTriggers(ctx, capture.slots),
      ...planMessage(ctx, own, {slots: capture.slots, end}),
      ...planStop(ctx, own, {capture, boundary, end}),
    ],
    held: () => boundary.get(),
    close: async () => void (await Promise.all(Object.values(own).map(async (one) => one.giveBack()))),
  };
}

/** The sessions whose locks hold the servers. */
type Holders = Readonly<Record<ServerRole, Lent>>;

/** Up to where the slots are read for the proof, and the transaction that every worker waits in. */
interface End {
  readonly upTo: Lsn;
  readonly sentinel: string;
}

function runOn(on: ServerRole, holder: Lent, statement: Statement): Action {
  return statementAction(statement, {on, session: async () => holder.session()});
}

/** The journal first: whoever dies behind it has left something to take back. */
function planTriggers(ctx: StepContext, slots: readonly string[]): Action[] {
  const statements = [createHold(), ...slots.flatMap((slot) => [createHoldTrigger(slot), enableHoldTrigger(slot)])];
  return [
    {
      on: 'jump box',
      text: 'note in the journal: apply and replay are about to be held',
      execute: async () => ctx.record({type: 'fence.raised', slots}),
    },
    ...statements.map((statement) =>
      statementAction(statement, {on: 'target', session: async () => ctx.session('target')}),
    ),
  ];
}

/** Nobody writes a sentinel between the lock and ours: a worker that waits in another has not applied all. */
function planMessage(
  ctx: StepContext,
  {source, replica, target}: Holders,
  {slots, end}: {readonly slots: readonly string[]; readonly end: Later<End>},
): Action[] {
  const [first = ''] = slots;
  const message = writeFence(slots);
  return [
    runOn('source', source, takeSentinelTurn()),
    {
      on: 'target',
      text: '/* waits until every sentinel of the source is there */',
      execute: async () => waitForSentinels(ctx, await source.session(), slots),
    },
    runOn('target', target, lockHold()),
    runOn('replica', replica, sql('BEGIN')),
    runOn('replica', replica, lockSentinelOnReplica(first)),
    {
      on: 'source',
      text: showStatement(message),
      execute: async () => {
        const session = await source.session();
        await session.run(message);
        const {insertLsn: upTo} = await session.one(readInsertPosition(session.version));
        end.set({upTo, sentinel: (await session.one(readFenceWriter(first))).xid});
      },
    },
    runOn('source', source, giveSentinelTurn()),
  ];
}

function planStop(
  ctx: StepContext,
  {replica, target}: Holders,
  {
    capture,
    boundary,
    end,
  }: {readonly capture: OwnCapture; readonly boundary: Later<Boundary>; readonly end: Later<End>},
): Action[] {
  const [first = ''] = capture.slots;
  return [
    {
      on: 'replica',
      text: '/* once replay waits for that lock: pg_wal_replay_pause(), before 10 pg_xlog_replay_pause(), then ROLLBACK; waits until it is paused */',
      execute: async () => boundary.set(await pauseBehindLock(ctx, await replica.session(), first)),
    },
    {
      on: 'target',
      text: remark('once every worker waits: stops applying, ends whoever still waits', showStatement(unlockHold())),
      execute: async () => stopApply(ctx, capture, await target.session()),
    },
    {
      on: 'source',
      text: '/* proves that nothing was committed between where the replica and where the target is: peeks the slots */',
      execute: async () => proveFence(ctx, capture, {boundary: boundary.get(), ...end.get()}),
    },
  ];
}

/** Two readings so far apart say that replay is paused; up to 13 the server says so as soon as it was asked to. */
const APART_MS = 1_200;

async function pauseBehindLock(ctx: StepContext, own: Session, slot: string): Promise<Boundary> {
  const {pauseMs} = ctx.config.timeouts;
  const replica = await ctx.session('replica');
  const stalled = await waitUntil(ctx, pauseMs, async () =>
    (await replica.one(readStalled(slot))).stalled ? true : null,
  );
  if (stalled === null) throw late('replay has not come to the lock of the sentinels');
  await replica.run(pauseReplay(replica.version));
  // Where max_standby_streaming_delay has ended it already, the proof tells.
  if (!own.lost) await own.run(sql('ROLLBACK')).catch(() => undefined);
  let before: string | null = null;
  const paused = await waitUntil(ctx, pauseMs, async () => {
    const {paused: isPaused, replayLsn} = await replica.one(readReplicaPosition(replica.version));
    if (!isPaused || replayLsn === null || replayLsn !== before) {
      before = isPaused ? replayLsn : null;
      if (isPaused) await ctx.sleep(APART_MS);
      return null;
    }
    return true;
  });
  if (paused === null) throw late('replay has not paused');
  const {replayLsn, postmasterStart, timeline, systemIdentifier, clock} = await withIdentity(
    ctx,
    'replica',
    await replica.one(readReplicaPosition(replica.version)),
  );
  if (replayLsn === null) throw late('the replica replays nothing');
  return {lsn: replayLsn, postmasterStart, timeline, systemIdentifier, capturedAt: clock};
}

/** Each worker has applied all before the sentinel, and waits for it: it is ended there, and the sentinel rolls back. */
async function stopApply(ctx: StepContext, {live, slots}: OwnCapture, holder: Session): Promise<void> {
  const {pid} = await holder.one(readOwnPid());
  const waiting = await waitUntil(ctx, ctx.config.timeouts.pauseMs, async () => {
    const servers = {source: await ctx.session('source'), target: await ctx.session('target')};
    const seen = await live.status(servers, slots);
    return slots.every((slot) => seen.some((one) => one.slot === slot && one.waitsFor.includes(pid))) ? true : null;
  });
  if (waiting === null) throw late('not every worker has come to its sentinel');
  let stopping = true;
  const stopped = Promise.all(slots.map(async (slot) => executeAll(await live.planStop(ctx, slot)))).finally(() => {
    stopping = false;
  });
  const ended = endWaiting(ctx, {live, slots}, () => stopping);
  await Promise.all([stopped, ended]);
  if ((await holder.run(readHeld())).length > 0) throw late('a worker waits for its sentinel still');
  await holder.run(unlockHold());
}

const EVERY_MS = 200;

/** A worker that waits does not hear that it is disabled. */
async function endWaiting(
  ctx: StepContext,
  {live, slots}: Pick<OwnCapture, 'live' | 'slots'>,
  goesOn: () => boolean,
): Promise<void> {
  while (goesOn()) {
    const servers = {source: await ctx.session('source'), target: await ctx.session('target')};
    const seen = await live.status(servers, slots);
    if (seen.every(({state}) => state === 'stopped')) await servers.target.run(endHeldWorkers());
    await ctx.sleep(EVERY_MS);
  }
}

function late(why: string): Unproved {
  return new Unproved(`${why} in time (timeouts.pause)`);
}
