import type {Figure} from '../../domain/reading/figure.ts';
import {lsnAddress, lsnDistance, type Lsn} from '../../domain/pg/lsn.ts';
import {ofSlot, ofTable} from '../../domain/run/capture/seen-of.ts';
import type {CaptureSeen} from '../watch/watch-context.ts';
import {hungSeconds, stillOf, type Still} from './hung.ts';
import type {Probe} from './probe.ts';

/** What the capture probe reads from. */
export interface CaptureProbeOptions {
  readonly everyMs: number;
  readonly hurries?: () => boolean;
  /** Whether a comparison of ours holds it: how long it was stopped counts from when it is let go. */
  readonly isHeld?: () => boolean;
  readonly steady: () => number;
  readonly readCapture: () => Promise<readonly CaptureSeen[]>;
}

/** What was seen of a slot before: since when no worker runs for it, and what was applied. */
interface Before {
  /** Since when nothing could be applied, and how many errors there were then. */
  readonly down: {readonly sinceMs: number; readonly errors: number | null} | null;
  /** Since when it is stopped; null where it is not. */
  readonly stoppedMs: number | null;
  /** Since when nothing of it moves; null where something does, or nothing waits. */
  readonly still: Still | null;
  readonly atMs: number;
  readonly appliedLsn: Lsn | null;
  readonly workers: Workers;
}

/** The workers that were seen since anything was applied, while something was there to apply. */
interface Workers {
  readonly lives: readonly Life[];
  /** The errors that were counted before the first of them ended; null where errors are not counted. */
  readonly errors: number | null;
}

/** A worker, and when it was seen first and last. */
interface Life {
  readonly pid: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

/** How change capture that Longhaul has started comes on, slot by slot. Before it was started there are no figures. */
export function captureProbe(options: CaptureProbeOptions): Probe {
  const {everyMs, hurries = () => false, isHeld = () => false, steady, readCapture} = options;
  let before = new Map<string, Before>();
  let firstMs: number | null = null;
  return {
    name: 'cdc:target',
    everyMs,
    hurries,
    async read() {
      const held = isHeld();
      const seen = await readCapture();
      const atMs = steady();
      // What nobody has written while no supervisor lived is no fault of the source.
      firstMs ??= atMs;
      const watchedSeconds = (atMs - firstMs) / 1000;
      const now = seen.map((one): [CaptureSeen, Before] => [
        one,
        nowOf(one, before.get(one.slot), {atMs, held: held || isHeld()}),
      ]);
      const figures = now.flatMap(([one, own]) => [
        ...figuresOf(one, before.get(one.slot), own),
        ...quietOf(one, watchedSeconds),
      ]);
      before = new Map(now.map(([{slot}, own]) => [slot, own]));
      return {probe: 'figures', of: 'cdc', server: 'target', figures};
    },
  };
}

/** What is around change capture: the target's read-only default and who writes there, what was spilled, the time-outs. */
export function guardsProbe(everyMs: number, readGuards: () => Promise<readonly Figure[]>): Probe {
  return {
    name: 'guard:target',
    everyMs,
    read: async () => ({probe: 'figures', of: 'guard', server: 'target', figures: [...(await readGuards())]}),
  };
}

/** Who writes where the writes are stopped, or may still, while a cutover is under way. */
export function writersProbe(options: {
  readonly everyMs: number;
  readonly hurries: () => boolean;
  readonly readWriters: () => Promise<readonly Figure[]>;
}): Probe {
  const {everyMs, hurries, readWriters} = options;
  return {
    name: 'writers:source',
    everyMs,
    hurries,
    read: async () => ({probe: 'figures', of: 'writers', server: 'source', figures: [...(await readWriters())]}),
  };
}

/** Who still comes to the side that was left: the source, or behind a way back the target. */
export function visitorsProbe(everyMs: number, readVisitors: () => Promise<readonly Figure[]>): Probe {
  return {
    name: 'left:source',
    everyMs,
    read: async () => ({probe: 'figures', of: 'left', server: 'source', figures: [...(await readVisitors())]}),
  };
}

function nowOf(
  seen: CaptureSeen,
  before: Before | undefined,
  {atMs, held}: {readonly atMs: number; readonly held: boolean},
): Before {
  const workers = workersOf(seen, before, atMs);
  const stoppedMs = seen.state !== 'stopped' ? null : held ? atMs : (before?.stoppedMs ?? atMs);
  const still = stillOf(seen, before, atMs);
  return {down: downOf(seen, {before, workers, atMs}), stoppedMs, still, atMs, appliedLsn: seen.appliedLsn, workers};
}

/** A worker that begins once more and fails again is seen running for a while: it is down as long as it applies nothing and errs. */
function downOf(
  {state, appliedLsn, errors, workerPid = null}: CaptureSeen,
  {before, workers, atMs}: {readonly before: Before | undefined; readonly workers: Workers; readonly atMs: number},
): Before['down'] {
  const down = before?.down ?? null;
  if (state === 'down') return down ?? {sinceMs: atMs, errors};
  if (state === 'stopped' || down === null || before?.appliedLsn !== appliedLsn) return null;
  if (outlasts(workers.lives, workerPid)) return null;
  // An error is counted when the worker has ended; a restart of a server cuts one off once, and one that begins again and again errs.
  const errs = (errors ?? 0) > (down.errors ?? 0) || workers.lives.length > RESTARTED;
  return errs ? down : null;
}

/** Workers of one that is seen again after a server was. */
const RESTARTED = 2;

/** Each worker that applies nothing is kept with how long it was seen: one that errs ends at once, one that a time-out cuts off only then. Who stops it has ended its worker himself. */
function workersOf(seen: CaptureSeen, before: Before | undefined, atMs: number): Workers {
  const {state, workerPid = null, appliedLsn, errors, lagSeconds} = seen;
  const own: Life[] = workerPid === null ? [] : [{pid: workerPid, firstMs: atMs, lastMs: atMs}];
  const isOver = state === 'stopped' || before?.appliedLsn !== appliedLsn || lagSeconds === 0;
  if (before === undefined || isOver) return {lives: own, errors};
  const {lives} = before.workers;
  const isKnown = lives.some(({pid}) => pid === workerPid);
  const known = lives.map((life) => (life.pid === workerPid ? {...life, lastMs: atMs} : life));
  if (outlasts(known, workerPid)) return {lives: known.filter(({pid}) => pid === workerPid), errors};
  return {lives: isKnown ? known : [...known, ...own], errors: before.workers.errors};
}

/** Longer than a worker lasts that begins, errs and ends. */
const LASTING_MS = 60_000;
/** What has ended the others a time-out or an error at the same place would have ended by then. */
const OUTLASTING = 2;

/** Whether the worker that runs has lasted longer, by far, than any that has ended since something was applied: what ended those is over. */
function outlasts(lives: readonly Life[], workerPid: number | null): boolean {
  const own = lives.find(({pid}) => pid === workerPid);
  const longestMs = Math.max(0, ...lives.filter((life) => life !== own).map(lastedMs));
  return own !== undefined && lastedMs(own) >= Math.max(LASTING_MS, OUTLASTING * longestMs);
}

function lastedMs({firstMs, lastMs}: Life): number {
  return lastMs - firstMs;
}

function figuresOf(seen: CaptureSeen, before: Before | undefined, own: Before): Figure[] {
  const {down, stoppedMs, workers, atMs} = own;
  const {slot, state, lagBytes, lagSeconds, errors, waitsFor, workerPid, sentinels} = seen;
  const hung = hungSeconds(seen, own.still, atMs);
  const downMs = down === null ? 0 : atMs - down.sinceMs;
  const figure = (name: string, label: string, value: number | null, unit: Figure['unit']): Figure => ({
    name,
    label,
    value,
    unit,
    of: ofSlot(slot),
  });
  return [
    figure('lag_bytes', 'cdc behind', lagBytes, 'bytes'),
    figure('lag_seconds', 'cdc behind', lagSeconds, 'seconds'),
    figure('applied_per_second', 'cdc applies', rateOf(seen, before, atMs), 'bytes'),
    figure('errors', 'cdc apply errors', errors, 'count'),
    figure('received_lsn', 'cdc received up to', addressOf(seen.receivedLsn), 'bytes'),
    figure('applied_lsn', 'cdc applied up to', addressOf(seen.appliedLsn), 'bytes'),
    figure('confirmed_lsn', 'cdc confirmed up to', addressOf(seen.confirmedLsn), 'bytes'),
    ...tablesOf(seen),
    ...[
      figure('conflicts', 'cdc conflicts', seen.conflicts?.all ?? 0, 'count'),
      figure('conflicts_skipped', 'cdc changes skipped', seen.conflicts?.skipped ?? 0, 'count'),
      figure('disabled', 'cdc disabled', state === 'stopped' ? 1 : 0, 'count'),
      figure('disabled_seconds', 'cdc disabled for', stoppedMs === null ? 0 : (atMs - stoppedMs) / 1000, 'seconds'),
      figure('down_seconds', 'cdc without worker', downMs / 1000, 'seconds'),
      figure('blocked_by', 'cdc waits for pid', waitsFor[0] ?? 0, 'count'),
      figure('hung_seconds', 'cdc does not move', hung, 'seconds'),
      figure('hung_pid', 'cdc worker that hangs', hung === 0 ? 0 : (workerPid ?? 0), 'count'),
      figure('worker_restarts', 'cdc worker begun again', Math.max(0, workers.lives.length - 1), 'count'),
      figure('worker_seconds', 'cdc worker lasted', shortestMs(workers, seen) / 1000, 'seconds'),
      figure('worker_errors', 'cdc worker errors', workerErrors(workers, errors), 'count'),
      figure('sentinels_missing', 'cdc sentinels missing', sentinels.source - sentinels.target, 'count'),
      // Figures of what is as it should be would hide those that are not.
    ].filter(({value}) => value !== 0),
  ];
}

/** They are written once a minute; one or two may meet a source that is away for a moment. */
const QUIET_SECONDS = 180;

/** For how long no sentinel was written, once that is too long: what the others say of seconds then says nothing. */
function quietOf({slot, quietSeconds}: CaptureSeen, watchedSeconds: number): Figure[] {
  const value = Math.min(quietSeconds ?? 0, watchedSeconds);
  if (value < QUIET_SECONDS) return [];
  return [{name: 'quiet_seconds', label: 'cdc sentinels written last', value, unit: 'seconds', of: ofSlot(slot)}];
}

/** A position as a figure: bytes from the beginning of the WAL, as `pg_wal_lsn_diff(lsn, '0/0')` has it. */
function addressOf(lsn: Lsn | null | undefined): number | null {
  return lsn === null || lsn === undefined ? null : Number(lsnAddress(lsn));
}

function tablesOf({slot, busiest = []}: CaptureSeen): Figure[] {
  return busiest.map(({table, rowsPerSecond}) => ({
    name: 'rows_per_second',
    label: 'cdc rows a second',
    value: rowsPerSecond,
    unit: 'count',
    of: ofTable(slot, table),
  }));
}

/** The errors behind workers that have ended: of a worker beside none there are none. Where they are not counted, there may have been one. */
function workerErrors({lives, errors: before}: Workers, errors: number | null): number {
  if (lives.length <= 1) return 0;
  return errors === null ? 1 : errors - (before ?? 0);
}

/** So many that have ended one after the other as late as a time-out lets them: one alone may have waited for something else. */
const ENDED_LATE = 2;

/** How long each of the last workers was seen, at least, that have ended; 0 before there were any. */
function shortestMs({lives}: Workers, {workerPid}: CaptureSeen): number {
  const ended = lives.filter(({pid}) => pid !== workerPid).slice(-ENDED_LATE);
  return ended.length === 0 ? 0 : Math.min(...ended.map(lastedMs));
}

/** WAL of the source that was applied since the reading before, a second; null where that is not known. */
function rateOf({appliedLsn}: CaptureSeen, before: Before | undefined, atMs: number): number | null {
  if (before === undefined || before.appliedLsn === null || appliedLsn === null || atMs <= before.atMs) return null;
  return Math.max(0, lsnDistance(before.appliedLsn, appliedLsn)) / ((atMs - before.atMs) / 1000);
}
