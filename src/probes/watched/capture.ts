import type {Figure} from '../../domain/reading/figure.ts';
import {lsnDistance, type Lsn} from '../../domain/pg/lsn.ts';
import type {CaptureSeen} from '../watch/watch-context.ts';
import type {Probe} from './probe.ts';

/** What the capture probe reads from. */
export interface CaptureProbeOptions {
  readonly everyMs: number;
  readonly steady: () => number;
  readonly readCapture: () => Promise<readonly CaptureSeen[]>;
}

/** What was seen of a slot before: since when no worker runs for it, and what was applied. */
interface Before {
  readonly downMs: number | null;
  readonly atMs: number;
  readonly appliedLsn: Lsn | null;
}

/** How change capture that Longhaul has started comes on, slot by slot. Before it was started there are no figures. */
export function captureProbe({everyMs, steady, readCapture}: CaptureProbeOptions): Probe {
  let before = new Map<string, Before>();
  return {
    name: 'cdc:target',
    everyMs,
    async read() {
      const seen = await readCapture();
      const atMs = steady();
      const figures = seen.flatMap((one) => figuresOf(one, before.get(one.slot), atMs));
      before = new Map(
        seen.map(({slot, state, appliedLsn}) => {
          const downMs = state === 'down' ? (before.get(slot)?.downMs ?? atMs) : null;
          return [slot, {downMs, atMs, appliedLsn}];
        }),
      );
      return {probe: 'figures', of: 'cdc', server: 'target', figures};
    },
  };
}

function figuresOf(seen: CaptureSeen, before: Before | undefined, atMs: number): Figure[] {
  const {slot, state, lagBytes, lagSeconds, errors, waitsFor, sentinels} = seen;
  const downMs = state === 'down' ? atMs - (before?.downMs ?? atMs) : 0;
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
      figure('sentinels_missing', 'cdc sentinels missing', sentinels.source - sentinels.target, 'count'),
      // Figures of what is as it should be would hide those that are not.
    ].filter(({value}) => value !== 0),
  ];
}

/** WAL of the source that was applied since the reading before, a second; null where that is not known. */
function rateOf({appliedLsn}: CaptureSeen, before: Before | undefined, atMs: number): number | null {
  if (before === undefined || before.appliedLsn === null || appliedLsn === null || atMs <= before.atMs) return null;
  return Math.max(0, lsnDistance(before.appliedLsn, appliedLsn)) / ((atMs - before.atMs) / 1000);
}
