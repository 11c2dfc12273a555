import {laterLsn, type Lsn} from '../../../../domain/pg/lsn.ts';
import {peekFirst, type PeekedMessage} from '../../../../pg/capture/peek.ts';
import type {Subscription} from '../../../../pg/capture/subscriptions.ts';
import {readUniqueKeys} from '../../../../pg/capture/publications.ts';
import {readTablesChangedSince} from '../../../../pg/cutover/peek.ts';
import {readSlots} from '../../../../pg/replication/slots.ts';
import {SQLSTATE, sqlStateOf} from '../../../../pg/session/sqlstate.ts';
import type {StepContext} from '../../../step.ts';
import {waitUntil} from '../../../waiting/wait-until.ts';
import type {StuckTransaction} from '../../capture.ts';
import {hasFailed, hasOnlyBegun, readShortestTimeout, type WorkerThen} from '../../control/cut-off.ts';
import {mustBeLittle} from '../../control/must-be-little.ts';
import {readOne} from './control.ts';
import {decodeTransaction} from './decode-pgoutput.ts';
import {toFindRows} from './other-identity.ts';
import {publicationsOf} from '../wanted-publications.ts';

/** A worker that fails is started again five seconds later: in this time it has failed once more. */
const FAILS_AGAIN_MS = 8000;
const PEEK_MS = 20_000;
/** Between two tries of the worker nobody reads the slot. */
const UNREAD_MS = 8000;
/** Transactions without a change of ours come before it, up to 14: read on in steps. */
const ENOUGH = [1, 1000, 100_000] as const;

/** The transaction that the subscription fails at again and again, from the slot; null where it does not fail, or goes on. Changes nothing. */
export async function stuckOn(ctx: StepContext, slot: string): Promise<StuckTransaction | null> {
  const first = await readOne(ctx, slot);
  if (!first.enabled || !(await failsAgain(ctx, first))) return null;
  const source = await ctx.session('source');
  const kept = (await source.run(readSlots(source.version))).find(({name}) => name === slot);
  if (kept === undefined || kept.confirmedFlushLsn === null) return null;
  mustBeLittle(slot, kept.retainedBytes ?? 0, ctx.config.cdc.peekWalBytes);
  const after = first.appliedLsn === null ? kept.confirmedFlushLsn : laterLsn(kept.confirmedFlushLsn, first.appliedLsn);
  for (const enough of ENOUGH) {
    const stuck = decodeTransaction(slot, await peek(ctx, slot, {after, enough}));
    if (stuck === null) continue;
    const {named, ...transaction} = stuck;
    const keys = await (await ctx.session('target')).run(readUniqueKeys(named.map(({table}) => table)));
    return {...transaction, mend: toFindRows(named, keys)};
  }
  return null;
}

/** Whether it has failed once more, and is where it was; one that a time-out cuts off has not failed. */
async function failsAgain(ctx: StepContext, first: Subscription): Promise<boolean> {
  const timeoutMs = await readShortestTimeout(ctx);
  const seen: WorkerThen[] = [workerOf(ctx, first)];
  const failed = await waitUntil(ctx, FAILS_AGAIN_MS, async () => {
    const now = await readOne(ctx, first.name);
    if (now.appliedLsn !== first.appliedLsn) return false;
    seen.push(workerOf(ctx, now));
    return hasFailed(seen, timeoutMs);
  });
  return failed ?? (first.errors === null && hasOnlyBegun(seen, timeoutMs));
}

function workerOf(ctx: StepContext, {workerPid: pid, errors}: Subscription): WorkerThen {
  return {atMs: ctx.steady(), pid, errors};
}

async function peek(
  ctx: StepContext,
  slot: string,
  {after, enough}: {readonly after: Lsn; readonly enough: number},
): Promise<readonly PeekedMessage[]> {
  const statement = peekFirst(slot, {publications: publicationsOf(slot), after, enough});
  const read = await waitUntil(ctx, UNREAD_MS, async () => {
    try {
      return await (await ctx.session('source')).run(statement, {timeoutMs: PEEK_MS});
    } catch (error) {
      // Its worker tries at this moment.
      if (sqlStateOf(error) === SQLSTATE.objectInUse) return null;
      throw error;
    }
  });
  return read ?? [];
}

/** The tables with a change that the slot keeps in a commit at or after a position. */
export async function changedSince(ctx: StepContext, slot: string, after: Lsn): Promise<readonly string[]> {
  const source = await ctx.session('source');
  return (await source.run(readTablesChangedSince(slot, publicationsOf(slot), after))).map(({table}) => table);
}
