import {isoTime} from '../../domain/base/iso-time.ts';
import {formatRelation, quoteRelation} from '../../domain/pg/relation.ts';
import type {LoadUnit, UnitFailure} from '../../domain/run/load-unit.ts';
import type {RunState, UnitState} from '../../domain/run/run-state.ts';
import {partOf} from '../../domain/run/table-part.ts';
import {readTaken} from '../../pg/load/own-tables.ts';
import type {Session} from '../../pg/session/session.ts';
import type {StepContext} from '../step.ts';
import {entryOf, frameTables, type UnitStart} from './lane/start-unit.ts';
import {isWaiting, nextAttempt, retryDelayMs} from './schedule.ts';
import {takeTable} from './take-table.ts';

/** Tables that are being taken for their parts, each in a session of its own and in place of a lane: the load goes on beside them. */
export interface Takings {
  /** How many are under way. */
  count(): number;
  /** The tables that take longer than a moment, `public.events`. */
  lasting(): readonly string[];
  /** The state without the parts that wait for their table. */
  leftOut(state: RunState): RunState;
  /** Whether the unit may begin: it is no part, or its table is taken. Where it is not, that begins. */
  isTaken(start: UnitStart): Promise<boolean>;
  /** Throws what kept a table from being taken, when that is no reason to fail its parts: a server that does not answer. */
  complain(): void;
  /** Nobody waits for them any more: ends their sessions, and resolves when nothing is under way. */
  close(): Promise<void>;
}

/** What is done by then is not told of. */
const MOMENT_MS = 2_000;

/** None is under way yet. */
export function createTakings(ctx: StepContext): Takings {
  const underWay = new Map<string, {readonly table: string; readonly sinceMs: number; readonly over: Promise<void>}>();
  const sessions = new Set<Session>();
  const errors: unknown[] = [];
  let closed = false;

  const open: StepContext['open'] = async (role, purpose) => {
    const session = await ctx.open(role, purpose);
    sessions.add(session);
    if (closed) await session.close();
    return session;
  };

  async function take(start: UnitStart): Promise<void> {
    const {unit} = start;
    try {
      const frame = await frameTables(ctx, unit.tables);
      const failure = await takeTable({...ctx, open}, unit, entryOf(ctx, unit, start), frame);
      if (failure !== null && !closed) await failParts(ctx, start, failure);
    } catch (error) {
      if (!closed) errors.push(error);
    }
  }

  return {
    count: () => underWay.size,
    lasting: () =>
      [...underWay.values()].filter(({sinceMs}) => ctx.steady() - sinceMs > MOMENT_MS).map(({table}) => table),
    leftOut: (state) => ({
      ...state,
      units: state.units.filter(
        (unit) => !(isWaiting(unit) && partOf(unit.id) !== null && underWay.has(tableOf(unit))),
      ),
    }),
    isTaken: async (start) => {
      const {unit} = start;
      if (partOf(unit.id) === null) return true;
      const target = await ctx.session('target');
      if ((await target.one(readTaken(entryOf(ctx, unit, start)))).taken) return true;
      const key = tableOf(unit);
      if (underWay.has(key) || closed) return false;
      const over = take(start).finally(() => {
        underWay.delete(key);
        ctx.lanes.bell.ring();
      });
      underWay.set(key, {table: unit.tables.map((table) => formatRelation(table)).join(), sinceMs: ctx.steady(), over});
      return false;
    },
    complain: () => {
      if (errors.length > 0) throw errors.shift();
    },
    close: async () => {
      closed = true;
      await Promise.all([...sessions].map(async (session) => session.close()));
      await Promise.all([...underWay.values()].map(async ({over}) => over));
    },
  };
}

function tableOf({tables}: LoadUnit): string {
  return tables.map((table) => quoteRelation(table)).join();
}

/** A table that cannot be taken lets none of its parts begin, and each would wait for the same. */
async function failParts(ctx: StepContext, {unit, attempt}: UnitStart, failure: UnitFailure): Promise<void> {
  const delayMs = failure.heals ? retryDelayMs(attempt, ctx.config.load) : null;
  const retryAt = delayMs === null ? null : isoTime(ctx.now() + delayMs);
  const isPart = (one: UnitState): boolean => partOf(one.id) !== null && tableOf(one) === tableOf(unit);
  const parts = ctx.state().units.filter((part) => isWaiting(part) && isPart(part));
  for (const {id} of parts)
    await ctx.lanes.keep(id, async () => {
      // Somebody may have called it off meanwhile.
      const part = ctx.state().units.find((one) => one.id === id);
      if (part !== undefined && isWaiting(part))
        await ctx.record({type: 'unit.failed', unit: id, attempt: nextAttempt(part), failure, retryAt});
    });
}
