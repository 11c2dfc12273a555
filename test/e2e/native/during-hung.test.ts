import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {carryOut} from '../../support/carry-out.ts';
import {drained} from '../../support/drained.ts';
import {edit} from '../../support/edit.ts';
import {eventually, longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';

const NIGHTLY = process.env['LONGHAUL_NIGHTLY'] !== undefined;
const SEED = join(import.meta.dirname, '../../handoffs/seed.sql');
/** Until the next sentinel is written, and has waited for as long as it takes. */
const TOLD_MS = 200_000;

describe.skipIf(!NIGHTLY)('a worker of change capture that does nothing (nightly)', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await startLab({seed: SEED, engine: 'native'});
    await edit(lab, ['caught_up_for: 3s', 'caught_up_for: 1s'], ['load:\n', 'probes: {interval: 500ms}\nload:\n']);
    await edit(lab, ['count: 3', 'count: 1']);
    await mustEndWell(lab, 'run', '--plain');
  });
  afterAll(async () => {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  });

  test('a worker that is stopped is told within minutes, and goes on as its alarm says', async () => {
    const worker = 'SELECT pid FROM pg_stat_subscription WHERE pid IS NOT NULL';
    const pid = Number(await eventually('a worker', async () => (await lab.target.sql(worker))[0]?.[0] ?? null));
    process.kill(pid, 'SIGSTOP');
    try {
      const {seen, remedy} = await eventually(
        'the alarm',
        async () => (await stateOf(lab)).alarms.find(({id}) => id === 'cdc.hung:lh_01') ?? null,
        TOLD_MS,
      );
      expect(seen).toContain(`pid ${pid} on the target`);
      const status = await longhaul(lab, 'status');
      expect(status.stdout).toContain('what now: ALARM: change capture of lh_01 nothing of it has moved for ');
      expect(status.stdout).not.toContain('what now: Nothing');
      expect(remedy).toContain(`kill -CONT ${pid} on the machine of the target`);
      // Of one that is stopped it is obeyed once it goes on.
      await carryOut(lab, remedy.slice(remedy.indexOf('on the target, as superuser')), {application: null});
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await drained(lab);
    expect(Number((await lab.target.sql(worker))[0]?.[0])).not.toBe(pid);
  });
});
