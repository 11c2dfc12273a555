import type {Reading, ReadingBody} from './reading.ts';

/** Which reading replaces which, and the name of the probe that makes it: `slots`, `wal:source`, `failed:slots`. */
export function readingKey(reading: Reading | ReadingBody): string {
  if (reading.probe === 'failed') return `failed:${reading.of}`;
  if (reading.probe === 'figures') return `${reading.of}:${reading.server}`;
  return 'server' in reading ? `${reading.probe}:${reading.server}` : reading.probe;
}
