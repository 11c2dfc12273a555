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

/**
 * Every built-in type that a column may have, and types made from them, from values.txt: a type in a line, `@14` in front of it where it came
 * with a release, then the changes, each as small as it gets. NULL against a value is tried of each besides.
 */
export const VALUES: readonly TypeValues[] = readFileSync(join(import.meta.dirname, 'values.txt'), 'utf8')
  .split(/\n(?=\S)/)
  .map((part) => {
    const [head = '', ...lines] = part.split('\n').filter((line) => line !== '');
    const [, from = '0', type = ''] = /^(?:@(\d+) )?(.*)$/.exec(head) ?? [];
    return {type, from: Number(from), pairs: lines.map((line) => pairOf(line))};
  });

function pairOf(line: string): [string, string] {
  const [before = '', after = ''] = line
    .trim()
    .split(' => ')
    .map((text) => text.replaceAll(/TOASTED_\w+/g, (name) => LONG[name] ?? name));
  return [before, after];
}
