import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {edit} from '../../support/edit.ts';
import {eventually, longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';

const NIGHTLY = process.env['LONGHAUL_NIGHTLY'] !== undefined;
const SEED = join(import.meta.dirname, '../../handoffs/seed.sql');

describe.skipIf(!NIGHTLY)('a source that fails over while change capture runs (nightly)', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await startLab({seed: SEED, engine: 'native'});
    await edit(lab, ['caught_up_for: 3s', 'caught_up_for: 1s'], ['count: 3', 'count: 1']);
    await mustEndWell(lab, 'run', '--plain');
  });
  afterAll(async () => {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  });

  test('after a promotion the run says from where it is void, and nothing is resumed or skipped any more', async () => {
    await longhaul(lab, 'cdc', 'pause', 'lh_01');
    const [[applied = ''] = []] = await lab.target.sql(
      "SELECT pg_replication_origin_progress(o.roname, false) FROM pg_replication_origin o WHERE o.roname LIKE 'pg\\_%'",
    );
    await lab.replica.sql('SELECT pg_promote()');
    // What the application and we connect to is the standby from now on.
    await lab.source.stop('immediate');
    await longhaul(lab, 'shutdown');
    await edit(lab, [`port=${lab.source.port}`, `port=${lab.replica.port}`]);
    await longhaul(lab, 'run', '--detach');
    const lost = await eventually('the source to be judged', async () => (await stateOf(lab)).capture.sourceLost);
    expect(lost.failure.message).toContain('timeline 2');
    expect(lost.from).toBe(applied);
    expect((await longhaul(lab, 'cdc', 'resume', 'lh_01')).stderr).toContain('a standby was promoted');
    const {alarms} = await stateOf(lab);
    expect(alarms.map(({id}) => id)).toContain('source.lost');
  });
});
