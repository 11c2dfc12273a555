import {sameRelation} from '../../../domain/pg/relation.ts';
import {beginWriting, commit, lockAgainstWriters, rollback} from '../../../pg/capture/adoption.ts';
import {countSentinelsAfter, createSentinel, writeSentinels} from '../../../pg/capture/sentinels.ts';
import {readTableNames} from '../../../pg/catalog/inventory.ts';
import type {Session} from '../../../pg/session/session.ts';
import {executeAll} from '../../make-action.ts';
import type {StepContext} from '../../step.ts';
import {waitUntil} from '../../waiting/wait-until.ts';
import type {Adopting} from './adopt.ts';
import {isBehind} from './carry-out.ts';
import {HOLDING} from './copy-table.ts';
import {makeIndexes, makeTable} from './make-table.ts';
import {AT_SENTINEL_MS, makeWhole} from './make-whole.ts';
import {mendSentinelsOf} from './mend-sentinels.ts';

/**
 * Takes a slot's own sentinels in: no sentinel can hold the slot for it. They are captured from now on; once the next one is there, those that are missing before it never come, and are written as the source has them. Gives how many were not as
 * there.
 */
export async function adoptSentinels(ctx: StepContext, adopting: Adopting): Promise<number> {
  const {table, slot} = adopting;
  await (await ctx.session('source')).run(createSentinel(slot));
  const target = await ctx.session('target');
  const isThere = (await target.run(readTableNames(target.version))).some((one) => sameRelation(one, table));
  if (!isThere) {
    await makeTable(ctx, table);
    await makeIndexes(ctx, table);
  }
  await makeWhole(ctx, adopting);
  const adds = await ctx.open('source', 'adopt-add');
  const holds = await ctx.open('target', HOLDING);
  try {
    return await captureAgain(ctx, {adds, holds}, adopting);
  } finally {
    for (const one of [adds, holds]) {
      if (!one.lost) await one.run(rollback()).catch(() => undefined);
      await one.close();
    }
  }
}

async function captureAgain(
  ctx: StepContext,
  {adds, holds}: {readonly adds: Session; readonly holds: Session},
  adopting: Adopting,
): Promise<number> {
  const {table, slot, adoption} = adopting;
  const {lockMs} = ctx.config.timeouts;
  const {statements} = await adoption.adding(ctx, adopting);
  await adds.run(beginWriting());
  await adds.run(lockAgainstWriters(table), {lockTimeoutMs: lockMs});
  for (const statement of statements) await adds.run(statement);
  await adds.run(commit());
  await executeAll(await adoption.planKnown(ctx, slot, table));
  const {n: own} = await (await ctx.session('source')).one(writeSentinels([slot]));
  const arrived = await waitUntil(ctx, AT_SENTINEL_MS, async () => {
    const {rows} = await holds.one(countSentinelsAfter(slot, own - 1, own + 1));
    return rows === 1 ? true : null;
  });
  if (arrived === null) throw isBehind(slot);
  await holds.run(beginWriting());
  await holds.run(lockAgainstWriters(table), {lockTimeoutMs: lockMs});
  const mended = await mendSentinelsOf(ctx, {holds, slot, upTo: own, besides: []});
  await holds.run(commit());
  return mended;
}
