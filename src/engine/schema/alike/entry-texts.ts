import type {TocEntry} from '../copy/toc.ts';

/** An entry of a dump with the SQL that pg_restore writes for it. */
export interface EntryText {
  readonly entry: TocEntry;
  /** Without its heading, and without the settings that are made for those after it. */
  readonly text: string;
  /** The settings that hold for it and change what its text means: `SET default_table_access_method = heap;`. */
  readonly settings: string;
}

const HEADING = /^--\n-- Name: (.*); Type: (.*); Schema: (.*); Owner: ?.*\n--\n/gm;
/** pg_restore writes it in front of the heading of the first entry that it is for, and so behind the text of the one before. */
const SETTING = /^SET (default_\w+) = .*;$/;

/** What pg_restore writes behind the last entry. */
const END = '\n--\n-- PostgreSQL database dump complete\n--\n';

/** Listed by pg_restore -v, and part of the preface or of nothing in a file of SQL. */
const WITHOUT_HEADING: ReadonlySet<string> = new Set([
  'ENCODING',
  'STDSTRINGS',
  'SEARCHPATH',
  'DATABASE',
  'DATABASE PROPERTIES',
]);

/** Nor is there one for what is said of the database itself, which pg_restore has not made. */
function hasHeading({kind, rest}: TocEntry): boolean {
  return !WITHOUT_HEADING.has(kind) && !(kind === 'COMMENT' && rest.startsWith('- DATABASE '));
}

/**
 * Divides a file that pg_restore has written of these entries. Null where its headings are not those of the entries, one by one and in their
 * order: a text may hold a line that reads like a heading, and then nobody knows where one ends. Pure.
 */
export function entryTexts(entries: readonly TocEntry[], file: string): EntryText[] | null {
  const headings = [...file.matchAll(HEADING)];
  const headed = entries.filter((entry) => hasHeading(entry));
  if (headings.length !== headed.length) return null;
  const end = file.lastIndexOf(END);
  const texts: EntryText[] = [];
  const settings = new Map<string, string>();
  for (const [at, entry] of headed.entries()) {
    const heading = headings[at];
    if (heading === undefined || !isHeadingOf(heading, entry)) return null;
    const lines = file
      .slice(heading.index + heading[0].length, headings[at + 1]?.index ?? (end === -1 ? file.length : end))
      .split('\n');
    const after = takeSettings(lines);
    texts.push({entry, text: lines.join('\n').trimStart(), settings: [...settings.values()].join(' ')});
    for (const [name, setting] of after) settings.set(name, setting);
  }
  return texts;
}

function isHeadingOf([, name = '', type = '', schema = '']: RegExpExecArray, {kind, rest}: TocEntry): boolean {
  return `${kind} ${rest} `.startsWith(`${type} ${schema} ${name} `);
}

/** Takes empty lines and settings from the end of a text; of each setting the last is the one that holds. */
function takeSettings(lines: string[]): Map<string, string> {
  const settings = new Map<string, string>();
  for (let line = lines.at(-1); line !== undefined; line = lines.at(-1)) {
    const name = SETTING.exec(line)?.[1];
    if (line !== '' && name === undefined) break;
    if (name !== undefined && !settings.has(name)) settings.set(name, line);
    lines.pop();
  }
  return settings;
}
