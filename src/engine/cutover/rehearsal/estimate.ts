import type {ServerRole} from '../../../domain/pg/server-role.ts';
import type {StepId} from '../../../domain/run/step-id.ts';
import {medianOf, type MeasuredParts} from './measured-parts.ts';

/** By what a part's time is known: an earlier write stop of this run, what was measured now, or experience. */
export type EstimateSource = 'earlier' | 'measured' | 'rule';

/** A part of the write stop, where it happens, and how long it takes, in milliseconds. */
export interface Estimated {
  readonly part: string;
  readonly on: ServerRole | 'jump box' | 'both';
  readonly ms: number;
  /** The least and the most that is to be expected. */
  readonly lowMs: number;
  readonly highMs: number;
  readonly by: EstimateSource;
  /** What it comes from: `3 slots answer within 0.4 s`. */
  readonly why: string;
}

/** A part as it is measured now, without regard to earlier write stops. */
export interface PartNow extends Omit<Estimated, 'lowMs' | 'highMs' | 'part'> {
  readonly part: StepId;
  /** Left out, half of it and half more. */
  readonly lowMs?: number;
  readonly highMs?: number;
}

/** The last few say how it is by now. */
const EARLIER = 5;

/** Each part by what is known best: how long it took in earlier write stops of this run, or what was measured now. Pure. */
export function estimateParts(now: readonly PartNow[], earlier: readonly MeasuredParts[]): Estimated[] {
  return now.map((one) => {
    const took = earlier.flatMap((parts) => parts.get(one.part) ?? []).slice(-EARLIER);
    if (took.length === 0) return {...one, lowMs: one.lowMs ?? one.ms * 0.5, highMs: one.highMs ?? one.ms * 1.5};
    const times = took.length === 1 ? 'once' : `${took.length} times`;
    return {
      ...one,
      ms: medianOf(took),
      lowMs: Math.min(...took) * 0.8,
      highMs: Math.max(...took) * 1.2,
      by: 'earlier',
      why: `measured ${times} in this run; ${one.why}`,
    };
  });
}

/** `write stop: about 1.8 s (0.9 s to 2.3 s)`. Pure. */
export function describeEstimate(parts: readonly Pick<Estimated, 'ms' | 'lowMs' | 'highMs'>[]): string {
  const sum = (of: (one: Pick<Estimated, 'ms' | 'lowMs' | 'highMs'>) => number): number =>
    parts.reduce((all, one) => all + of(one), 0);
  return `write stop: about ${seconds(sum(({ms}) => ms))} (${seconds(sum(({lowMs}) => lowMs))} to ${seconds(sum(({highMs}) => highMs))})`;
}

/** `drain                      source     about 0.42 s  3 slots …`. Pure. */
export function describePart({part, on, ms, why}: Pick<Estimated, 'part' | 'on' | 'ms' | 'why'>): string {
  const where = on === 'both' ? 'source, target' : on;
  return `${part.padEnd(26)} ${where.padEnd(15)} about ${(ms / 1000).toFixed(2)} s  ${why}`.trimEnd();
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 9_950 ? 1 : 0)} s`;
}
