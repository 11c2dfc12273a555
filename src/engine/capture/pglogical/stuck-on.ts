import {laterLsn, type Lsn} from '../../../domain/pg/lsn.ts';
import {WRITES} from '../../../domain/run/capture/read-only-target.ts';
import {quoteIdentifier} from '../../../domain/pg/identifier.ts';
import {formatRelation, quoteRelation, sameRelation, type RelationName} from '../../../domain/pg/relation.ts';
import {insertSetOf, updateSetOf} from '../../../domain/pg/slot-plan.ts';
import {peekPglogical, type PeekedChange} from '../../../pg/capture/pglogical-peek.ts';
import {readForeignKeys, type ForeignKeyRow} from '../../../pg/catalog/indexes.ts';
import {readSlots} from '../../../pg/replication/slots.ts';
import {SQLSTATE, sqlStateOf} from '../../../pg/session/sqlstate.ts';
import type {StepContext} from '../../step.ts';
import {waitUntil} from '../../waiting/wait-until.ts';
import type {StuckTransaction} from '../capture.ts';
import {mayBeCutOff, readShortestTimeout} from '../control/cut-off.ts';
import {goingOf, orGoOn} from '../control/go-on-anyhow.ts';
import {mustBeLittle} from '../control/must-be-little.ts';
import {planKick, planResume, readOne} from './control.ts';

/** A worker that fails is started again five seconds later; it has read its slot and failed once more within this time. */
const FAILS_AGAIN_MS = 25_000;
/** How often the target is asked meanwhile. */
const ASK_TARGET_MS = 250;
const PEEK_MS = 60_000;
/** Between two tries of the worker nobody reads the slot. */
const UNREAD_MS = 15_000;
/** Transactions without a change of ours come before it: read on in steps. */
const ENOUGH = [1, 1000, 100_000] as const;

/**
 * The transaction that the subscription fails at again and again, from the slot; null where it does not fail, goes on, or does not get as far as to read its slot:
 * then what is in the way is no transaction. Starts its worker anew, for one that only sleeps looks the same.
 */
export async function stuckOn(ctx: StepContext, slot: string): Promise<StuckTransaction | null> {
  const first = await readOne(ctx, slot);
  if (!first.enabled || !(await failsAgain(ctx, slot))) return null;
  const source = await ctx.session('source');
  const kept = (await source.run(readSlots(source.version))).find(({name}) => name === first.slot);
  if (kept === undefined) return null;
  mustBeLittle(slot, kept.retainedBytes ?? 0, ctx.config.cdc.peekWalBytes);
  const {appliedLsn} = await readOne(ctx, slot);
  const known = [kept.confirmedFlushLsn, appliedLsn].filter((lsn) => lsn !== null);
  const after = known.reduce<Lsn | null>((latest, lsn) => (latest === null ? lsn : laterLsn(latest, lsn)), null);
  if (after === null) return null;
  for (const enough of ENOUGH) {
    const changes = await peek(ctx, slot, {on: first.slot, after, enough});
    const stuck = describeStuck(slot, changes);
    if (stuck === null) continue;
    const target = await ctx.session('target');
    return {...stuck, mend: keysInTheWay(changes, await target.run(readForeignKeys(target.version)))};
  }
  return null;
}

/** Whether its worker, started anew, reads the slot and ends, and is where it was; one that a time-out may have ended has not failed. */
async function failsAgain(ctx: StepContext, slot: string): Promise<boolean> {
  const before = await readOne(ctx, slot);
  if (before.status !== 'down') return false;
  await orGoOn(goingOf(ctx, {planResume}, slot), await planKick(ctx, slot));
  const source = await ctx.session('source');
  let readSince: number | null = null;
  const timeoutMs = await readShortestTimeout(ctx);
  const end = ctx.steady() + FAILS_AGAIN_MS;
  let askNext = ctx.steady();
  // Without a pause: a worker that fails reads for some milliseconds.
  while (ctx.steady() < end) {
    const kept = (await source.run(readSlots(source.version))).find(({name}) => name === before.slot);
    if (kept?.active === true) readSince ??= ctx.steady();
    if (ctx.steady() < askNext) continue;
    askNext = ctx.steady() + ASK_TARGET_MS;
    const now = await readOne(ctx, slot);
    if (now.appliedLsn !== before.appliedLsn) return false;
    if (readSince === null || kept?.active !== false || now.workerPid !== null) continue;
    return !mayBeCutOff(ctx.steady() - readSince, timeoutMs);
  }
  return false;
}

async function peek(
  ctx: StepContext,
  slot: string,
  {on, after, enough}: {readonly on: string; readonly after: Lsn; readonly enough: number},
): Promise<readonly PeekedChange[]> {
  const statement = peekPglogical(on, {sets: [updateSetOf(slot), insertSetOf(slot)], after, enough});
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

/**
 * What has a TRUNCATE applied: pglogical truncates one table after the other, without CASCADE, and a server truncates none that another one refers to. On the source both were truncated at once. Null where no key is in the way. Pure.
 */
export function keysInTheWay(changes: readonly PeekedChange[], keys: readonly ReferringKey[]): string | null {
  // A table may be truncated twice.
  const isTruncated = ({toSchema, toTable}: ReferringKey): boolean =>
    changes.some(({kind, schema, table}) => kind === 'T' && schema === toSchema && table === toTable);
  const [first, ...others] = keys.filter((key) => isTruncated(key) && !refersToItself(key));
  if (first === undefined) return null;
  const drops = [first, ...others].map(
    ({schema, table, name}) =>
      `ALTER TABLE ${quoteRelation({schema, name: table})} DROP CONSTRAINT ${quoteIdentifier(name)}`,
  );
  const to = formatRelation({schema: first.toSchema, name: first.toTable});
  return `it truncates ${to}, which ${formatRelation({schema: first.schema, name: first.table})} refers to: pglogical truncates tables one by one, and a server none that another one refers to; nothing is to be skipped: on the target, as its owner: ${WRITES}; ${drops.join('; ')}; it goes on by itself within a minute, and the cutover makes ${drops.length === 1 ? 'that key' : 'those keys'} again`;
}

/** A foreign key, as far as it keeps a table from being truncated. */
type ReferringKey = Pick<ForeignKeyRow, 'schema' | 'table' | 'name' | 'toSchema' | 'toTable'>;

function refersToItself({schema, table, toSchema, toTable}: ReferringKey): boolean {
  return schema === toSchema && table === toTable;
}

const WORDS: Readonly<Record<string, string>> = {I: 'INSERT', U: 'UPDATE', D: 'DELETE', T: 'TRUNCATE'};

/** The transaction that these are the first changes of, in words: `UPDATE public.orders (id 17)`. Null where there is none. Pure. */
export function describeStuck(slot: string, changes: readonly PeekedChange[]): StuckTransaction | null {
  const [first] = changes;
  if (first === undefined) return null;
  const tables = changes
    .map(({schema, table}): RelationName => ({schema, name: table}))
    .filter((table, index, all) => all.findIndex((one) => sameRelation(one, table)) === index);
  return {
    slot,
    xid: first.xid,
    commitLsn: first.commitLsn,
    endLsn: first.endLsn,
    count: first.changes,
    changes: changes.map(
      ({kind, schema, table, key}) =>
        `${WORDS[kind] ?? kind} ${formatRelation({schema, name: table})}${key === null ? '' : ` (${key})`}`,
    ),
    tables,
  };
}
