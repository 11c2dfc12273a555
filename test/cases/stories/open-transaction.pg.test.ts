import {readFile, writeFile} from 'node:fs/promises';
import {setTimeout as wait} from 'node:timers/promises';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {eventually, journalOf, longhaul, stateOf} from '../../support/longhaul.ts';
import {holdOnSource} from './hold-source.ts';
import {findingOf} from '../../support/checked.ts';

const OPEN_WRITES = "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(4)%' AND backend_xid IS NOT NULL";

describe('a slot behind an open transaction (r12)', () => {
  let lab: Lab;
  let letGo: () => Promise<void>;

  beforeAll(async () => {
    lab = await startLab({seed: false});
    await lab.source.sql('CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)');
    // Longer than timeouts.lock, which must not end the wait.
    const yaml = await readFile(lab.yamlPath, 'utf8');
    await writeFile(lab.yamlPath, `${yaml}timeouts: {create_slot: 4s, lock: 1s}\nslots: {count: 1}\n`);
    letGo = await holdOnSource(lab, 'INSERT INTO t VALUES (2)');
  });
  afterAll(async () => {
    await letGo();
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  });

  async function slots(): Promise<string[][]> {
    return lab.source.sql("SELECT slot_name, active FROM pg_replication_slots WHERE slot_type = 'logical' ORDER BY 1");
  }

  test('check warns of it, with pid, user and age', async () => {
    const seen = await eventually('the warning', async () => (await findingOf(lab, 'source.open-transaction')) ?? null);
    expect(seen).toMatchObject({severity: 'warning'});
    expect(seen.seen).toMatch(/pid \d+ of postgres \(longhaul-lab\), active, open for 00:00:\d\d/);
  });

  test('create-slots waits as long as timeouts.create_slot says, names pid, user and age, and leaves no slot', async () => {
    const run = await longhaul(lab, 'run', '--plain');
    expect(run.code).toBe(1);
    const step = (await stateOf(lab)).steps.find(({id}) => id === 'create-slots');
    if (step?.state.status !== 'failed') throw new Error(run.stdout);
    expect(step.state.failure.message).toMatch(
      /not created within 0:04.*pid \d+ of postgres \(longhaul-lab\), active, open for 00:/,
    );
    expect(step.state.failure.remedy).toMatch(/SELECT pg_terminate_backend\(\d+\)/);
    expect(Date.parse(step.state.endedAt) - Date.parse(step.state.startedAt)).toBeGreaterThanOrEqual(4000);
    expect(await slots()).toEqual([]);
    // While it waited, it said for whom: on screen and in status, which are the journal's.
    expect(await told()).toMatch(/dms_slot_01 waits for pid \d+ of postgres \(longhaul-lab\), active, open for 00:/);
  });

  async function told(): Promise<string> {
    const entries = (await journalOf(lab)).filter(({type}) => type === 'step.progressed');
    return entries.map((entry) => ('what' in entry ? entry.what : '')).join('\n');
  }

  test('a slot that a killed supervisor has left half made is waited for and taken for no slot; another is made though production always has a write open', async () => {
    await writeFile(
      lab.yamlPath,
      (await readFile(lab.yamlPath, 'utf8')).replace('create_slot: 4s', 'create_slot: 60s'),
    );
    await longhaul(lab, 'run', '--detach');
    await eventually('a slot that is being made', async () => ((await slots()).length > 0 ? true : null));
    const {supervisor} = await stateOf(lab);
    process.kill(supervisor?.pid ?? 0, 'SIGKILL');
    const again = longhaul(lab, 'run', '--plain', '--until', 'create-slots');
    // The third time that the step begins.
    await eventually('create-slots again', async () => {
      const begun = (await journalOf(lab)).filter(
        (entry) => entry.type === 'step.started' && entry.step === 'create-slots',
      );
      return begun.length === 3 ? true : null;
    });
    expect(await slots()).toEqual([['dms_slot_01', 't']]);
    // Production writes in transactions of four seconds, one of which is always open: none of timeouts.lock is enough for these.
    const over = new AbortController();
    void again.then(() => over.abort());
    const write = async (id: number, afterMs: number): Promise<void> => {
      await wait(afterMs);
      while (!over.signal.aborted)
        await lab.source.sql(
          `BEGIN; DELETE FROM t WHERE id = ${id}; INSERT INTO t VALUES (${id}); SELECT pg_sleep(4); COMMIT`,
        );
    };
    const writing = [write(11, 0), write(12, 2000)];
    await eventually('an open write', async () => ((await lab.source.sql(OPEN_WRITES)).length > 0 ? true : null));
    await letGo();
    const {code, stdout} = await again;
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /create-slots 0 of 1: dms_slot_01.* waits for pid \d+ of postgres \(longhaul-lab\), active, open for 00:/,
    );
    await Promise.all(writing);
    expect(await slots()).toEqual([['dms_slot_01', 'f']]);
    // Taken for a whole one, it would have been done already.
    const step = (await stateOf(lab)).steps.find(({id}) => id === 'create-slots');
    expect(step?.state).toMatchObject({status: 'done', already: false});
  });
});
