import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {formatRelation, sameRelation, type RelationName} from '../../../domain/pg/relation.ts';
import {
  beginCopySnapshot,
  beginWriting,
  commit,
  exportSnapshot,
  lockAgainstWriters,
  rollback,
} from '../../../pg/capture/adoption.ts';
import {countSentinels, countSentinelsAfter, sentinelTable, writeSentinels} from '../../../pg/capture/sentinels.ts';
import {readOwnPid} from '../../../pg/load/backends.ts';
import {readTableNames} from '../../../pg/catalog/inventory.ts';
import {pinSession} from '../../../pg/compare/pin-session.ts';
import {sumRows} from '../../../pg/compare/table-sums.ts';
import type {Session} from '../../../pg/session/session.ts';
import {readSides} from '../../compare/read-sides.ts';
import {executeAll} from '../../make-action.ts';
import type {StepContext} from '../../step.ts';
import {waitUntil} from '../../waiting/wait-until.ts';
import type {Adopting} from './adopt.ts';
import {copyTable, HOLDING} from './copy-table.ts';
import {makeIndexes, makeTable} from './make-table.ts';
import {AT_SENTINEL_MS, makeWhole, passOverUntilCopied} from './make-whole.ts';
import {mendSentinelsOf} from './mend-sentinels.ts';

/** The sessions of an adoption. */
interface Hands {
  /** Adds the table, under its lock. */
  readonly adds: Session;
  /** Has the snapshot that is copied. */
  readonly sees: Session;
  /** Holds the slot at its sentinel. */
  readonly holds: Session;
}

/**
 * Takes a table in. The slot is held on the target at a sentinel of ours, by a lock of our own table; on the source the table is locked against its writers, added, and a
 * snapshot taken, all in a moment. What its writers commit from then on comes behind the sentinel; what they have committed before is in the snapshot, and nothing of it is
 * still on the way. So the copy is exact, whatever of the table was there before. Gives the rows.
 */
export async function adopt(ctx: StepContext, adopting: Adopting): Promise<number> {
  const {table} = adopting;
  const target = await ctx.session('target');
  if (!(await target.run(readTableNames(target.version))).some((one) => sameRelation(one, table)))
    await makeTable(ctx, table);
  await makeWhole(ctx, adopting);
  await mayBeginAnew(ctx, adopting);
  await passOverUntilCopied(ctx, adopting);
  const hands = {
    adds: await ctx.open('source', 'adopt-add'),
    sees: await ctx.open('source', 'adopt-see'),
    holds: await ctx.open('target', HOLDING),
  };
  try {
    const rows = await copyHeld(ctx, hands, adopting);
    await makeIndexes(ctx, table);
    await hands.holds.run(commit());
    return rows;
  } finally {
    for (const one of Object.values(hands)) {
      if (!one.lost) await one.run(rollback()).catch(() => undefined);
      await one.close();
    }
  }
}

/** A worker that is behind is not begun anew, for what it is at would begin anew with it; one that is down may be so for this very table. */
async function mayBeginAnew(ctx: StepContext, {slot, live, adoption}: Adopting): Promise<void> {
  if (adoption.planPassingOver === undefined) return;
  const may = await waitUntil(ctx, AT_SENTINEL_MS, async () => {
    const servers = {source: await ctx.session('source'), target: await ctx.session('target')};
    const [status] = await live.status(servers, [slot]);
    if (status?.state === 'down') return true;
    return (await sentinelsOnTheWay(ctx, {holds: servers.target, slot, own: null})) === 0 ? true : null;
  });
  if (may === null) throw isBehind(slot);
}

async function copyHeld(ctx: StepContext, hands: Hands, adopting: Adopting): Promise<number> {
  const {table, slot, adoption} = adopting;
  await holdSlot(ctx, hands, slot);
  const {snapshot, own, elsewhere} = await addAndSee(ctx, hands, adopting);
  await waitUntilHeld(ctx, hands, {...adopting, own});
  await waitUntilPassed(ctx, elsewhere, own);
  await copyTable(ctx, table, {snapshot, holds: hands.holds});
  const rows = await compare(ctx, hands, table);
  // Not before: where it ends on the way nothing of the table is applied to half of it.
  await executeAll(await adoption.planKnown(ctx, slot, table));
  // Its worker has come to our sentinel: what is not there of those before nothing brings any more.
  await mendSentinelsOf(ctx, {holds: hands.holds, slot, upTo: own - 1, besides: [table]});
  return rows;
}

/** A sentinel that is on its way already would hold it too early: there must be none. */
async function holdSlot(ctx: StepContext, {holds}: Hands, slot: string): Promise<void> {
  const held = await waitUntil(ctx, AT_SENTINEL_MS, async () => {
    await holds.run(beginWriting());
    await holds.run(lockAgainstWriters(sentinelTable(slot)), {lockTimeoutMs: ctx.config.timeouts.lockMs});
    if ((await sentinelsOnTheWay(ctx, {holds, slot, own: null})) === 0) return true;
    await holds.run(rollback());
    return null;
  });
  if (held === null) throw isBehind(slot);
}

/** Those that the target does not have; with `own` those in front of it. */
async function sentinelsOnTheWay(
  ctx: StepContext,
  {holds, slot, own}: {readonly holds: Session; readonly slot: string; readonly own: number | null},
): Promise<number> {
  const [there] = await holds.run(countSentinels([slot]));
  const source = await ctx.session('source');
  return (await source.one(countSentinelsAfter(slot, there?.newest ?? 0, own))).rows;
}

/** In this order: nobody writes to the table, it is captured from now on, the sentinel, the snapshot; then its writers go on. */
async function addAndSee(
  ctx: StepContext,
  {adds, sees}: Hands,
  adopting: Adopting,
): Promise<{readonly snapshot: string; readonly own: number; readonly elsewhere: readonly string[]}> {
  const {table, slot, adoption} = adopting;
  const {statements, elsewhere} = await adoption.adding(ctx, adopting);
  await adds.run(beginWriting());
  await adds.run(lockAgainstWriters(table), {lockTimeoutMs: ctx.config.timeouts.lockMs});
  for (const statement of statements) await adds.run(statement);
  const {n: own} = await (await ctx.session('source')).one(writeSentinels([slot, ...elsewhere]));
  await sees.run(beginCopySnapshot());
  const {snapshot} = await sees.one(exportSnapshot());
  await adds.run(commit());
  return {snapshot, own, elsewhere};
}

/** What another slot still brought of the table is on the target, and goes with what the copy takes away. */
async function waitUntilPassed(ctx: StepContext, slots: readonly string[], own: number): Promise<void> {
  if (slots.length === 0) return;
  const behind = async (): Promise<string | null> => {
    const counts = await (await ctx.session('target')).run(countSentinels(slots));
    return counts.find(({newest}) => newest < own)?.slot ?? null;
  };
  const passed = await waitUntil(ctx, AT_SENTINEL_MS, async () => ((await behind()) === null ? true : null));
  if (passed === null) throw isBehind((await behind()) ?? slots.join(', '));
}

/** Its worker waits for us, and what it waits with is our sentinel, for there is no other. */
async function waitUntilHeld(
  ctx: StepContext,
  {holds}: Hands,
  {slot, live, own}: Pick<Adopting, 'slot' | 'live'> & {readonly own: number},
): Promise<void> {
  const {pid} = await holds.one(readOwnPid());
  const held = await waitUntil(ctx, AT_SENTINEL_MS, async () => {
    const servers = {source: await ctx.session('source'), target: await ctx.session('target')};
    const [status] = await live.status(servers, [slot]);
    return status?.waitsFor.includes(pid) === true ? true : null;
  });
  if (held === null) throw isBehind(slot);
  // The heartbeat may have written one between the lock and ours; what it writes behind ours the worker has not come to.
  if ((await sentinelsOnTheWay(ctx, {holds, slot, own})) > 0) throw isBehind(slot);
}

/** What is said of a slot that was not where it was waited for. */
export function isBehind(slot: string): LonghaulError {
  return new LonghaulError({
    code: 'failed',
    message: `${slot} did not come to its sentinel within a minute, or another one came in between: nothing was copied`,
    remedy: `wait until it has caught up (longhaul status); where longhaul_cdc.${slot} is told to be captured by nothing, adopt that first; then give the command again`,
  });
}

/** Every row, as the snapshot has it, while nobody writes to it on the target. */
async function compare(ctx: StepContext, {sees}: Hands, table: RelationName): Promise<number> {
  const target = await ctx.session('target');
  const session: StepContext['session'] = async (role) => (role === 'target' ? target : sees);
  const {dialect, pairs} = await readSides(
    {...ctx, session},
    [{table, timestampColumn: null, primaryKey: null, bytes: 0}],
    1,
  );
  const [pair] = pairs;
  if (pair === undefined) throw new Error('bug: a table that is compared has two sides');
  const {columns, problem} = pair;
  const limits = {timeoutMs: ctx.config.timeouts.scanMs};
  const statement = sumRows({table, columns, key: columns, sample: null}, dialect, null);
  const sums = [];
  for (const one of [sees, target]) {
    await one.run(pinSession(one.version, dialect));
    sums.push(await one.one(statement, limits));
  }
  const [there, here] = sums;
  if (problem === null && there !== undefined && there.rows === here?.rows && there.sum === here.sum) return there.rows;
  throw new LonghaulError({
    code: 'failed',
    message: `${formatRelation(table)} is not the same after the copy: ${problem ?? `${there?.rows} rows on the source, ${here?.rows} on the target, or others`}`,
    remedy: `see that nobody writes to it on the target (triggers, rules, somebody's session), then: longhaul adopt ${formatRelation(table)}`,
  });
}
