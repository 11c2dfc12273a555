const SIZES = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** Bytes for people, in powers of 1024 as pg_size_pretty counts: 227_633_266_688 → `212 GB`. Null is `?`. */
export function formatBytes(bytes: number | null): string {
  if (bytes === null) return '?';
  let value = Math.abs(bytes);
  let size = 0;
  while (value >= 1000 && size < SIZES.length - 1) {
    value /= 1024;
    size += 1;
  }
  const digits = size > 0 && value < 10 ? 1 : 0;
  return `${bytes < 0 ? '-' : ''}${value.toFixed(digits)} ${SIZES[size]}`;
}

/** A limit of bytes a second in words: `at most 50 MB/s`; null is `no limit`. */
export function formatLimit(bytesPerSecond: number | null): string {
  return bytesPerSecond === null ? 'no limit' : `at most ${formatBytes(bytesPerSecond)}/s`;
}

/** A duration for people: 334_860_000 ms → `3d 21:01`, 3_661_000 → `1:01:01`, 4000 → `0:04`. Null is `?`. */
export function formatDuration(ms: number | null): string {
  if (ms === null) return '?';
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor(seconds / 3600) % 24;
  const minutes = Math.floor(seconds / 60) % 60;
  if (days > 0) return `${days}d ${pad(hours)}:${pad(minutes)}`;
  if (hours > 0) return `${hours}:${pad(minutes)}:${pad(seconds % 60)}`;
  return `${minutes}:${pad(seconds % 60)}`;
}

/** A count for people: 1_210_345_678 → `1,210,345,678`. */
export function formatCount(count: number | bigint): string {
  return count.toLocaleString('en-US');
}

/** So many of something, in the right number: `1 lane`, `1,200 rows`, `2 indexes`. */
export function counted(count: number | bigint, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${Number(count) === 1 ? one : many}`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
