import {readFile} from 'node:fs/promises';
import {printable} from '../../src/domain/base/printable.ts';
import type {LabServer} from '../../src/lab/cluster/lab-server.ts';

/** One statement as a server's log has it: whose it was, and its text as each way of writing its parameters down gives it. */
export interface LoggedStatement {
  readonly applicationName: string;
  readonly pid: string;
  readonly texts: readonly string[];
}

/** Lets a server log every statement from now on. */
export async function logStatements(server: LabServer): Promise<void> {
  await server.sql("ALTER SYSTEM SET log_statement = 'all'; SELECT pg_reload_conf()");
}

/** As src/lab/cluster/settings.ts has the prefix: time, pid, user@database, application_name. */
const LINE = /^\S+ \S+ \S+ \[(\d+)\] \S+@\S* (\S*) ([A-Z]+): {2}/;
const STATEMENT = /^(?:statement|execute [^:]*): /;
const PARAMETERS = /^parameters: /i;

/** The statements in a server's log of the sessions that are called so. */
export async function readStatements(server: LabServer, applicationName: RegExp): Promise<LoggedStatement[]> {
  const statements: {applicationName: string; pid: string; text: string; parameters: string[]}[] = [];
  for (const entry of entriesOf(await readFile(server.logFile, 'utf8'))) {
    const [head = '', pid = '', name = '', level = ''] = LINE.exec(entry) ?? [];
    const words = entry.slice(head.length);
    if (!applicationName.test(name)) continue;
    if (level === 'LOG' && STATEMENT.test(words)) {
      statements.push({applicationName: name, pid, text: words.replace(STATEMENT, ''), parameters: []});
    }
    const last = statements.at(-1);
    if (level === 'DETAIL' && PARAMETERS.test(words) && last?.pid === pid) last.parameters = parseParameters(words);
  }
  return statements.map(({text, parameters, ...whose}) => ({...whose, texts: written(text, parameters)}));
}

/** As a dry run prints it: line by line, without control characters. */
function asShown(text: string): string {
  return text
    .split('\n')
    .map((line) => printable(line).replaceAll(String.raw`\t`, ' '))
    .join('\n');
}

/** A message that goes over several lines has a tab before each but the first. */
function entriesOf(log: string): string[] {
  const entries: string[] = [];
  for (const line of log.split('\n')) {
    if (line.startsWith('\t')) entries.push(`${entries.pop() ?? ''}\n${line.slice(1)}`);
    else entries.push(line);
  }
  return entries;
}

/** `parameters: $1 = 'it''s', $2 = NULL` */
function parseParameters(words: string): string[] {
  return [...words.matchAll(/\$\d+ = (NULL|'(?:[^']|'')*')/g)].map(([, value = '']) => value);
}

/** The text with its parameters written in: a number and a truth value come with quotes in the log, an array as one text. */
function written(text: string, parameters: readonly string[]): string[] {
  return parameters.reduceRight<string[]>(
    (texts, value, index) =>
      texts.flatMap((one) =>
        waysToWrite(value).map((way) =>
          one.replaceAll(new RegExp(String.raw`'(?:[^']|'')*'|\$${index + 1}(?!\d)`, 'g'), (part) =>
            part.startsWith("'") ? part : way,
          ),
        ),
      ),
    [text],
  );
}

function waysToWrite(value: string): string[] {
  const plain = value.slice(1, -1);
  if (/^'-?\d+'$/.test(value)) return [value, plain];
  if (value === "'t'") return ['true'];
  if (value === "'f'") return ['false'];
  if (/^'\{.*\}'$/s.test(value)) {
    const items = [...plain.slice(1, -1).matchAll(/"((?:[^"\\]|\\.)*)"|([^,]+)/g)].map(
      ([, quoted, bare = '']) => quoted?.replaceAll(/\\(.)/gs, '$1') ?? bare,
    );
    const literals = items.map((item) => (item.includes('\\') ? `E'${item.replaceAll('\\', '\\\\')}'` : `'${item}'`));
    return [value, `ARRAY[${literals.join(', ')}]::text[]`];
  }
  return value.includes('\\') ? [value, `E${value.replaceAll('\\', '\\\\')}`] : [value];
}

/** What a semicolon means nothing in: texts, names, dollar quotes and comments. */
const WHOLE =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|(\$[A-Za-z_]*\$)[\s\S]*?\1|\/\*[\s\S]*?\*\/|--[^\n]*|;|\s+|[^'"$/;\s-]+|[\s\S]/g;

/** A server writes `public.events` where we write `"public"."events"`. */
const NEEDLESS_QUOTES = /"([a-z_][a-z0-9_$]*)"/g;

/** The statements of a text as a dry run prints them, each in one line, without comments. */
export function splitStatements(text: string): string[] {
  const statements: string[] = [];
  let now = '';
  for (const [part] of asShown(text).matchAll(WHOLE)) {
    if (part === ';') {
      statements.push(now);
      now = '';
    } else if (part.startsWith('/*') || part.startsWith('--') || /^\s/.test(part)) now += ' ';
    else now += part;
  }
  return [...statements, now]
    .map((one) => one.replaceAll(/^ +| +$/g, '').replaceAll(/ {2,}/g, ' '))
    .map((one) => one.replaceAll(NEEDLESS_QUOTES, '$1'))
    .filter(Boolean);
}
