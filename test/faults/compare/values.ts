import {readFileSync} from 'node:fs';
import {join} from 'node:path';

/** A type and values of it, each with one that is another as the table's owner sees it, as SQL. */
export interface TypeValues {
  /** As a column is declared. */
  readonly type: string;
  readonly pairs: readonly (readonly [before: string, after: string])[];
  /** The first release that has the type. */
  readonly from: number;
}

/** What is too long for the list, and is kept in TOAST. */
const LONG: Readonly<Record<string, string>> = {
  TOASTED_TEXT: "repeat(md5('a'), 3000)",
  TOASTED_BYTES: "decode(repeat(md5('b'), 3000), 'hex')",
};

const LISTED: readonly TypeValues[] = readFileSync(join(import.meta.dirname, 'values.txt'), 'utf8')
  .split(/\n(?=\S)/)
  .map((part) => {
    const [head = '', ...lines] = part.split('\n').filter((line) => line !== '');
    const [, from = '0', type = ''] = /^(?:@(\d+) )?(.*)$/.exec(head) ?? [];
    return {type, from: Number(from), pairs: lines.map((line) => pairOf(line))};
  });

/** Arrays of domains came with this release. */
const ARRAYS_OF_DOMAINS = 11;
const DOMAINS = ['public.ratio', 'public.code', 'public.twice', 'public.ratios', 'public.place_known'];

/** Of each type that is no array the array of it, unless that is listed itself. */
const ARRAYS: readonly TypeValues[] = LISTED.filter(
  ({type}) => !/\[\]|\/\*| COLLATE /.test(type) && !LISTED.some((one) => one.type === `${type}[]`),
).map(({type, from, pairs: [first]}) => ({
  type: `${type}[]`,
  from: DOMAINS.includes(type) ? Math.max(from, ARRAYS_OF_DOMAINS) : from,
  pairs: first === undefined ? [] : [[`ARRAY[(${first[0]})::${type}]`, `ARRAY[(${first[1]})::${type}]`]],
}));

/**
 * Every built-in type that a column may have, and types made from them, from values.txt: a type in a line, `@14` in front of it where it came
 * with a release, then the changes, each as small as it gets. The array of each is tried besides, and of each NULL against a value.
 */
export const VALUES: readonly TypeValues[] = [...LISTED, ...ARRAYS];

const NO_INPUT = 'no value of it can be written: its input function refuses every text';
const OF_OLD = 'from 12 on no server has it, so that no table with it can be moved';

/** The server's own types of which no change is tried, with why, by the name in pg_type; an array goes with its element. */
export const UNTRIED: Readonly<Record<string, string>> = {
  pg_node_tree: NO_INPUT,
  pg_ndistinct: NO_INPUT,
  pg_dependencies: NO_INPUT,
  pg_mcv_list: NO_INPUT,
  pg_brin_bloom_summary: NO_INPUT,
  pg_brin_minmax_multi_summary: NO_INPUT,
  gtsvector: NO_INPUT,
  abstime: OF_OLD,
  reltime: OF_OLD,
  tinterval: OF_OLD,
  smgr: 'the name of a storage manager, which 12 has done away with',
  unknown: 'from 10 on no column can have it',
};

/** The same of servers before 10. */
export const UNTRIED_BEFORE_10: Readonly<Record<string, string>> = {
  xml: 'the 9.6 that the tests have is built without libxml',
};

function pairOf(line: string): [string, string] {
  const [before = '', after = ''] = line
    .trim()
    .split(' => ')
    .map((text) => text.replaceAll(/TOASTED_\w+/g, (name) => LONG[name] ?? name));
  return [before, after];
}
