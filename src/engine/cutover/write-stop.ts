import {putBackReadOnly, readReadOnlySetting, refuseWrites} from '../../pg/cutover/read-only.ts';
import {endClients, endClientsSince, readClients, readServerClock} from '../../pg/cutover/clients.ts';
import {readNextXid} from '../../pg/cutover/writers.ts';
import {readPrimaryPosition} from '../../pg/replication/slots.ts';
import {clientWords} from '../../domain/run/cutover/visitors.ts';
import type {Evidence} from '../../domain/run/evidence/step-evidence.ts';
import type {Action} from '../action.ts';
import {showStatement, type Later} from '../make-action.ts';
import type {StepContext} from '../step.ts';
import {readFencedTables} from './moved-tables.ts';
import {planAhead, readWaitingObjects} from './waiting-objects.ts';
import {commandAction, commandsAt} from './commands/operator-commands.ts';
import {planJobsCarried, planJobsOff, readJobsToSwap} from './jobs/swap-jobs.ts';
import {planStatistics} from './rehearsal/statistics.ts';
import {copyPositions, readMovedSequences} from './sequences/copy-positions.ts';
import {ownSessions, stillWriting, stopsItself, waitUntilQuiet} from './quiet.ts';

/** What the parts of stop-writes find. */
export interface Stopping {
  ended: number;
  cameBack: readonly string[];
  locked: number;
}

/** Everything that stops the writes, in order: the operator's commands, the read-only database, its clients, the locks; then the proof, and F. */
export async function planWriteStop(
  ctx: StepContext,
  found: Later<Omit<Evidence<'stop-writes'>, 'tookMs'>>,
): Promise<Action[]> {
  const {lock} = ctx.config.cutover;
  const seen: Stopping = {ended: 0, cameBack: [], locked: 0};
  return [
    ...planAhead(ctx, await readWaitingObjects(ctx)),
    // The other side has had its own all the time.
    ...(ctx.isBack === true ? [] : await planStatistics(ctx)),
    ...copyPositions(
      ctx,
      await readMovedSequences(ctx),
      'now: a first pass, so that the one after the last writer has little left',
    ),
    readying(ctx),
    ...(await planJobsCarried(ctx)),
    // Last before the stop is noted: from there on whoever goes back lets go of them.
    ...(lock ? [await keepingOff(ctx)] : []),
    await noting(ctx),
    ...(await planJobsOff(ctx)),
    ...commandsAt(ctx.config, 'stop_before').map((one) => commandAction(ctx, one)),
    ...(stopsItself(ctx.config) ? [await refusing(ctx), ending(ctx, seen)] : []),
    ...(lock ? [await locking(ctx, seen)] : []),
    ...commandsAt(ctx.config, 'stop_after').map((one) => commandAction(ctx, one)),
    proving(ctx, seen, found),
  ];
}

/** Opens what is used once nobody writes: whoever opens it then has writers wait for it. The way back compares nothing. */
function readying(ctx: StepContext): Action {
  const text = '/* opens the sessions of the last comparison, and reads what that compares */ SELECT …';
  return {
    on: 'source',
    text,
    execute: async () => {
      if (ctx.isBack !== true) await ctx.final.prepare(ctx);
    },
  };
}

/** Before anything is changed: whoever goes back has to know what there was. */
async function noting(ctx: StepContext): Promise<Action> {
  const source = await ctx.session('source');
  const now = {...(await source.one(readReadOnlySetting())), since: (await source.one(readServerClock())).clock};
  // An earlier start of the same cutover has changed it already.
  const setting = stopsItself(ctx.config) ? (ctx.state().cutover?.setting ?? now) : null;
  return {
    on: 'jump box',
    text: 'note in the journal: writes are being stopped',
    execute: async () => {
      const jobs = ctx.state().cutover?.jobs ?? (await readJobsToSwap(ctx));
      await ctx.record({type: 'cutover.stopping', setting, ...(jobs.length === 0 ? {} : {jobs})});
    },
  };
}

async function refusing(ctx: StepContext): Promise<Action> {
  const source = await ctx.session('source');
  const {database} = await source.one(readReadOnlySetting());
  return {
    on: 'source',
    text: showStatement(refuseWrites(database)),
    execute: async () => void (await (await ctx.session('source')).run(refuseWrites(database))),
  };
}

const EVERY_MS = 50;
const WAVES_MS = 10_000;

/** Sessions that began before now may write; those that come back begin read-only. */
function ending(ctx: StepContext, seen: Stopping): Action {
  const ours = ownSessions(ctx.config);
  return {
    on: 'source',
    text: '/* ends the sessions of all clients that may still write, until none is left: pg_terminate_backend */',
    execute: async () => {
      const source = await ctx.session('source');
      const {clock} = await source.one(readServerClock());
      const end = ctx.steady() + WAVES_MS;
      const ended = new Set<number>();
      for (;;) {
        const there = await source.run(endClients(source.version, ours, clock));
        for (const {pid} of there) ended.add(pid);
        if (there.length === 0) break;
        if (ctx.steady() >= end)
          throw stillWriting(there.map((one) => ({pid: one.pid, who: `client ${clientWords(one)}`})));
        await ctx.sleep(EVERY_MS);
      }
      seen.ended = ended.size;
      seen.cameBack = [
        ...new Set(
          (await source.run(readClients(source.version, ours, null))).map((one) => `client ${clientWords(one)}`),
        ),
      ].slice(0, 20);
    },
  };
}

/** Nobody is kept from writing by it. */
async function keepingOff(ctx: StepContext): Promise<Action> {
  const tables = await readFencedTables(ctx);
  return {
    on: 'source',
    text: `/* in the session of the locks: ends autovacuum, keeps DDL off, ${tables.length} tables */ LOCK TABLE … IN SHARE UPDATE EXCLUSIVE MODE`,
    execute: async () => ctx.fence.prepare(ctx, tables),
  };
}

async function locking(ctx: StepContext, seen: Stopping): Promise<Action> {
  const tables = await readFencedTables(ctx);
  return {
    on: 'source',
    text: `/* in a session that stays open until the hand-over, ${tables.length} tables */ LOCK TABLE … IN SHARE MODE`,
    execute: async () => {
      await ctx.fence.take(ctx, tables, ctx.config.cutover.lockLimitMs);
      seen.locked = tables.length;
    },
  };
}

function proving(ctx: StepContext, seen: Stopping, found: Later<Omit<Evidence<'stop-writes'>, 'tookMs'>>): Action {
  return {
    on: 'source',
    text: '/* waits until nobody in this database has a transaction that writes, then reads F, where the source writes next */',
    execute: async () => {
      await waitUntilQuiet(ctx, ctx.config.cutover.lockLimitMs);
      const source = await ctx.session('source');
      const {nextXid} = await source.one(readNextXid());
      const {insertLsn, clock} = await source.one(readPrimaryPosition(source.version));
      const evidence = {lsn: insertLsn, ...seen, nextXid, clock};
      await ctx.record({type: 'cutover.writes-stopped', lsn: insertLsn, evidence});
      found.set(evidence);
    },
  };
}

/** Puts the source's setting back, and ends whoever has come while it refused writes: a pool keeps such a session for hours. */
export function planWritesAllowed(ctx: StepContext): Action[] {
  const {setting} = ctx.state().cutover ?? {};
  if (setting == null) return [];
  const statement = putBackReadOnly(setting.database, setting.before);
  return [
    {
      on: 'source',
      text: showStatement(statement),
      execute: async () => void (await (await ctx.session('source')).run(statement)),
    },
    {
      on: 'source',
      text: '/* ends the sessions that began while the database refused writes, for they go on refusing them: pg_terminate_backend */',
      execute: async () => endReadOnlyClients(ctx, setting.since),
    },
  ];
}

async function endReadOnlyClients(ctx: StepContext, since: string, before: string | null = null): Promise<void> {
  const source = await ctx.session('source');
  await source.run(endClientsSince(source.version, ownSessions(ctx.config), {since, before}));
}

/** Who was just connecting then is seen a little later. Gives what ends them; nothing that keeps writes from being allowed. */
export async function laterReadOnlyClients(ctx: StepContext): Promise<() => Promise<void>> {
  const {setting} = ctx.state().cutover ?? {};
  if (setting == null) return async () => undefined;
  const {clock} = await (await ctx.session('source')).one(readServerClock());
  return async () => endReadOnlyClients(ctx, setting.since, clock);
}
