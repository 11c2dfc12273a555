import {dirname, isAbsolute, join, resolve} from 'node:path';
import type {Document, LineCounter} from 'yaml';
import {LonghaulError} from '../domain/base/longhaul-error.ts';
import {TRACES} from '../domain/base/trace.ts';
import {printable} from '../domain/base/printable.ts';
import {SERVER_ROLES, type ServerRole} from '../domain/pg/server-role.ts';
import type {Config} from './config.ts';
import type {Conninfo} from './conninfo/conninfo.ts';
import {ConninfoError, parseConninfo} from './conninfo/parse-conninfo.ts';
import {findContradictions, findUnprintable} from './contradictions.ts';
import {ENGINE_DEFAULTS} from './keys/cdc.ts';
import {explainIssue, mustBe, type Explained} from './explain-issue.ts';
import {resolveConninfo} from './conninfo/resolve-conninfo.ts';
import {fileSchema, type FileConfig} from './schema.ts';
import {placeOf} from './place-of.ts';
import {readConfigText} from './read-text.ts';
import {readYaml} from './read-yaml.ts';
import {surroundings, type Surroundings} from './conninfo/surroundings.ts';

/** sun_path of a Unix socket holds 108 bytes, one of them the end. */
const LONGEST_SOCKET = 107;

/** Reads longhaul.yaml. Throws one LonghaulError (`config`) with every problem, each with its line and key; connects to nothing. */
export async function loadConfig(path: string, env: Surroundings['env']): Promise<Config> {
  return parseConfig(await readConfigText(path), path, surroundings(env));
}

/** What a configuration's text means on this machine. `path` is for messages and for paths that are relative to it. */
export function parseConfig(text: string, path: string, around: Surroundings): Config {
  const read = readYaml(text);
  if ('problems' in read)
    throw wrong(
      path,
      read.problems.map(({line, col, words}) => `line ${line}:${col}: ${words}`),
    );
  const {content, document, lines} = read;
  if (!isSection(content)) throw wrong(path, [notAMap(content, lines.linePos(document.contents?.range?.[0] ?? 0))]);
  const locate = (keys: readonly PropertyKey[]): string => lineOf(document, lines, keys);
  const told = (problems: readonly Explained[]): LonghaulError =>
    wrong(
      path,
      problems.map(({keys, words}) => `${locate(keys)}${words}`),
    );
  const unprintable = findUnprintable(content);
  if (unprintable.length > 0) throw told(unprintable);
  const parsed = fileSchema.safeParse(withoutNulls(content), {reportInput: true, error: mustBe});
  if (!parsed.success) throw told(parsed.error.issues.flatMap((issue) => explainIssue(issue)));
  const contradictions = findContradictions(parsed.data);
  if (contradictions.length > 0) throw told(contradictions);
  const servers = readServers(parsed.data, path, {around, locate});
  const {run_directory: _, tools, source: _source, replica: _replica, target: _target, ...file} = parsed.data;
  const {cdc, load} = file;
  return {
    ...file,
    runDirectory: runDirectoryOf(parsed.data, path, {around, locate}),
    servers,
    trace: [...file.trace, ...traceOf(around)],
    toolsFolder: tools === undefined ? null : pathFrom(path, tools, around),
    load: {...load, triggers: load.triggers ?? ENGINE_DEFAULTS[cdc.engine].triggers},
  };
}

interface Reading {
  readonly around: Surroundings;
  /** `line 12:3: `, for a message. */
  readonly locate: (keys: readonly PropertyKey[]) => string;
}

function readServers(file: FileConfig, path: string, {around, locate}: Reading): Record<ServerRole, Conninfo> {
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
      message: `LONGHAUL_TRACE: "${printable(word)}" is not one of ${TRACES.join(', ')}`,
      remedy: `LONGHAUL_TRACE=${TRACES.join(',')} traces all of them; unset it to trace nothing`,
    });
  });
}

/** A path of the file: relative to its folder, `~` is the home. */
function pathFrom(file: string, path: string, {home}: Surroundings): string {
  return resolve(dirname(file), path.replace(/^~(?=\/|$)/, home));
}

function runDirectoryOf({run, run_directory: written}: FileConfig, path: string, {around, locate}: Reading): string {
  const xdg = around.env['XDG_STATE_HOME'] ?? '';
  // The specification of XDG has a relative one ignored; the supervisor and every command must mean the same folder.
  const state = isAbsolute(xdg) ? xdg : join(around.home, '.local', 'state');
  const folder = written === undefined ? join(state, 'longhaul', run) : pathFrom(path, written, around);
  if (!isAbsolute(folder)) {
    throw wrong(path, [
      `${locate(['run_directory'])}run_directory: where the run's folder is depends on HOME, which is "${around.home}" and no absolute path: set HOME, or write run_directory: /var/lib/longhaul/${run}`,
    ]);
  }
  const socket = join(folder, 'supervisor.sock');
  if (Buffer.byteLength(socket) > LONGEST_SOCKET) {
    throw wrong(path, [
      `${locate(['run_directory'])}run_directory: ${short(socket)} is longer than the ${LONGEST_SOCKET} bytes that a socket's path may have: choose a shorter one`,
    ]);
  }
  return folder;
}

function short(path: string): string {
  return path.length <= 120 ? path : `${path.slice(0, 119)}…`;
}

function isSection(content: unknown): content is Readonly<Record<string, unknown>> {
  return typeof content === 'object' && content !== null && !Array.isArray(content);
}

function notAMap(content: unknown, {line, col}: {readonly line: number; readonly col: number}): string {
  const seen =
    content === null || content === undefined
      ? 'the file is empty, or all of it is commented out'
      : `line ${line}:${col}: the file is ${Array.isArray(content) ? 'a list' : 'one value'}, and must hold keys with values`;
  return `${seen}: write run, source, replica and target, each as key: value on its own line`;
}

/** A key without a value, like a section whose lines are all commented out, is as if it were not there. */
function withoutNulls(value: Readonly<Record<string, unknown>>): unknown {
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
    message: `${path}: ${[...new Set(problems)]
      .toSorted((a, b) => placeIn(a) - placeIn(b))
      .map((problem) => printable(problem))
      .join('\n  ')}`,
    remedy: 'mend the lines that are named; longhaul init --config FILE writes an example with every key described',
  });
}

/** For sorting; one without a line comes first. */
function placeIn(problem: string): number {
  const [, line = 0, col = 0] = /^line (\d+):(\d+)/.exec(problem) ?? [];
  return Number(line) * 1e6 + Number(col);
}
