import {formatRelation, within} from '../../../domain/pg/relation.ts';
import type {PlannedSlot} from '../../../domain/pg/slot-plan.ts';
import {ofTable, ofTriggerOn} from '../../../domain/run/capture/seen-of.ts';
import type {Figure} from '../../../domain/reading/figure.ts';
import type {RunState} from '../../../domain/run/run-state.ts';
import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {readReadOnlyDefault, readWriters} from '../../../pg/capture/read-only.ts';
import {readSpilled} from '../../../pg/capture/spill.ts';
import {readTimeouts} from '../../../pg/session/settings.ts';
import {SQLSTATE, sqlStateOf} from '../../../pg/session/sqlstate.ts';
import type {Session} from '../../../pg/session/session.ts';
import type {Servers} from '../capture.ts';
import type {OwnCapture} from '../own-capture.ts';
import type {TriedTable} from './busy-tables.ts';
import {readLeftOver} from './left-over.ts';

/** Our own sessions, whatever their purpose. */
const OURS = 'longhaul/%';

/**
 * Reads, beside how each slot comes on: whether the target is still closed, who writes there, and what the slots have spilled onto the disk of the data.
 */
export async function readGuards(
  {source, target}: Servers,
  {live, slots, onSource}: OwnCapture,
): Promise<readonly Figure[]> {
  return [
    ...(await readTarget(target, [OURS, ...(live.appliesAs ?? [])])),
    ...(await readSpills(source, {slots, onSource})),
  ];
}

async function readTarget(target: Session, besides: readonly string[]): Promise<Figure[]> {
  const {isReadOnly} = await target.one(readReadOnlyDefault());
  const writers = await target.run(readWriters(target.version, besides));
  return [
    ...(isReadOnly ? [] : [count('target_open', 'target takes writes', null)]),
    ...writers.map(({pid, role, application}) =>
      count(
        'target_writer',
        'writes to the target',
        `pid ${pid}, ${role}${application === '' ? '' : ` (${application})`}`,
      ),
    ),
  ];
}

function count(name: string, label: string, of: string | null): Figure {
  return {name, label, value: 1, unit: 'count', of};
}

/** The tables that slots which are down fail at, as figures. Pure. */
export function triedFigures(tried: readonly TriedTable[]): Figure[] {
  return tried.map(({slot, table}) => count('tried', 'is touched in vain', ofTable(slot, formatRelation(table))));
}

/** Of how many rounds one asks for what reads every table, and changes seldom. */
const ROUNDS = 5;

/** Reads now and then; what was read last in between. */
function nowAndThen<Asked extends readonly unknown[]>(
  read: (...asked: Asked) => Promise<readonly Figure[]>,
): (...asked: Asked) => Promise<readonly Figure[]> {
  let round = 0;
  let kept: readonly Figure[] = [];
  return async (...asked) => {
    if (round++ % ROUNDS === 0) kept = await read(...asked);
    return kept;
  };
}

/** Reads, now and then, the tables of which the application can update no row. */
export function readingUnidentified(): (source: Session, capture: OwnCapture) => Promise<readonly Figure[]> {
  return nowAndThen(async (source, {live, slots}) => {
    const tables = (await live.readUnidentified?.(source, slots)) ?? [];
    return tables.map((table) => count('unidentified', 'cannot be updated', `table ${formatRelation(table)}`));
  });
}

/** Reads, now and then, the tables whose TRUNCATE nobody is told of, each with the trigger that somebody has disabled. */
export function readingUntoldTruncates(): (source: Session, capture: OwnCapture) => Promise<readonly Figure[]> {
  return nowAndThen(async (source, {live, slots}) => {
    const tables = (await live.readUntoldTruncates?.(source, slots)) ?? [];
    return tables.map(({trigger, ...table}) =>
      count('truncate_untold', 'its TRUNCATE does not come', ofTriggerOn(trigger, formatRelation(table))),
    );
  });
}

/** Reads, now and then, whether what applies passes over a change that does not fit, with the database that says so. */
export function readingUnstrict(): (target: Session, capture: OwnCapture) => Promise<readonly Figure[]> {
  return nowAndThen(async (target, {live}) => {
    if ((await live.isStrict?.(target)) !== false) return [];
    const {database} = await target.one(readReadOnlyDefault());
    return [count('not_strict', 'passes over what does not fit', `database ${database}`)];
  });
}

/** Reads, now and then, which tables that were adopted the target has and the source no more. */
export function readingLeftOver(state: () => RunState): (target: Session) => Promise<readonly Figure[]> {
  return nowAndThen(async (target) => {
    const tables = await readLeftOver(target, state());
    return tables.map((table) => count('left_over', 'is gone from the source', `table ${formatRelation(table)}`));
  });
}

/** Reads, now and then, which tables of these slots are of another kind on the target, where that does harm. */
export function readingOtherKinds(
  slotsNow: () => Promise<readonly PlannedSlot[]>,
): (target: Session, capture: OwnCapture) => Promise<readonly Figure[]> {
  return nowAndThen(async (target, {live}) => {
    if (live.readOtherKinds === undefined) return [];
    const slots = await slotsNow();
    const others = await live.readOtherKinds(
      target,
      slots.flatMap(({tables}) => tables),
    );
    return slots.flatMap(({name, tables}) =>
      within(tables, others).map((table) =>
        count('other_kind', 'is of another kind on the target', ofTable(name, formatRelation(table))),
      ),
    );
  });
}

/** The largest transaction of each slot, and all that it has spilled. */
async function readSpills(
  source: Session,
  {slots, onSource}: Pick<OwnCapture, 'slots' | 'onSource'>,
): Promise<Figure[]> {
  const read = await unlessForbidden(async () => source.run(readSpilled(source.version, onSource)));
  const spilled = read.map((one) => ({...one, slot: slots[onSource.indexOf(one.slot)] ?? one.slot}));
  return [...Map.groupBy(spilled, ({slot}) => slot)].flatMap(([slot, all]): Figure[] => {
    const [largest] = all;
    const bytes = all.reduce((sum, one) => sum + one.bytes, 0);
    return [
      {name: 'spilled_bytes', label: 'cdc spilled to disk', value: bytes, unit: 'bytes', of: `slot ${slot}`},
      ...(largest === undefined
        ? []
        : [
            {
              name: 'spilled_xid',
              label: 'cdc spilled xid',
              value: Number(largest.xid),
              unit: 'count',
              of: `slot ${slot}`,
            } as const,
          ]),
    ];
  });
}

/** A role without pg_monitor, and before 15 every one but a superuser, does not see it. */
async function unlessForbidden<Row>(read: () => Promise<Row[]>): Promise<Row[]> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof LonghaulError && sqlStateOf(error) === SQLSTATE.insufficientPrivilege) return [];
    throw error;
  }
}

/** For so long a worker that has ended may have been ended by what a time-out was before: one that begins anew has not lasted longer yet. */
const REMEMBERED_MS = 120_000;

const LIMITS = [
  ['source', 'wal_sender_timeout'],
  ['target', 'wal_receiver_timeout'],
] as const;

/** Reads the time-outs that cut a worker off, with what each was before where somebody has changed it a moment ago: `wal_sender_timeout_before`. Milliseconds of the steady clock. */
export function readingLimits(steady: () => number): (servers: Servers) => Promise<readonly Figure[]> {
  const known = new Map<string, {readonly seconds: number; readonly before: number; readonly changedMs: number}>();
  return async (servers) => {
    const figures: Figure[] = [];
    for (const [server, name] of LIMITS)
      for (const {seconds} of await servers[server].run(readTimeouts([name]))) {
        const last = known.get(name) ?? {seconds, before: seconds, changedMs: -Infinity};
        const now = last.seconds === seconds ? last : {seconds, before: last.seconds, changedMs: steady()};
        known.set(name, now);
        const figure = (id: string, value: number): Figure => ({
          name: id,
          label: id,
          value,
          unit: 'seconds',
          of: `server ${server}`,
        });
        figures.push(figure(name, seconds));
        if (steady() - now.changedMs < REMEMBERED_MS) figures.push(figure(`${name}_before`, now.before));
      }
    return figures;
  };
}
