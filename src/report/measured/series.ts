/** A point of time and what was there: milliseconds, and bytes, minutes or a rate. Null breaks the line. */
export type Point = readonly [atMs: number, value: number | null];

/** A line of a chart. */
export interface Curve {
  readonly name: string;
  readonly points: readonly Point[];
  /** How it is drawn: what came is solid, what was forecast dashed, and the ends of a forecast's range dotted. */
  readonly as?: 'forecast' | 'range';
  /** Curves of one pair have one colour: what was forecast and what came. */
  readonly pair?: number;
}

/** Stretches of time of which a chart shows the least and the greatest: no screen shows more. */
const STRETCHES = 300;

/**
 * What a chart shows of a series: of each stretch of time its least and its greatest point, and one that breaks the line. Old readings are
 * thinned, so that points lie far closer at the end of a run: stretches are of time, and no peak is lost. Pure.
 */
export function thin(points: readonly Point[]): Point[] {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || points.length <= 2 * STRETCHES) return [...points];
  const stretchMs = Math.max(1, (last[0] - first[0]) / STRETCHES);
  const stretches = Map.groupBy(points, ([atMs]) => Math.floor((atMs - first[0]) / stretchMs));
  return [...stretches.values()].flatMap((some) => {
    const kept = new Set([least(some, 1), least(some, -1), some.find(([, value]) => value === null)]);
    return some.filter((point) => kept.has(point));
  });
}

function least(points: readonly Point[], sign: 1 | -1): Point | undefined {
  let found: Point | undefined;
  for (const point of points)
    if (point[1] !== null && (found?.[1] == null || sign * point[1] < sign * found[1])) found = point;
  return found;
}
