import {printable} from '../domain/base/printable.ts';

/** Text of a server in one line of Markdown: safe for a terminal, and within a cell of a table. Pure. */
export function inline(words: string): string {
  return printable(words).replaceAll('|', '\\|');
}

/** A row of a table in Markdown, each cell safe. Pure. */
export function rowOf(cells: readonly string[]): string {
  return `| ${cells.map((cell) => inline(cell)).join(' | ')} |`;
}

/** The head of a table in Markdown, with the line below it. Pure. */
export function headOf(titles: readonly string[]): string[] {
  return [rowOf(titles), rowOf(titles.map(() => '---'))];
}
