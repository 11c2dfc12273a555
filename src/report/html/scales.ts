import {formatMinutes} from '../../domain/base/minutes.ts';
import {formatBytes, formatDuration} from '../../domain/base/units.ts';

/** How an axis tells its values, and at which of them it has its lines: some six of them, at round values of what it counts. */
export interface Scale {
  readonly value: (value: number) => string;
  readonly stepFor: (most: number) => number;
}

const LINES = 6;
const MINUTE = 60_000;

/** The least of these steps by which so much is reached in six; the largest, doubled as often as need be. */
function stepIn(steps: readonly number[], most: number): number {
  const least = most / LINES;
  return steps.find((step) => step >= least) ?? binaryStep(most);
}

/** Sizes are told in powers of 1024. */
function binaryStep(most: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, most / LINES)));
}

const MINUTES_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 7200, 14_400];
const SECONDS_STEPS = [1, 2, 5, 10, 15, 30];

/** `256 GB`. */
export const BYTES: Scale = {value: formatBytes, stepFor: binaryStep};

/** `4.0 MB/s`. */
export const BYTES_A_SECOND: Scale = {value: (rate) => `${formatBytes(rate)}/s`, stepFor: binaryStep};

/** Minutes: `30 min`, `2.0 d`. */
export const MINUTES: Scale = {value: formatMinutes, stepFor: (most) => stepIn(MINUTES_STEPS, most)};

/** Milliseconds: `1:00:00`. */
export const DURATION: Scale = {
  value: formatDuration,
  stepFor: (most) =>
    stepIn([...SECONDS_STEPS.map((one) => one * 1000), ...MINUTES_STEPS.map((one) => one * MINUTE)], most),
};

/** `30 s`. */
export const SECONDS: Scale = {
  value: (seconds) => `${seconds} s`,
  stepFor: (most) => stepIn([...SECONDS_STEPS, ...MINUTES_STEPS.map((one) => one * 60)], most),
};
