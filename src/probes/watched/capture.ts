import type {Figure} from '../../domain/reading/figure.ts';
import {lsnDistance, type Lsn} from '../../domain/pg/lsn.ts';
import type {CaptureSeen} from '../watch/watch-context.ts';
import type {Probe} from './probe.ts';

/** What the capture probe reads from. */
export interface CaptureProbeOptions {
  readonly everyMs: number;
  readonly hurries?: () => boolean;
  readonly steady: () => number;
  readonly readCapture: () => Promise<readonly CaptureSeen[]>;
}

/** What was seen of a slot before: since when no worker runs for it, and what was applied. */
interface Before {
  /** Since when nothing could be applied, and how many errors there were then. */
  readonly down: {readonly sinceMs: number; readonly errors: number | null} | null;
  readonly atMs: number;
  readonly appliedLsn: Lsn | null;
  readonly workers: Workers;
}

/** The workers that were seen since anything was applied, while something was there to apply and no error was counted. */
interface Workers {
  readonly pids: readonly number[];
  readonly errors: number | null;
}

/** How change capture that Longhaul has started comes on, slot by slot. Before it was started there are no figures. */
export function captureProbe({everyMs, hurries = () => false, steady, readCapture}: CaptureProbeOptions): Probe {
  let before = new Map<string, Before>();
  return {
    name: 'cdc:target',
    everyMs,
    hurries,
    async read() {
      const seen = await readCapture();
      const atMs = steady();
      const figures = seen.flatMap((one) => figuresOf(one, before.get(one.slot), atMs));
      before = new Map(
        seen.map((one) => {
          const {slot, appliedLsn} = one;
          const then = before.get(slot);
          return [slot, {down: downOf(one, then, atMs), atMs, appliedLsn, workers: workersOf(one, then)}];
        }),
      );
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

/** A worker that begins once more and fails again is seen running for a moment: it is down as long as it applies nothing and errs. */
function downOf({state, appliedLsn, errors}: CaptureSeen, before: Before | undefined, atMs: number): Before['down'] {
  const down = before?.down ?? null;
  if (state === 'down') return down ?? {sinceMs: atMs, errors};
  if (state === 'stopped' || down === null || before?.appliedLsn !== appliedLsn) return null;
  return (errors ?? 0) > (down.errors ?? 0) ? down : null;
}

/** A worker that errs is counted by the server; one that is cut off by a time-out is not, and begins again where it was. */
function workersOf(
  {workerPid = null, appliedLsn, errors, lagSeconds}: CaptureSeen,
  before: Before | undefined,
): Workers {
  const own = workerPid === null ? [] : [workerPid];
  const goesOn =
    before !== undefined && before.appliedLsn === appliedLsn && before.workers.errors === errors && lagSeconds > 0;
  if (!goesOn) return {pids: own, errors};
  return {pids: [...new Set([...before.workers.pids, ...own])], errors};
}

function figuresOf(seen: CaptureSeen, before: Before | undefined, atMs: number): Figure[] {
  const {slot, state, lagBytes, lagSeconds, errors, waitsFor, sentinels} = seen;
  const down = downOf(seen, before, atMs);
  const downMs = down === null ? 0 : atMs - down.sinceMs;
  const figure = (name: string, label: string, value: number | null, unit: Figure['unit']): Figure => ({
    name,
    label,
    value,
    unit,
    of: `slot ${slot}`,
  });
  return [
    figure('lag_bytes', 'cdc behind', lagBytes, 'bytes'),
    figure('lag_seconds', 'cdc behind', lagSeconds, 'seconds'),
    figure('applied_per_second', 'cdc applies', rateOf(seen, before, atMs), 'bytes'),
    figure('errors', 'cdc apply errors', errors, 'count'),
    ...[
      figure('disabled', 'cdc disabled', state === 'stopped' ? 1 : 0, 'count'),
      figure('down_seconds', 'cdc without worker', downMs / 1000, 'seconds'),
      figure('blocked_by', 'cdc waits for pid', waitsFor[0] ?? 0, 'count'),
      figure('worker_restarts', 'cdc worker cut off', restartsOf(seen, before), 'count'),
      figure('sentinels_missing', 'cdc sentinels missing', sentinels.source - sentinels.target, 'count'),
      // Figures of what is as it should be would hide those that are not.
    ].filter(({value}) => value !== 0),
  ];
}

/** Where errors are not counted, an error and a time-out are not told apart. */
function restartsOf(seen: CaptureSeen, before: Before | undefined): number {
  return seen.errors === null ? 0 : Math.max(0, workersOf(seen, before).pids.length - 1);
}

/** WAL of the source that was applied since the reading before, a second; null where that is not known. */
function rateOf({appliedLsn}: CaptureSeen, before: Before | undefined, atMs: number): number | null {
  if (before === undefined || before.appliedLsn === null || appliedLsn === null || atMs <= before.atMs) return null;
  return Math.max(0, lsnDistance(before.appliedLsn, appliedLsn)) / ((atMs - before.atMs) / 1000);
}
