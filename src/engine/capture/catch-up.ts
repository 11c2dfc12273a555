import {formatBytes, formatDuration} from '../../domain/base/units.ts';
import type {SlotStatus} from './capture.ts';
import type {BusyTable, BusyTables} from './guard/busy-tables.ts';

/** When change capture has caught up: `cdc.caught_up_*` of longhaul.yaml. */
export interface CaughtUp {
  readonly caughtUpWalBytes: number;
  readonly caughtUpLagMs: number;
  readonly caughtUpForMs: number;
}

/** What all slots were at a moment of the steady clock. */
export interface CatchUpSample {
  readonly atMs: number;
  readonly slots: readonly (Pick<SlotStatus, 'slot' | 'state' | 'waitsFor' | 'lagBytes' | 'lagSeconds' | 'errors'> &
    Partial<Pick<SlotStatus, 'appliedLsn'>>)[];
}

/** A minute's readings say how fast it goes. */
const RATE_OVER_MS = 60_000;

/** The samples with one more, without those that say nothing any more. Pure. */
export function withCatchUpSample(
  samples: readonly CatchUpSample[],
  sample: CatchUpSample,
  {caughtUpForMs}: Pick<CaughtUp, 'caughtUpForMs'>,
): readonly CatchUpSample[] {
  const keepMs = Math.max(caughtUpForMs, RATE_OVER_MS);
  // One that is older than that is kept: it shows that the time is whole.
  const oldest = samples.findLastIndex(({atMs}) => sample.atMs - atMs >= keepMs);
  return [...samples.slice(Math.max(0, oldest)), sample];
}

/** Why a slot is not caught up at a moment, in words; null where it is. Pure. */
export function whyBehind(slot: CatchUpSample['slots'][number], wanted: CaughtUp): string | null {
  if (slot.state === 'stopped') return 'its subscription is disabled or gone';
  if (slot.state === 'down')
    return `no worker applies it${slot.errors === null || slot.errors === 0 ? '' : `, ${slot.errors} ${slot.errors === 1 ? 'error' : 'errors'} so far`}`;
  if (slot.lagBytes === null) return 'its slot is not there';
  const lag = `${formatBytes(slot.lagBytes)} and ${Math.round(slot.lagSeconds)} s behind`;
  if (slot.state === 'blocked') return `${lag}: its worker waits for pid ${slot.waitsFor.join(', ')} on the target`;
  return slot.lagBytes > wanted.caughtUpWalBytes || slot.lagSeconds * 1000 > wanted.caughtUpLagMs ? lag : null;
}

/** Whether every slot has been caught up in every sample for as long as is wanted. Pure. */
export function isCaughtUp(samples: readonly CatchUpSample[], wanted: CaughtUp): boolean {
  const lastMs = samples.at(-1)?.atMs ?? 0;
  const from = samples.findLastIndex(({atMs}) => lastMs - atMs >= wanted.caughtUpForMs);
  if (from < 0) return false;
  return samples.slice(from).every(({slots}) => slots.every((slot) => whyBehind(slot, wanted) === null));
}

/** The slots that are behind now, each with why and when it will have caught up, at this rate: for people. Pure. */
export function describeBehind(samples: readonly CatchUpSample[], wanted: CaughtUp, busiest: BusyTables): string {
  const now = samples.at(-1);
  const behind = (now?.slots ?? []).flatMap((slot) => {
    const why = whyBehind(slot, wanted);
    return why === null ? [] : [`${slot.slot}: ${why}${foretell(samples, slot, {wanted, busiest})}`];
  });
  if (behind.length > 0) return behind.join('; ');
  return `every slot has caught up; it is to stay so for ${formatDuration(wanted.caughtUpForMs)}`;
}

/** What changes most is what a slot of its own would take from it. */
function howToSplit(tables: readonly BusyTable[]): string {
  const most = tables.map(({table, rowsPerSecond}) => `${table} (${Math.round(rowsPerSecond)} rows a second)`);
  return `spread its tables over more slots${most.length === 0 ? '' : `: ${most.join(', ')} change most`}`;
}

/** Below this the figures of a minute say nothing. */
const TOLD_AFTER_MS = 10_000;

function foretell(
  samples: readonly CatchUpSample[],
  {slot, lagBytes, state, appliedLsn}: CatchUpSample['slots'][number],
  {wanted, busiest}: {readonly wanted: CaughtUp; readonly busiest: BusyTables},
): string {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || lagBytes === null || state !== 'running') return '';
  const then = first.slots.find((one) => one.slot === slot);
  const before = then?.lagBytes ?? null;
  const tookMs = last.atMs - first.atMs;
  if (before === null || tookMs < TOLD_AFTER_MS || lagBytes <= wanted.caughtUpWalBytes) return '';
  const gainedPerMs = (before - lagBytes) / tookMs;
  if (gainedPerMs <= 0 && appliedLsn != null && then?.appliedLsn === appliedLsn)
    return ', and nothing of it is applied: its worker is at a large transaction, or hangs';
  if (gainedPerMs <= 0)
    return `, and not catching up: the source writes faster than it applies; ${howToSplit(busiest.get(slot) ?? [])}`;
  return `, about ${formatDuration(Math.round((lagBytes - wanted.caughtUpWalBytes) / gainedPerMs))} more`;
}
