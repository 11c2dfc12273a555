/** A range of a table's heap, in pages of the replica at P: from the first one up to, and without, the last; null has no end. */
export interface TablePart {
  readonly from: number;
  readonly to: number | null;
}

const NAME = /\.pages-(\d{1,10})-(\d{1,10}|on)$/;

/** The end of a unit's id that says which part of its table it is: `.pages-0-12800`, `.pages-12800-on`. */
export function partSuffix({from, to}: TablePart): string {
  return `.pages-${from}-${to ?? 'on'}`;
}

/**
 * The part that a unit's id names; null for the id of a whole unit. The id says it, and nothing else does: so the ledger, the journal and plan.yaml
 * cannot mean different rows by one id.
 */
export function partOf(id: string): TablePart | null {
  const [, from, to] = NAME.exec(id) ?? [];
  if (from === undefined || to === undefined) return null;
  return {from: Number(from), to: to === 'on' ? null : Number(to)};
}

/** A unit's id without the part: what all parts of a table have in common. */
export function wholeId(id: string): string {
  return id.replace(NAME, '');
}

/** Whether some row may be in both; null is the whole table. */
export function overlap(a: TablePart | null, b: TablePart | null): boolean {
  if (a === null || b === null) return true;
  return a.from < (b.to ?? Infinity) && b.from < (a.to ?? Infinity);
}

/** What keeps these parts from being the whole table, each row once; null where they are. Pure. */
export function judgeParts(parts: readonly TablePart[]): string | null {
  let next: number | null = 0;
  for (const {from, to} of parts.toSorted((a, b) => a.from - b.from)) {
    if (next === null || from < next) return `have the pages from ${from} twice`;
    if (from > next) return `leave out the pages ${next} to ${from}`;
    if (to !== null && to <= from) return `have a part from ${from} to ${to}, which is none`;
    next = to;
  }
  return next === null ? null : `leave out the pages from ${next}: the last part ends with -on`;
}

/** Cuts a heap into so many parts of the same number of pages; the last one has no end, for the replica may be longer than what was measured. */
export function cutPages(pages: number, parts: number): TablePart[] {
  const size = Math.max(1, Math.ceil(pages / Math.max(1, parts)));
  const count = Math.max(1, Math.ceil(pages / size));
  return Array.from({length: count}, (_, at) => ({from: at * size, to: at === count - 1 ? null : (at + 1) * size}));
}
