import {printable} from '../domain/base/printable.ts';

/** Text of a server in one line of Markdown: safe for a terminal, and within a cell of a table. Pure. */
export function inline(words: string): string {
  return printable(words).replaceAll('|', '\\|');
}
