import {readFile, writeFile} from 'node:fs/promises';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {eventually, journalOf, longhaul, stateOf} from '../../support/longhaul.ts';
import {holdOnSource} from './hold-source.ts';

describe('replay is paused while production holds an exclusive lock (r07)', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await startLab({seed: false});
    await lab.source
      .sql(`CREATE TABLE busy (id int PRIMARY KEY, x text); INSERT INTO busy SELECT i, 'x' FROM generate_series(1, 1000) i;
      CREATE TABLE calm (id int PRIMARY KEY); INSERT INTO calm VALUES (1)`);
    const yaml = await readFile(lab.yamlPath, 'utf8');
    await writeFile(lab.yamlPath, `${yaml}timeouts: {pause: 3s}\n`);
    const run = await longhaul(lab, 'run', '--plain', '--until', 'add-tables');
    if (run.code !== 0) throw new Error(run.stdout + run.stderr);
  });
  afterAll(async () => {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  });

  /**
   * Until the standby has as many locks as the source holds. The primary sends WAL once it is flushed, and neither the record of a lock
   * nor that of an abort asks for that: without the flush the standby may have the last transaction's lock still, and this one's not yet.
   */
  async function untilReplayed(locks: '0' | '1'): Promise<void> {
    await lab.source.sql('SELECT pg_switch_wal()');
    await eventually(`${locks} lock on the standby`, async () => {
      const [[held] = []] = await lab.replica.sql(
        "SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND relation = 'busy'::regclass",
      );
      return held === locks ? true : null;
    });
  }

  async function isPaused(): Promise<boolean> {
    const [[paused] = []] = await lab.replica.sql('SELECT pg_is_wal_replay_paused()');
    return paused === 't';
  }

  test('a lock that does not end within timeouts.pause: the table is named, and replay goes on', async () => {
    const letGo = await holdOnSource(lab, 'LOCK TABLE busy IN ACCESS EXCLUSIVE MODE');
    await untilReplayed('1');
    const run = await longhaul(lab, 'run', '--plain');
    expect(run.code).toBe(1);
    const step = (await stateOf(lab)).steps.find(({id}) => id === 'pause-replay');
    if (step?.state.status !== 'failed') throw new Error(run.stdout);
    expect(step.state.failure.message).toMatch(
      /on the source \(pid \d+ of postgres \(longhaul-lab\), active, open for .*\) holds ACCESS EXCLUSIVE, and the replica has replayed the lock: table public.busy/,
    );
    expect(await isPaused()).toBe(false);
    // The remedy, to the letter: who holds it is found, and can be ended.
    const find = /SELECT pid, .* FROM pg_locks WHERE mode = '\w+'/.exec(step.state.failure.remedy)?.[0] ?? '';
    const holders = await lab.source.sql(find);
    expect(holders.map(([, table]) => table)).toEqual(['busy']);
    expect(step.state.failure.remedy).toContain('SELECT pg_terminate_backend(PID)');
    await lab.source.sql(`SELECT pg_terminate_backend(${holders[0]?.[0]})`);
    await letGo();
    expect(await lab.source.sql(find)).toEqual([]);
    await untilReplayed('0');
  });

  async function waits(): Promise<number> {
    return (await journalOf(lab)).filter((entry) => entry.type === 'step.progressed' && entry.step === 'pause-replay')
      .length;
  }

  /** Until the step has said more often than before what it waits for; a run that ends instead is told with its output. */
  async function untilWaiting(run: ReturnType<typeof longhaul>, before: number): Promise<void> {
    const ended = run.then(({code, stdout, stderr}) => {
      throw new Error(`the run ended with ${code}:\n${stdout}${stderr}`);
    });
    await Promise.race([
      eventually('the step says what it waits for', async () => ((await waits()) > before ? true : null)),
      ended,
    ]);
    ended.catch(() => undefined);
  }

  test('a replica that somebody has paused with the lock: replay goes on until that ends, and is paused again', async () => {
    await writeFile(lab.yamlPath, (await readFile(lab.yamlPath, 'utf8')).replace('pause: 3s', 'pause: 2min'));
    const letGo = await holdOnSource(lab, 'LOCK TABLE busy IN ACCESS EXCLUSIVE MODE');
    await untilReplayed('1');
    await lab.replica.sql('SELECT pg_wal_replay_pause()');
    const before = await waits();
    const run = longhaul(lab, 'run', '--plain', '--from', 'pause-replay', '--until', 'pause-replay');
    await untilWaiting(run, before);
    await letGo();
    expect(await run).toMatchObject({code: 0});
    expect(await isPaused()).toBe(true);
    expect(await lab.replica.sql("SELECT 1 FROM pg_locks WHERE mode = 'AccessExclusiveLock'")).toEqual([]);
    await lab.replica.sql('SELECT pg_wal_replay_resume()');
  });

  test('a lock that ends: the step resumes and pauses by itself, and the table is loaded', async () => {
    const letGo = await holdOnSource(
      lab,
      "LOCK TABLE busy IN ACCESS EXCLUSIVE MODE; INSERT INTO busy VALUES (0, 'rolled back')",
    );
    await untilReplayed('1');
    const before = await waits();
    const run = longhaul(lab, 'run', '--plain');
    await untilWaiting(run, before);
    await letGo();
    expect(await run).toMatchObject({code: 0});
    expect(await lab.target.sql('SELECT count(*) FROM busy')).toEqual([['1000']]);
  });
});
