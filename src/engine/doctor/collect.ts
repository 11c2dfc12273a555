import {lstat, readdir} from 'node:fs/promises';
import {arch, availableParallelism, freemem, loadavg, platform, release, totalmem, uptime} from 'node:os';
import {join} from 'node:path';
import {createRedactor} from '../../config/redact.ts';
import type {Config} from '../../config/config.ts';
import {isoTime} from '../../domain/base/iso-time.ts';
import {withoutRows} from '../../domain/base/without-rows.ts';
import type {RunFolder} from '../run/run-folder.ts';
import {previousTrace} from '../trace/trace-file.ts';
import {jsonLinesWithoutRows} from './journal-without-rows.ts';
import {laneLogWithoutRows} from './lane-log.ts';
import {readEnd} from './read-end.ts';
import type {TarFile} from './tar.ts';

const MB = 1024 * 1024;
/** The newest attempts; a run of thousands of tables has as many lanes. */
const MOST_LANES = 60;
const LONGEST_LANE = 70;

/** What is to be packed of a run. */
export interface CollectOptions {
  readonly config: Config;
  readonly folder: RunFolder;
  readonly now: () => number;
  /** More files, by their names: what the command knows and the run folder does not. */
  readonly more: Readonly<Record<string, string>>;
}

const ABOUT = `What a bug report of Longhaul needs. Each text went through two sieves: passwords, and whatever is written as one, are
asterisks; what servers said that may quote a row is left out, and so is every line of a lane's log that is not known to hold none.
Names of hosts, roles, tables and columns are in it, and so are statements: read it before you send it.
`;

/** The files of the pack: nothing in them is a secret or a row. Reads the run folder, changes nothing. What is not there is left out. */
export async function collect({config, folder, now, more}: CollectOptions): Promise<TarFile[]> {
  const redact = createRedactor(config);
  const texts: [string, string | null][] = [
    ['about.txt', ABOUT],
    ['machine.json', asJson(machineFacts(now))],
    ['config.json', asJson(withoutArguments(config))],
    ['run-folder.txt', await listing(folder.path)],
    ['plan.yaml', await readEnd(folder.plan, MB)],
    ['journal.jsonl', mapped(await readEnd(folder.journal, 8 * MB), jsonLinesWithoutRows)],
    ['readings.jsonl', mapped(await readEnd(folder.readings, MB), jsonLinesWithoutRows)],
    ['supervisor.log', mapped(await readEnd(folder.log, MB), linesWithoutRows)],
    ['trace.1.jsonl', await readEnd(previousTrace(folder.trace), 4 * MB)],
    ['trace.jsonl', await readEnd(folder.trace, 8 * MB)],
    ...(await laneTexts(folder.lanes)),
    ...Object.entries(more),
  ];
  return texts.flatMap(([path, text]) => (text === null ? [] : [{path, content: Buffer.from(redact(text))}]));
}

function machineFacts(now: () => number): Readonly<Record<string, unknown>> {
  return {
    at: isoTime(now()),
    node: process.version,
    os: `${platform()} ${release()} ${arch()}`,
    cpus: availableParallelism(),
    memory: {totalBytes: totalmem(), freeBytes: freemem()},
    load: loadavg(),
    upSeconds: Math.round(uptime()),
    locale: Intl.DateTimeFormat().resolvedOptions().locale,
  };
}

/** The configuration, for people; of a command only the program: its arguments may hold a token. Pure. */
export function withoutArguments({disks, alarms, ...config}: Config): Readonly<Record<string, unknown>> {
  return {
    ...config,
    alarms: {...alarms, command: programOf(alarms.command)},
    disks: Object.fromEntries(
      Object.entries(disks).map(([server, disk]) => [server, {...disk, command: programOf(disk.command)}]),
    ),
  };
}

function programOf(command: readonly string[] | null): string | null {
  return command === null ? null : `${command[0] ?? ''} (${command.length - 1} arguments left out)`;
}

/** The files of the run folder with their sizes and times, as `ls -l` has them. */
async function listing(path: string): Promise<string> {
  const names = await readdir(path).catch(() => []);
  const lines = await Promise.all(
    names
      .toSorted((a, b) => a.localeCompare(b))
      .map(async (name) => {
        const {size, mtimeMs, mode} = await lstat(join(path, name));
        return `${(mode & 0o7777).toString(8).padStart(4, '0')} ${String(size).padStart(12)} ${isoTime(mtimeMs)} ${name}\n`;
      }),
  );
  return lines.join('');
}

/** Of a lane's folder: what both tools said, how they ended, and the command; its SQL is Longhaul's own. */
const LOGS = ['log', 'load.log', 'dump.log', 'fence.log'];
const FACTS = ['cmd', 'exit', 'dump.exit', 'fence.expected', 'fence.seen', 'bytes', 'ending', 'pid', 'times'];

async function laneTexts(lanes: string): Promise<[string, string | null][]> {
  const names = await readdir(lanes).catch(() => []);
  const byTime = await Promise.all(names.map(async (name) => ({name, at: (await lstat(join(lanes, name))).mtimeMs})));
  const newest = byTime.toSorted((a, b) => b.at - a.at).slice(0, MOST_LANES);
  const texts = newest.flatMap(({name}) => [
    ...LOGS.map(async (file) => read(name, file, laneLogWithoutRows)),
    ...FACTS.map(async (file) => read(name, file, (text) => text)),
  ]);
  async function read(name: string, file: string, sieve: (text: string) => string): Promise<[string, string | null]> {
    return [`lanes/${shortened(name)}/${file}`, mapped(await readEnd(join(lanes, name, file), MB), sieve)];
  }
  return Promise.all(texts);
}

/** A tar's path has 100 bytes at most, and two attempts of one unit differ at its end. */
function shortened(name: string): string {
  return name.length <= LONGEST_LANE ? name : `${name.slice(0, LONGEST_LANE - 9)}~${name.slice(-8)}`;
}

function linesWithoutRows(text: string): string {
  return text
    .split('\n')
    .map((line) => withoutRows(line))
    .join('\n');
}

function mapped(text: string | null, change: (text: string) => string): string | null {
  return text === null ? null : change(text);
}

function asJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
