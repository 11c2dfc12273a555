/** A range of a table's heap, in pages of the replica at P: from the first one up to, and without, the last; null has no end. */
export interface PagePart {
  readonly from: number;
  readonly to: number | null;
}

/** One range of so many (from 1) of a table's key: of the cut with this digest, whose bounds the unit has beside its id (key-range.ts). */
export interface KeyPart {
  readonly cut: string;
  readonly number: number;
  readonly of: number;
}

/** A part of a table. */
export type TablePart = PagePart | KeyPart;

const PAGES = /\.pages-(\d{1,10})-(\d{1,10}|on)$/;
const KEY = /\.key-(\d{1,4})-of-(\d{1,4})-([0-9a-f]{10})$/;

/** Whether a part is a range of the key, and not of pages. */
export function isKeyPart(part: TablePart): part is KeyPart {
  return 'cut' in part;
}

/** The end of a unit's id that says which part of its table it is: `.pages-0-12800`, `.pages-12800-on`, `.key-1-of-8-5d0c2a91f3`. */
export function partSuffix(part: TablePart): string {
  return isKeyPart(part) ? `.key-${part.number}-of-${part.of}-${part.cut}` : `.pages-${part.from}-${part.to ?? 'on'}`;
}

/**
 * The part that a unit's id names; null for the id of a whole unit. The id says it, and nothing else does: so the ledger, the journal and plan.yaml
 * cannot mean different rows by one id. Of a range of the key it has the digest of the whole cut.
 */
export function partOf(id: string): TablePart | null {
  const [, from, to] = PAGES.exec(id) ?? [];
  if (from !== undefined && to !== undefined) return {from: Number(from), to: to === 'on' ? null : Number(to)};
  const [, number, of, cut] = KEY.exec(id) ?? [];
  if (number !== undefined && of !== undefined && cut !== undefined)
    return {cut, number: Number(number), of: Number(of)};
  return null;
}

/** A unit's id without the part: what all parts of a table have in common. */
export function wholeId(id: string): string {
  return id.replace(PAGES, '').replace(KEY, '');
}

/** Whether some row may be in both; null is the whole table. Two cuts have rows in common, and so have pages and keys. */
export function overlap(a: TablePart | null, b: TablePart | null): boolean {
  if (a === null || b === null) return true;
  if (isKeyPart(a) || isKeyPart(b))
    return !(isKeyPart(a) && isKeyPart(b) && a.cut === b.cut && a.of === b.of && a.number !== b.number);
  return a.from < (b.to ?? Infinity) && b.from < (a.to ?? Infinity);
}

/** What keeps these parts from being the whole table, each row once; null where they are. Pure. */
export function judgeParts(parts: readonly TablePart[]): string | null {
  const keys = parts.flatMap((part) => (isKeyPart(part) ? [part] : []));
  const pages = parts.flatMap((part) => (isKeyPart(part) ? [] : [part]));
  if (keys.length === 0) return judgePages(pages);
  return pages.length > 0 ? 'are some by pages and some by the key' : judgeKeys(keys);
}

/** Pages have numbers of 32 bits, of which the last means none. */
const LAST_PAGE = 0xff_ff_ff_fe;

function judgePages(parts: readonly PagePart[]): string | null {
  const beyond = parts.flatMap(({from, to}) => [from, to ?? from]).find((page) => page > LAST_PAGE);
  if (beyond !== undefined) return `name the page ${beyond}, and the last that a table can have is ${LAST_PAGE}`;
  let next: number | null = 0;
  for (const {from, to} of parts.toSorted((a, b) => a.from - b.from)) {
    if (next === null || from < next) return `have the pages from ${from} twice`;
    if (from > next) return `leave out the pages ${next} to ${from}`;
    if (to !== null && to <= from) return `have a part from ${from} to ${to}, which is none`;
    next = to;
  }
  return next === null ? null : `leave out the pages from ${next}: the last part ends with -on`;
}

function judgeKeys(parts: readonly KeyPart[]): string | null {
  const [first] = parts;
  if (parts.some(({cut, of}) => cut !== first?.cut || of !== first.of)) return 'are of more than one cut';
  const numbers = parts.map(({number}) => number).toSorted((a, b) => a - b);
  const twice = numbers.find((number, at) => numbers[at - 1] === number);
  if (twice !== undefined) return `have the range ${twice} twice`;
  const all = Array.from({length: first?.of ?? 0}, (_, at) => at + 1);
  const missing = all.find((number) => !numbers.includes(number));
  if (missing !== undefined) return `leave out the range ${missing}`;
  return numbers.length === all.length ? null : `have a range that the cut has not`;
}

/** Cuts a heap into so many parts of the same number of pages; the last one has no end, for the replica may be longer than what was measured. */
export function cutPages(pages: number, parts: number): PagePart[] {
  const size = Math.max(1, Math.ceil(pages / Math.max(1, parts)));
  const count = Math.max(1, Math.ceil(pages / size));
  return Array.from({length: count}, (_, at) => ({from: at * size, to: at === count - 1 ? null : (at + 1) * size}));
}
