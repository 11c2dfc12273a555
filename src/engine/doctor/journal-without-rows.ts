import {LEFT_OUT, mayQuoteRows, withoutRows} from '../../domain/base/without-rows.ts';
import {laneLogWithoutRows} from './lane-log.ts';

type Line = Readonly<Record<string, unknown>>;

/** Shorter words are in everything, and tell nobody anything. */
const SHORTEST = 4;

/**
 * Lines of JSON (a journal, readings) without what servers said of rows: why an object differs, the words of failures whose SQLSTATE may quote
 * values, the rows that differ, the last line of a lane's log; and wherever these were repeated. A line that is no JSON is left out. Pure.
 */
export function jsonLinesWithoutRows(text: string): string {
  const lines = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => parse(line));
  const quoting = [...new Set(lines.flatMap((line) => quotingWords(line)))].toSorted((a, b) => b.length - a.length);
  const clean = (value: unknown): unknown => {
    if (typeof value === 'string')
      return withoutRows(quoting.reduce((kept, words) => kept.replaceAll(words, LEFT_OUT), value));
    if (Array.isArray(value)) return value.map((item) => clean(item));
    return isLine(value)
      ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, cleanKey(key, inner)]))
      : value;
  };
  const cleanKey = (key: string, value: unknown): unknown => {
    if (key === 'lastLine' && typeof value === 'string') return laneLogWithoutRows(value).trim();
    return key === 'rowsThatDiffer' && isLine(value) ? withoutValues(value) : clean(value);
  };
  return lines.map((line) => `${JSON.stringify(clean(line))}\n`).join('');
}

function parse(line: string): unknown {
  try {
    const value: unknown = JSON.parse(line);
    return value;
  } catch {
    return {unreadable: line.length};
  }
}

/** Rows that differ, without their keys and values: how many they are, where each is, and which of its columns differ. */
function withoutValues(differing: Line): Line {
  const {first} = differing;
  const rows: readonly unknown[] = Array.isArray(first) ? first : [];
  return {
    ...differing,
    first: rows.filter(isLine).map(({columns, ...row}) => ({
      ...row,
      key: [],
      columns: (Array.isArray(columns) ? columns : []).map((column: unknown) => ({
        column: isLine(column) ? column['column'] : null,
        replica: null,
        target: null,
      })),
    })),
  };
}

/** The server's words in a line that may quote a row, at any depth. */
function quotingWords(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => quotingWords(item));
  if (!isLine(value)) return [];
  const {why, sqlstate, message, changes} = value;
  const own = [
    ...('differs' in value ? [why] : []),
    // Of a transaction that was skipped, the keys of its rows.
    ...('commitLsn' in value && Array.isArray(changes) ? changes : []),
    ...(typeof sqlstate === 'string' && mayQuoteRows(sqlstate) ? [message] : []),
  ];
  return [
    ...own.filter((words) => typeof words === 'string' && words.length >= SHORTEST).map(String),
    ...Object.values(value).flatMap((inner) => quotingWords(inner)),
  ];
}

function isLine(value: unknown): value is Line {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
