import {readFile} from 'node:fs/promises';
import {dirname, join, resolve} from 'node:path';
import {LineCounter, parseDocument, type Document} from 'yaml';
import {LonghaulError} from '../domain/base/longhaul-error.ts';
import {TRACES} from '../domain/base/trace.ts';
import {printable} from '../domain/base/printable.ts';
import {SERVER_ROLES, type ServerRole} from '../domain/pg/server-role.ts';
import type {Config} from './config.ts';
import type {Conninfo} from './conninfo/conninfo.ts';
import {ConninfoError, parseConninfo} from './conninfo/parse-conninfo.ts';
import {explainIssue} from './explain-issue.ts';
import {resolveConninfo} from './conninfo/resolve-conninfo.ts';
import {fileSchema, type FileConfig} from './schema.ts';
import {placeOf} from './place-of.ts';
import {surroundings, type Surroundings} from './conninfo/surroundings.ts';

/** sun_path of a Unix socket holds 108 bytes, one of them the end. */
const LONGEST_SOCKET = 107;

/** Reads longhaul.yaml. Throws one LonghaulError (`config`) with every problem, each with its line and key; connects to nothing. */
export async function loadConfig(path: string, env: Surroundings['env']): Promise<Config> {
  return parseConfig(await readText(path), path, surroundings(env));
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new LonghaulError({
      code: 'config',
      message: `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      remedy: 'longhaul init writes one; --config FILE or LONGHAUL_CONFIG names another',
      cause: error,
    });
  }
}

/** What a configuration's text means on this machine. `path` is for messages and for paths that are relative to it. */
export function parseConfig(text: string, path: string, around: Surroundings): Config {
  const lines = new LineCounter();
  const document = parseDocument(text, {lineCounter: lines});
  const [broken] = document.errors;
  if (broken !== undefined) {
    const {line, col} = lines.linePos(broken.pos[0]);
    throw wrong(path, [`line ${line}:${col}: ${broken.message.split('\n')[0] ?? ''}`]);
  }
  const locate = (keys: readonly PropertyKey[]): string => lineOf(document, lines, keys);
  const parsed = fileSchema.safeParse(withoutNulls(contentOf(document, path)), {reportInput: true});
  if (!parsed.success) {
    throw wrong(
      path,
      parsed.error.issues.flatMap((issue) => explainIssue(issue).map(({keys, words}) => `${locate(keys)}${words}`)),
    );
  }
  const servers = readServers(parsed.data, path, {around, locate});
  const {run_directory: _, tools, source: _source, replica: _replica, target: _target, ...file} = parsed.data;
  const {cdc, load} = file;
  return {
    ...file,
    runDirectory: runDirectoryOf(parsed.data, path, around),
    servers,
    trace: [...file.trace, ...traceOf(around)],
    toolsFolder: tools === undefined ? null : pathFrom(path, tools, around),
    load: {...load, triggers: load.triggers ?? (cdc.engine === 'none' ? 'after-load' : 'at-cutover')},
  };
}

function readServers(
  file: FileConfig,
  path: string,
  {around, locate}: {around: Surroundings; locate: (keys: readonly string[]) => string},
): Record<ServerRole, Conninfo> {
  const problems: string[] = [];
  const read = (role: ServerRole): Conninfo => {
    try {
      if (parseConninfo(file[role])['password'] !== undefined) {
        throw new ConninfoError(
          'holds a password: keep it in ~/.pgpass, a service file or PGPASSWORD, which the child tools use as well',
        );
      }
      return resolveConninfo(file[role], around, {connect_timeout: String(Math.ceil(file.timeouts.connectMs / 1000))});
    } catch (error) {
      if (!(error instanceof ConninfoError)) throw error;
      problems.push(`${locate([role])}${role}: ${error.message}`);
      return {params: {}, password: null};
    }
  };
  const [source, replica, target] = SERVER_ROLES.map((role) => read(role));
  if (problems.length > 0 || source === undefined || replica === undefined || target === undefined)
    throw wrong(path, problems);
  return {source, replica, target};
}

/** `LONGHAUL_TRACE=sql,lanes`, for a run whose file shall stay as it is. */
function traceOf({env}: Surroundings): (typeof TRACES)[number][] {
  const words = (env['LONGHAUL_TRACE'] ?? '').split(/[\s,]+/).filter((word) => word !== '');
  return words.map((word) => {
    const known = TRACES.find((one) => one === word);
    if (known !== undefined) return known;
    throw new LonghaulError({
      code: 'config',
      message: `LONGHAUL_TRACE: "${printable(word)}" is none of ${TRACES.join(', ')}`,
      remedy: `LONGHAUL_TRACE=${TRACES.join(',')} traces all of them; unset it to trace nothing`,
    });
  });
}

/** A path of the file: relative to its folder, `~` is the home. */
function pathFrom(file: string, path: string, {home}: Surroundings): string {
  return resolve(dirname(file), path.replace(/^~(?=\/|$)/, home));
}

function runDirectoryOf({run, run_directory: written}: FileConfig, path: string, around: Surroundings): string {
  const state = around.env['XDG_STATE_HOME'] ?? join(around.home, '.local', 'state');
  const folder = written === undefined ? join(state, 'longhaul', run) : pathFrom(path, written, around);
  const socket = join(folder, 'supervisor.sock');
  if (Buffer.byteLength(socket) > LONGEST_SOCKET) {
    throw wrong(path, [
      `run_directory: ${socket} is longer than the ${LONGEST_SOCKET} bytes that a socket's path may have: choose a shorter one`,
    ]);
  }
  return folder;
}

function contentOf(document: Document, path: string): unknown {
  try {
    const content: unknown = document.toJS();
    return content;
  } catch (error) {
    throw wrong(path, [error instanceof Error ? error.message : String(error)]);
  }
}

/** A key without a value, like a section whose lines are all commented out, is as if it were not there. */
function withoutNulls(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value ?? {};
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== null));
}

/** `line 12:3: ` of the nearest key that is there; nothing for the document itself. */
function lineOf(document: Document, lines: LineCounter, keys: readonly PropertyKey[]): string {
  const place = placeOf(document, lines, keys);
  return place === null ? '' : `line ${place.line}:${place.col}: `;
}

function wrong(path: string, problems: readonly string[]): LonghaulError {
  return new LonghaulError({
    code: 'config',
    message: `${path}: ${problems
      .toSorted((a, b) => lineNumber(a) - lineNumber(b))
      .map((problem) => printable(problem))
      .join('\n  ')}`,
    remedy: 'mend the lines that are named; longhaul init --config FILE writes an example with every key described',
  });
}

function lineNumber(problem: string): number {
  return Number(/^line (\d+)/.exec(problem)?.[1] ?? 0);
}
