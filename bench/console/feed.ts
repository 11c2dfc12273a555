import {mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {reduce, reduceAll} from '../../src/domain/run/reduce.ts';
import {headerLine} from '../../src/engine/run/journal-format.ts';
import {runFolderAt} from '../../src/engine/run/run-folder.ts';
import {startWireServer} from '../../src/engine/wire/server.ts';
import {busyJournal, busyReadings, FACTS, MANY, nextEvents, USUAL} from './busy-run.ts';

/** A supervisor's socket without a supervisor: it tells a busy run, or a still one. */
export interface Feed {
  readonly config: string;
  stop(): Promise<void>;
}

/** Listens in a private folder with a longhaul.yaml beside it. `many` is a busy run of ten thousand tables, in which units end and begin, with its journal. */
export async function startFeed(kind: 'busy' | 'done' | 'many'): Promise<Feed> {
  const folder = mkdtempSync(join(tmpdir(), 'lhb-'));
  const config = join(folder, 'longhaul.yaml');
  writeFileSync(
    config,
    `run: bench\nrun_directory: ${folder}\nsource: host=127.0.0.1 dbname=app user=x\nreplica: host=127.0.0.1 port=1 dbname=app user=x\ntarget: host=127.0.0.1 port=2 dbname=app user=x\n`,
  );
  let tick = 1;
  const moves = kind !== 'done';
  const journal = busyJournal(kind === 'many' ? MANY : USUAL, !moves, Date.now());
  if (kind === 'many') writeFileSync(runFolderAt(folder).journal, linesOf(journal), {mode: 0o600});
  let state = reduceAll(journal);
  const snapshot = () => ({
    type: 'snapshot' as const,
    state,
    events: [],
    readings: busyReadings(tick, Date.now(), state),
  });
  const server = await startWireServer(runFolderAt(folder).socket, {
    hello: () => ({type: 'hello', protocol: 1, pid: process.pid, facts: FACTS}),
    snapshot,
    command: async () => ({ok: true, message: 'done'}),
    plan: async () => ({ok: true, actions: []}),
    readLog: async () => null,
  });
  const timer = setInterval(() => {
    if (moves) tick += 1;
    for (const event of kind === 'many' ? nextEvents(state) : []) {
      const entry = {...event, seq: state.seq + 1, at: new Date().toISOString()};
      state = reduce(state, entry);
      server.broadcast({type: 'event', entry});
    }
    for (const reading of busyReadings(tick, Date.now(), state)) server.broadcast({type: 'reading', reading});
  }, 500);
  return {
    config,
    stop: async () => {
      clearInterval(timer);
      await server.close();
    },
  };
}

function linesOf(journal: readonly object[]): string {
  return [headerLine('0.0.0-bench'), ...journal.map((entry) => JSON.stringify(entry)), ''].join('\n');
}
