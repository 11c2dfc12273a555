import {cp, rename} from 'node:fs/promises';
import {afterEach, describe, expect, test} from 'vitest';
import type {LabServer} from '../../../src/lab/cluster/lab-server.ts';
import type {Lab} from '../../../src/lab/lab.ts';
import {eventually, longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';
import {capturing, differing, ended, ENGINES, guardedAgain, NIGHTLY} from './story.ts';

const LIMIT_MS = 120_000;

describe.skipIf(!NIGHTLY).each(ENGINES)('what makes a run of %s void (nightly)', (engine) => {
  let lab: Lab | undefined;
  afterEach(async () => ended(lab));

  test('a slot that is dropped and made again under its worker makes the run void, and a new run is equal', async () => {
    lab = await capturing(engine);
    const of = lab;
    // Its count is known.
    await differing(of);
    await guardedAgain(of);
    const [[slot = '', plugin = ''] = []] = await of.source.sql(
      "SELECT slot_name, plugin FROM pg_replication_slots WHERE slot_type = 'logical' AND database = 'app'",
    );
    await eventually('nobody to read it', async () => {
      await of.source.sql(
        `SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '${slot}'`,
      );
      return of.source
        .sql(
          `SELECT pg_drop_replication_slot('${slot}'); UPDATE public.accounts SET note = 'between' WHERE id = 3; SELECT pg_create_logical_replication_slot('${slot}', '${plugin}')`,
        )
        .then(
          () => true,
          () => null,
        );
    });
    const {message, remedy} = await lostOf(of);
    expect(message).toMatch(new RegExp(`slot lh_01 (was dropped and made again|is gone)`));
    expect(remedy).toBe(
      'nothing is kicked, resumed or made again for it; a new run: longhaul abort --yes rehearsal, then longhaul run',
    );
    expect((await longhaul(of, 'cdc', 'resume', 'lh_01')).stderr).toContain('slot lh_01');
    expect((await longhaul(of, 'cutover', '--yes', 'rehearsal')).code).not.toBe(0);
    await mustEndWell(of, 'abort', '--yes', 'rehearsal');
    await mustEndWell(of, 'run', '--plain');
    expect(await differing(of)).toEqual([]);
  });

  test('a target that is restored from an earlier backup makes the run void', async () => {
    lab = await capturing(engine);
    const {source, target} = lab;
    const backup = `${target.dataDir}.backup`;
    await target.stop();
    await cp(target.dataDir, backup, {recursive: true, preserveTimestamps: true});
    await own(target, backup);
    await target.start();
    await source.sql("UPDATE public.accounts SET note = 'after the backup'");
    expect(await differing(lab)).toEqual([]);
    await guardedAgain(lab);
    await guardedAgain(lab);
    await target.stop();
    await rename(target.dataDir, `${target.dataDir}.newer`);
    await rename(backup, target.dataDir);
    await target.start();
    expect((await lostOf(lab)).message).toContain('the target was set back');
    expect((await longhaul(lab, 'cutover', '--yes', 'rehearsal')).stderr).toContain('the target was set back');
  });

  test('a source that is restored from an earlier copy of its files makes the run void', async () => {
    lab = await capturing(engine);
    const {source} = lab;
    const backup = `${source.dataDir}.backup`;
    await source.stop();
    await cp(source.dataDir, backup, {recursive: true, preserveTimestamps: true});
    await own(source, backup);
    await source.start();
    await source.sql("UPDATE public.accounts SET note = 'after the backup'; SELECT pg_switch_wal()");
    expect(await differing(lab)).toEqual([]);
    await source.stop();
    await rename(source.dataDir, `${source.dataDir}.newer`);
    await rename(backup, source.dataDir);
    await source.start();
    expect((await lostOf(lab)).message).toContain('the source was set back');
  });
});

async function lostOf(of: Lab): Promise<{readonly message: string; readonly remedy: string}> {
  const {failure} = await eventually('it to be told', async () => (await stateOf(of)).capture.sourceLost, LIMIT_MS);
  return failure;
}

/** As root the copy is ours, and the server wants its own. */
async function own({dataDir}: LabServer, copy: string): Promise<void> {
  const {execFileSync} = await import('node:child_process');
  execFileSync('chown', ['-R', '--reference', dataDir, copy]);
  execFileSync('chmod', ['--reference', dataDir, copy]);
}
