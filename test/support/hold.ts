import {readFile, writeFile} from 'node:fs/promises';
import type {Lab} from '../../src/lab/lab.ts';
import {eventually, longhaul, stateOf} from './longhaul.ts';

/** Lets what is held go on. */
export type LetGo = () => Promise<void>;

const HOLDER = `SELECT pid FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND wait_event = 'PgSleep'`;

/** Runs SQL on the target in a transaction that stays open until the given function is called. */
export async function holdOpen(lab: Pick<Lab, 'target'>, sql: string): Promise<LetGo> {
  const held = lab.target.sql(`BEGIN; ${sql}; SELECT pg_sleep(600)`).catch(() => []);
  await eventually('the lock', async () => ((await lab.target.sql(HOLDER)).length > 0 ? true : null));
  return async () => {
    // A fault may have ended it already.
    await lab.target.sql(`SELECT pg_terminate_backend(pid) FROM (${HOLDER}) AS holder`).catch(() => []);
    await held;
  };
}

/** Lets no load into the table, and everybody read it: its lane waits before its first row, with its ledger's row written. */
export async function holdTable(lab: Lab, table: string): Promise<LetGo> {
  return holdOpen(lab, `LOCK TABLE ${table} IN SHARE MODE`);
}

/** Lets no lane begin: each waits before its row in the ledger. */
export async function holdLedger(lab: Lab): Promise<LetGo> {
  return holdOpen(lab, 'LOCK TABLE longhaul.load_unit IN EXCLUSIVE MODE');
}

/** Lets no lane commit: each waits in its commit token, with all its rows written. */
export async function holdCommits(lab: Lab): Promise<LetGo> {
  await lab.target.sql(`
    CREATE OR REPLACE FUNCTION public.stand() RETURNS trigger LANGUAGE plpgsql AS
      'BEGIN PERFORM pg_advisory_xact_lock_shared(42); RETURN NEW; END';
    CREATE TRIGGER stand BEFORE UPDATE ON longhaul.load_unit FOR EACH ROW EXECUTE FUNCTION public.stand()`);
  const letGo = await holdOpen(lab, 'SELECT pg_advisory_xact_lock(42)');
  return async () => {
    await letGo();
    await lab.target.sql('DROP TRIGGER stand ON longhaul.load_unit; DROP FUNCTION public.stand()');
  };
}

/** Resumes replay and waits until the replica has gone past P. */
export async function replayOn(lab: Lab): Promise<void> {
  const {boundary} = await stateOf(lab);
  await lab.replica.sql('SELECT pg_wal_replay_resume()');
  await lab.source.sql('SELECT pg_current_xact_id(); SELECT pg_switch_wal()');
  await eventually('replay past P', async () => {
    const [row] = await lab.replica.sql(`SELECT pg_last_wal_replay_lsn() > '${boundary?.lsn ?? '0/0'}'`);
    return row?.[0] === 't' ? true : null;
  });
}

/** A new P that is proved, with nothing loaded at it and the target stripped; the supervisor is down. */
export async function standAtNewBoundary(lab: Lab): Promise<void> {
  await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
  await replayOn(lab);
  const run = await longhaul(lab, 'run', '--plain', '--from', 'pause-replay', '--until', 'strip-target');
  if (run.code !== 0) throw new Error(run.stdout + run.stderr);
}

/** Lets failed units be tried again sooner than an operator would want it. */
export async function retryQuickly(lab: Lab): Promise<void> {
  const yaml = await readFile(lab.yamlPath, 'utf8');
  await writeFile(lab.yamlPath, yaml.replace('load:\n', 'load:\n  retry_delay: 500ms\n'));
}

/** Has the lab's large tables travel by this method, in parts where it can cut them: pg_dump cannot. */
export async function loadBy(lab: Lab, method: string, unitSize = '64kB'): Promise<void> {
  const yaml = await readFile(lab.yamlPath, 'utf8');
  const size = method === 'pg_dump' ? '' : `  unit_size: ${unitSize}\n`;
  await writeFile(lab.yamlPath, yaml.replace('load:\n', `load:\n  method: ${method}\n${size}`));
}

/** The load under way in the background, with so many lanes of it at work; the run ends with `until`, or goes on to its end. */
export async function beginLoad(lab: Lab, lanes: number, until: string | null = 'full-load'): Promise<void> {
  const end = until === null ? [] : ['--until', until];
  await longhaul(lab, 'run', '--detach', '--from', 'full-load', ...end);
  await eventually(`${lanes} lanes at work`, async () => {
    const {units, loadBoundary, boundary} = await stateOf(lab);
    const running = units.filter(({state}) => state.status === 'running').length;
    return loadBoundary === boundary?.lsn && running >= lanes ? true : null;
  });
}

/** Waits until a lane's backend waits for something that is held. */
export async function untilLaneWaits(lab: Lab): Promise<void> {
  const waiting = `SELECT 1 FROM pg_stat_activity WHERE application_name LIKE 'longhaul/rehearsal/%' AND wait_event_type = 'Lock'`;
  await eventually('a lane that stands', async () => ((await lab.target.sql(waiting)).length > 0 ? true : null));
}

/** How many backends of lanes a server has. */
export async function laneBackends(server: Lab['target']): Promise<number> {
  const units = `application_name LIKE 'longhaul/rehearsal/%' AND application_name !~ '/(run|probe|end|guard|outage|index.*|compare.*|analyze.*)$'`;
  const [[count = '0'] = []] = await server.sql(`SELECT count(*) FROM pg_stat_activity WHERE ${units}`);
  return Number(count);
}
