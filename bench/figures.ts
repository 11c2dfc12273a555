/** A figure beside its goal: at most that. */
export interface Figure {
  readonly name: string;
  /** Null where it could not be measured here. */
  readonly value: number | null;
  /** Null where there is none: it is printed only. */
  readonly goal: number | null;
  /** `s`, `MB`, `%`; empty for a number or a ratio. */
  readonly unit: string;
  /** Digits behind the point; 1 by default. */
  readonly digits?: number;
}

/** Prints a figure: `holds first screen: 525.0 ms (at most 1000)`. */
export function tellFigure({name, value, goal, unit, digits = 1}: Figure): void {
  const words = value === null ? 'not measured' : `${value.toFixed(digits)} ${unit}`.trimEnd();
  const beside = goal === null ? '' : ` (at most ${goal})`;
  console.log(`${markOf({value, goal})} ${name}: ${words}${beside}`);
}

function markOf({value, goal}: Pick<Figure, 'value' | 'goal'>): string {
  if (value === null || goal === null) return '     ';
  return value <= goal ? 'holds' : 'FAILS';
}

/** The last line of a bench, and its exit status: `console: 9 of 9 goals held, in 2 min`. Whatever is not a number holds no goal. */
export function sumUp(what: string, figures: readonly Figure[], inTime: string): void {
  const judged = figures.filter(({value, goal}) => value !== null && goal !== null);
  const held = judged.filter((figure) => markOf(figure) === 'holds');
  console.log(`${what}: ${held.length} of ${judged.length} goals held, in ${inTime}`);
  process.exitCode = held.length === judged.length ? 0 : 1;
}
