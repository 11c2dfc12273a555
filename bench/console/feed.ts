import {mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {runFolderAt} from '../../src/engine/run/run-folder.ts';
import {startWireServer} from '../../src/engine/wire/server.ts';
import {busyReadings, busyRun, FACTS} from './busy-run.ts';

/** A supervisor's socket without a supervisor: it tells a busy run, or a still one. */
export interface Feed {
  readonly config: string;
  stop(): Promise<void>;
}

/** Listens in a private folder with a longhaul.yaml beside it. */
export async function startFeed(kind: 'busy' | 'done'): Promise<Feed> {
  const folder = mkdtempSync(join(tmpdir(), 'lhb-'));
  const config = join(folder, 'longhaul.yaml');
  writeFileSync(
    config,
    `run: bench\nrun_directory: ${folder}\nsource: host=127.0.0.1 dbname=app user=x\nreplica: host=127.0.0.1 port=1 dbname=app user=x\ntarget: host=127.0.0.1 port=2 dbname=app user=x\n`,
  );
  let tick = 1;
  const moves = kind === 'busy';
  const startedAt = Date.now();
  const snapshot = () => ({
    type: 'snapshot' as const,
    state: busyRun(!moves, startedAt),
    events: [],
    readings: busyReadings(tick, Date.now()),
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
    for (const reading of busyReadings(tick, Date.now())) server.broadcast({type: 'reading', reading});
  }, 500);
  return {
    config,
    stop: async () => {
      clearInterval(timer);
      await server.close();
    },
  };
}
