/** The rows that something wants of a column, with its frame. */
export interface Wish {
  /** It always has these. */
  readonly least: number;
  /** What matters now takes so many. */
  readonly need: number;
  /** With so many, nothing of it is hidden. */
  readonly all: number;
}

/**
 * The rows of a column, shared out: to each its least, then what each needs, the first of the list first, then what is left in turns to those that
 * have more to show, and the rest to the last. Where not even the least of all fits, the last get less. Pure.
 */
export function shareRows(wishes: readonly Wish[], rows: number): number[] {
  const given = wishes.map(() => 0);
  const of = (index: number): number => given[index] ?? 0;
  const left = (): number => rows - given.reduce((sum, one) => sum + one, 0);
  const raise = (index: number, to: number): void => {
    given[index] = Math.max(of(index), Math.min(to, of(index) + left()));
  };
  wishes.forEach(({least}, index) => raise(index, least));
  wishes.forEach(({need}, index) => raise(index, need));
  const wanting = (): number[] => [...wishes.keys()].filter((index) => of(index) < (wishes[index]?.all ?? 0));
  for (let turn = wanting(); left() > 0 && turn.length > 0; turn = wanting())
    for (const index of turn) raise(index, of(index) + 1);
  raise(wishes.length - 1, rows);
  return given;
}
