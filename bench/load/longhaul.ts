import {execFile} from 'node:child_process';
import {existsSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {readJournal} from '../../src/engine/run/journal.ts';
import type {JournalEntry} from '../../src/domain/run/event.ts';
import type {Lab} from '../../src/lab/lab.ts';
import {onPty, type BenchTerminal} from '../console/terminal.ts';
import {busySeconds, cpuOf, serverCpu, SERVERS} from '../server-cpu.ts';

/** What the others' clocks hold as well. */
const LOADING: readonly string[] = ['copy-schema', 'full-load', 'build-indexes'];

/** What comes before anything is made; the order of the load is a part of the load. */
const PREPARING: readonly string[] = ['preflight', 'inventory', 'plan-slots'];

/** A whole run of Longhaul. */
export interface LonghaulRun {
  /** Seconds of the steps that the others do as well. */
  readonly loadS: number;
  /** Seconds of everything, preflight and comparison too. */
  readonly wholeS: number;
  /** CPU seconds of these steps, and of them each server's. */
  readonly cpuS: number;
  readonly servers: ReadonlyMap<string, number>;
  /** CPU seconds of the supervisor, of the shells that wrap its lanes, as far as they were seen, and of the console, where one was there, in the whole run; and of the machine in it. */
  readonly ownS: number;
  readonly wholeCpuS: number;
  /** Seconds of preflight, inventory and plan, and from the begin of the load to that of its first unit. */
  readonly preparationS: number;
  /** The most memory that the supervisor had, in MB. */
  readonly supervisorMB: number;
}

/** Writes longhaul.yaml anew: a plain copy, with what `load` is to have, and how rows are compared. */
export async function configure(
  lab: Lab,
  load: Readonly<Record<string, string>>,
  compare: 'full' | 'quick' = 'full',
): Promise<void> {
  const yaml = readFileSync(lab.yamlPath, 'utf8')
    .replace(/engine: \w+/, 'engine: none')
    .replace(/compare: .*\n|$/, `compare: ${compare}\n`)
    .replace(
      /load:\n(?: .*\n)*/,
      `load:\n${Object.entries(load)
        .map(([key, value]) => `  ${key}: ${value}\n`)
        .join('')}`,
    );
  await writeFile(lab.yamlPath, yaml);
}

/** Runs it on an empty target from the beginning, with a console beside it where that is wanted, and reads in the journal what its steps took. */
export async function runLonghaul(lab: Lab, launcher: string, withConsole: boolean): Promise<LonghaulRun> {
  const folder = join(lab.folder, 'run');
  rmSync(folder, {recursive: true, force: true});
  const call = promisify(execFile);
  const journal = join(folder, 'journal.jsonl');
  let supervisorMB = 0;
  const samples = [sample(lab)];
  const cpu = new Map<string, number>();
  let screen: BenchTerminal | null = null;
  const seen = setInterval(() => {
    const pid = supervisorOf(journal);
    if (withConsole && screen === null && pid !== null && isWalking(journal))
      screen = onPty([launcher, '--config', lab.yamlPath, 'attach'], {columns: 160, rows: 50});
    if (screen !== null) cpu.set('console', Math.max(cpu.get('console') ?? 0, cpuOf(String(screen.innerPid()), 13)));
    for (const one of [...(pid === null ? [] : [pid]), ...wrappers()])
      cpu.set(one, Math.max(cpu.get(one) ?? 0, cpuOf(one, 13)));
    supervisorMB = Math.max(supervisorMB, pid === null ? 0 : memoryOf(pid));
    samples.push(sample(lab));
  }, 250);
  const beganMs = performance.now();
  let wholeS = Number.NaN;
  try {
    await call(launcher, ['--config', lab.yamlPath, 'run', '--plain'], {maxBuffer: 64 * 1024 * 1024});
    // Its supervisor goes on to watch; that it is ended here is no part of the run.
    wholeS = (performance.now() - beganMs) / 1000;
  } catch (error) {
    const said = error instanceof Error && 'stdout' in error ? String(error.stdout).slice(-3000) : '';
    throw new Error(`longhaul run failed: ${said}`, {cause: error});
  } finally {
    clearInterval(seen);
    closeConsole(screen);
    await call(launcher, ['--config', lab.yamlPath, 'shutdown']).catch(() => undefined);
  }
  samples.push(sample(lab));
  if (withConsole && (cpu.get('console') ?? 0) === 0) throw new Error('no console was there while it ran');
  const entries = await readJournal(journal);
  const spans = spansOf(entries, LOADING);
  return {
    loadS: spans.reduce((sum, {from, to}) => sum + to - from, 0) / 1000,
    cpuS: within(samples, spans, 'all'),
    servers: new Map(SERVERS.map((server) => [server, within(samples, spans, server)])),
    wholeCpuS: (samples.at(-1)?.cpu.get('all') ?? 0) - (samples[0]?.cpu.get('all') ?? 0),
    wholeS,
    preparationS: preparation(entries),
    ownS: [...cpu.values()].reduce((sum, one) => sum + one, 0),
    supervisorMB,
  };
}

/** What each server and the whole machine had used at a moment. */
interface Sample {
  readonly atMs: number;
  readonly cpu: ReadonlyMap<string, number>;
}

function sample(lab: Lab): Sample {
  return {atMs: Date.now(), cpu: new Map([...serverCpu(lab), ['all', busySeconds()]])};
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** When these steps ran. */
function spansOf(entries: readonly JournalEntry[], steps: readonly string[]): Span[] {
  const began = new Map<string, number>();
  const spans: Span[] = [];
  for (const entry of entries) {
    if (entry.type === 'step.started') began.set(entry.step, Date.parse(entry.at));
    if (entry.type === 'step.done' && steps.includes(entry.step))
      spans.push({from: began.get(entry.step) ?? Number.NaN, to: Date.parse(entry.at)});
  }
  return spans;
}

function preparation(entries: readonly JournalEntry[]): number {
  const begun = entries.find((entry) => entry.type === 'step.started' && entry.step === 'full-load');
  const first = entries.find(({type}) => type === 'unit.started');
  const spans = [...spansOf(entries, PREPARING), {from: Date.parse(begun?.at ?? ''), to: Date.parse(first?.at ?? '')}];
  return spans.reduce((sum, {from, to}) => sum + to - from, 0) / 1000;
}

/** A supervisor whose steps have begun answers who wants to see them. */
function isWalking(journal: string): boolean {
  return readFileSync(journal, 'utf8').includes('"type":"step.started"');
}

function closeConsole(screen: BenchTerminal | null): void {
  screen?.kill();
}

/** What was used between two samples is spread evenly. */
function within(samples: readonly Sample[], spans: readonly Span[], what: string): number {
  return samples.slice(1).reduce((sum, now, index) => {
    const before = samples[index] ?? now;
    const used = (now.cpu.get(what) ?? 0) - (before.cpu.get(what) ?? 0);
    const shared = spans.reduce(
      (ms, {from, to}) => ms + Math.max(0, Math.min(now.atMs, to) - Math.max(before.atMs, from)),
      0,
    );
    return sum + (used * shared) / Math.max(1, now.atMs - before.atMs);
  }, 0);
}

function supervisorOf(journal: string): string | null {
  if (!existsSync(journal)) return null;
  const pid = /"type":"supervisor\.started".*?"pid":(\d+)|"pid":(\d+).*?"type":"supervisor\.started"/.exec(
    readFileSync(journal, 'utf8'),
  );
  return pid === null ? null : (pid[1] ?? pid[2] ?? null);
}

/** The shells of lanes: what they start is theirs no more. */
function wrappers(): string[] {
  return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && textOf(pid, 'cmdline').includes('libexec/lane.sh'));
}

/** The peak of what was resident, in MB. Source: man 5 proc, /proc/PID/status. */
function memoryOf(pid: string): number {
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(textOf(pid, 'status'))?.[1] ?? 0) / 1024;
}

function textOf(pid: string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    // It has ended.
    return '';
  }
}
