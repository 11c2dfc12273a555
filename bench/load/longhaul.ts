import {execFile} from 'node:child_process';
import {existsSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {readJournal} from '../../src/engine/run/journal.ts';
import type {JournalEntry} from '../../src/domain/run/event.ts';
import type {Lab} from '../../src/lab/lab.ts';

/** What the others' clocks hold as well. */
const LOADING: readonly string[] = ['copy-schema', 'full-load', 'build-indexes'];

/** A whole run of Longhaul. */
export interface LonghaulRun {
  /** Seconds of the steps that the others do as well. */
  readonly loadS: number;
  /** Seconds of everything, preflight and comparison too. */
  readonly wholeS: number;
  /** CPU seconds of the supervisor and of the shells that wrap its lanes, as far as they were seen. */
  readonly supervisorS: number;
  /** The most memory that the supervisor had, in MB. */
  readonly supervisorMB: number;
}

/** Writes longhaul.yaml anew: a plain copy, with what else `load` and `compare` are to have. */
export async function configure(lab: Lab, load: Readonly<Record<string, string>>): Promise<void> {
  const yaml = readFileSync(lab.yamlPath, 'utf8')
    .replace(/engine: \w+/, 'engine: none')
    .replace(
      /load:\n(?: .*\n)*/,
      `load:\n${Object.entries(load)
        .map(([key, value]) => `  ${key}: ${value}\n`)
        .join('')}`,
    );
  await writeFile(lab.yamlPath, yaml);
}

/** Runs it on an empty target from the beginning, and reads in the journal what its steps took. */
export async function runLonghaul(lab: Lab, launcher: string): Promise<LonghaulRun> {
  const folder = join(lab.folder, 'run');
  rmSync(folder, {recursive: true, force: true});
  const call = promisify(execFile);
  const journal = join(folder, 'journal.jsonl');
  let supervisorMB = 0;
  const cpu = new Map<string, number>();
  const seen = setInterval(() => {
    const pid = supervisorOf(journal);
    for (const one of [...(pid === null ? [] : [pid]), ...wrappers()])
      cpu.set(one, Math.max(cpu.get(one) ?? 0, cpuOf(one)));
    supervisorMB = Math.max(supervisorMB, pid === null ? 0 : memoryOf(pid));
  }, 250);
  const beganMs = performance.now();
  try {
    await call(launcher, ['--config', lab.yamlPath, 'run', '--plain'], {maxBuffer: 64 * 1024 * 1024});
  } catch (error) {
    const said = error instanceof Error && 'stdout' in error ? String(error.stdout).slice(-3000) : '';
    throw new Error(`longhaul run failed: ${said}`, {cause: error});
  } finally {
    clearInterval(seen);
    await call(launcher, ['--config', lab.yamlPath, 'shutdown']).catch(() => undefined);
  }
  const wholeS = (performance.now() - beganMs) / 1000;
  return {
    loadS: loadingSeconds(await readJournal(journal)),
    wholeS,
    supervisorS: [...cpu.values()].reduce((sum, one) => sum + one, 0),
    supervisorMB,
  };
}

function loadingSeconds(entries: readonly JournalEntry[]): number {
  const began = new Map<string, number>();
  let ms = 0;
  for (const entry of entries) {
    if (entry.type === 'step.started') began.set(entry.step, Date.parse(entry.at));
    if (entry.type === 'step.done' && LOADING.includes(entry.step))
      ms += Date.parse(entry.at) - (began.get(entry.step) ?? Number.NaN);
  }
  return ms / 1000;
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

/** Seconds of its own, children left out; 0 where it has ended. Source: man 5 proc, /proc/PID/stat. */
function cpuOf(pid: string): number {
  const fields = textOf(pid, 'stat')
    .replace(/^.*\) /s, '')
    .split(' ');
  return fields.slice(11, 13).reduce((sum, ticks) => sum + Number(ticks), 0) / 100;
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
