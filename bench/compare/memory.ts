import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Lab} from '../../src/lab/lab.ts';

/** What was in memory at a moment, in MB. */
interface MemorySample {
  readonly atMs: number;
  /** What is resident of the process that compares; 0 where it is not there. */
  readonly process: number;
  /** What the largest of its sessions has on the servers for itself: buffers that all share are not its own. */
  readonly session: number;
}

/** What is watched until it is stopped. */
interface MemoryWatch {
  stop(): readonly MemorySample[];
}

/** When it is compared; null is when there are sessions. */
export type Span = {readonly fromMs: number; readonly toMs: number} | null;

/** How much memory there was in the last quarter of a comparison for each MB in its first, by medians. */
export interface MemoryGrowth {
  readonly process: number;
  readonly session: number;
}

const SAMPLED_EVERY_MS = 50;
const SIDES = ['replica', 'target'] as const;

/** Samples the memory of a process, by its id, and of Longhaul's sessions on the servers that are compared. */
export function watchMemory(lab: Lab, pidOf: () => string | null): MemoryWatch {
  const samples: MemorySample[] = [];
  const timer = setInterval(() => {
    const pid = pidOf();
    samples.push({
      atMs: Date.now(),
      process: pid === null ? 0 : megabytesOf(pid, 'VmRSS'),
      session: Math.max(0, ...SIDES.flatMap((side) => sessionsOf(lab, side)).map((one) => megabytesOf(one, 'RssAnon'))),
    });
  }, SAMPLED_EVERY_MS);
  return {
    stop: () => {
      clearInterval(timer);
      return samples;
    },
  };
}

/** Compares the last quarter of the samples of a comparison with the first. NaN where there are too few of them. */
export function growthOf(samples: readonly MemorySample[], span: Span): MemoryGrowth {
  const during = samples.filter(
    ({atMs, process, session}) =>
      process > 0 && (span === null ? session > 0 : atMs >= span.fromMs && atMs <= span.toMs),
  );
  const quarter = Math.floor(during.length / 4);
  const [first, last] = [during.slice(0, quarter), during.slice(during.length - quarter)];
  const ratio = (of: (one: MemorySample) => number): number => median(last.map(of)) / median(first.map(of));
  return {process: ratio(({process}) => process), session: ratio(({session}) => session)};
}

/** The one in the middle; NaN of none. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** The backends of Longhaul's role on a server. Source: man 5 proc. */
function sessionsOf(lab: Lab, side: (typeof SIDES)[number]): string[] {
  const [postmaster = ''] = textOf(join(lab[side].dataDir, 'postmaster.pid')).split('\n');
  return textOf(`/proc/${postmaster}/task/${postmaster}/children`)
    .trim()
    .split(/\s+/)
    .filter((pid) => textOf(`/proc/${pid}/cmdline`).includes(': longhaul app '));
}

function megabytesOf(pid: string, what: 'VmRSS' | 'RssAnon'): number {
  return Number(new RegExp(`^${what}:\\s+(\\d+) kB`, 'm').exec(textOf(`/proc/${pid}/status`))?.[1] ?? 0) / 1024;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It has ended.
    return '';
  }
}
