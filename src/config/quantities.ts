const TIMES: Readonly<Record<string, number>> = {ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000};
const SIZES: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1024,
  MB: 1024 ** 2,
  GB: 1024 ** 3,
  TB: 1024 ** 4,
};

/** Milliseconds of `250ms`, `30s`, `10min`, `6h`, `2d`; null when the text is no duration with its unit. */
export function parseDuration(text: string): number | null {
  return parseQuantity(text, TIMES);
}

/** Bytes of `512MB`, `1.5TB`, in powers of 1024 as Postgres counts; null when the text is no size with its unit. */
export function parseSize(text: string): number | null {
  return parseQuantity(text, SIZES);
}

function parseQuantity(text: string, units: Readonly<Record<string, number>>): number | null {
  const match = /^(\d+(?:\.\d+)?)\s*([A-Za-z]+)$/.exec(text.trim());
  const unit = units[match?.[2] ?? ''];
  return match === null || unit === undefined ? null : Math.round(Number(match[1]) * unit);
}
