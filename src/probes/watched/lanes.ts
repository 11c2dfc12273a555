import type {UnitReading} from '../../domain/reading/reading.ts';
import {estimateGrowth, withSample, type Sample} from '../../domain/reading/growth.ts';
import type {Progress} from '../../pg/load/target-activity.ts';
import type {Probe} from './probe.ts';
import type {LaneBytes} from '../watch/watch-context.ts';

const RATE_OVER_MS = 60_000;

/** What the lanes probe reads from. */
export interface LanesProbeOptions {
  readonly everyMs: number;
  readonly steady: () => number;
  readonly readLanes: () => Promise<readonly LaneBytes[]>;
  /** COPY progress of the target's last reading. */
  readonly progress: () => readonly Progress[];
}

/** Every unit that loads: bytes through its pipe, how fast, rows of its current table where the target tells them. */
export function lanesProbe({everyMs, steady, readLanes, progress}: LanesProbeOptions): Probe {
  let series = new Map<string, readonly Sample[]>();
  return {
    name: 'lanes',
    everyMs,
    async read() {
      const lanes = await readLanes();
      const copies = progress();
      series = new Map(
        lanes.map(({unit, bytes}) => [unit, appended(series.get(unit), {atMs: steady(), value: bytes})]),
      );
      const units = lanes.map(({unit, bytes, lastLine, application}): UnitReading => ({
        unit,
        bytes,
        bytesPerSecond: rateOf(series.get(unit) ?? []),
        rows: copies.find((copy) => copy.application === application && copy.rows !== null)?.rows ?? null,
        lastLine,
      }));
      return {probe: 'lanes', units};
    },
  };
}

/** A unit that begins again counts from 0 again. */
function appended(samples: readonly Sample[] = [], sample: Sample): readonly Sample[] {
  const last = samples.at(-1);
  return last !== undefined && sample.value < last.value
    ? [sample]
    : withSample(samples, sample, {keepMs: RATE_OVER_MS});
}

/** The last minute's rate; before half a minute has passed, from the first sample to the last. */
function rateOf(samples: readonly Sample[]): number | null {
  const last = samples.at(-1);
  const recent = samples.filter((sample) => last !== undefined && sample.atMs >= last.atMs - RATE_OVER_MS);
  const first = recent[0];
  if (last === undefined || first === undefined || last.atMs === first.atMs) return null;
  return estimateGrowth(recent)?.perSecond ?? ((last.value - first.value) / (last.atMs - first.atMs)) * 1000;
}
