import {execFile} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {promisify} from 'node:util';
import type {TraceEvent} from '../../src/domain/base/trace.ts';
import {readJournal} from '../../src/engine/run/journal.ts';
import type {Lab} from '../../src/lab/lab.ts';
import {serverCpu} from '../server-cpu.ts';

/** A statement as often as it was sent to a server in a walk; `ms` is the longest of them. */
export interface Sent {
  readonly server: string;
  readonly sql: string;
  readonly ms: number;
  readonly times: number;
}

/** What a walk took: milliseconds by step, statements with the longest first, and how often each server was asked for all its tables. */
export interface Walk {
  /** Seconds that each server was on a CPU: what a machine with nothing else to do would take, about. */
  readonly cpu: ReadonlyMap<string, number>;
  readonly steps: ReadonlyMap<string, number>;
  readonly statements: readonly Sent[];
  readonly tableReads: ReadonlyMap<string, number>;
}

/** Only the statement that reads every table with its sizes has this column. */
const ALL_TABLES = '"hasReplicaKey"';

/** Runs the steps up to copy-schema, as an operator would, and reads in journal and trace what they took. */
export async function walk(lab: Lab, launcher: string): Promise<Walk> {
  const env = {...process.env, LONGHAUL_TRACE: 'sql'};
  const args = ['--config', lab.yamlPath, 'run', '--until', 'copy-schema', '--plain'];
  const call = promisify(execFile);
  const before = serverCpu(lab);
  try {
    await call(launcher, args, {env, maxBuffer: 256 * 1024 * 1024});
  } catch (error) {
    const said = error instanceof Error && 'stdout' in error ? String(error.stdout).slice(-4000) : '';
    throw new Error(`longhaul ${args.join(' ')} failed: ${said}`, {cause: error});
  } finally {
    // The supervisor goes on for a moment, and after a failure until it is told not to.
    await call(launcher, ['--config', lab.yamlPath, 'shutdown']).catch(() => undefined);
  }
  const sent = readTrace(join(lab.folder, 'run'));
  const byText = Map.groupBy(sent, ({server, sql}) => `${server} ${sql}`);
  return {
    cpu: new Map([...serverCpu(lab)].map(([server, seconds]) => [server, seconds - (before.get(server) ?? 0)])),
    steps: await stepTimes(join(lab.folder, 'run', 'journal.jsonl')),
    statements: [...byText.values()]
      .flatMap((all) => {
        const [first] = all;
        return first === undefined
          ? []
          : [{server: first.server, sql: first.sql, ms: Math.max(...all.map(({ms}) => ms)), times: all.length}];
      })
      .toSorted((a, b) => b.ms - a.ms),
    tableReads: new Map(
      [
        ...Map.groupBy(
          sent.filter(({sql}) => sql.includes(ALL_TABLES)),
          ({server}) => server,
        ),
      ].map(([server, reads]) => [server, reads.length] as const),
    ),
  };
}

function readTrace(folder: string): (TraceEvent & {trace: 'sql'})[] {
  const files = ['trace.jsonl.1', 'trace.jsonl'].map((name) => join(folder, name)).filter((path) => existsSync(path));
  const lines = files.flatMap((path) => readFileSync(path, 'utf8').split('\n')).filter((line) => line !== '');
  return lines
    .map((line): TraceEvent => JSON.parse(line))
    .filter((one) => one.trace === 'sql')
    .filter(({event}) => event === 'done');
}

async function stepTimes(journal: string): Promise<Map<string, number>> {
  const began = new Map<string, number>();
  const took = new Map<string, number>();
  for (const entry of await readJournal(journal)) {
    const atMs = Date.parse(entry.at);
    if (entry.type === 'step.started') began.set(entry.step, atMs);
    if (entry.type === 'step.done') took.set(entry.step, atMs - (began.get(entry.step) ?? 0));
  }
  return took;
}
