import {execFileSync} from 'node:child_process';
import {readFile, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {mayMount} from '../../probes/watched/wal-volume.ts';
import {beginLoad, holdTable, laneBackends, standAtNewBoundary} from '../../support/hold.ts';
import {eventually, journalOf, longhaul, stateOf} from '../../support/longhaul.ts';
import {makeSmallVolume, type SmallVolume} from '../../support/small-volume.ts';

describe.skipIf(!mayMount())('a full disk on the jump box', () => {
  let lab: Lab;
  let volume: SmallVolume;

  beforeAll(async () => {
    volume = await makeSmallVolume(8);
    lab = await startLab({size: 'tiny'});
    const yaml = await readFile(lab.yamlPath, 'utf8');
    await writeFile(lab.yamlPath, yaml.replace(/^run_directory: .*$/m, `run_directory: ${volume.path}/run`));
    await rm(join(lab.folder, 'run'), {recursive: true});
    execFileSync('ln', ['-s', join(volume.path, 'run'), join(lab.folder, 'run')]);
  });
  afterAll(async () => {
    await volume.makeRoom();
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
    await volume.remove();
  });

  test('lanes go on and commit, commands are refused with the reason, and the journal stays whole', async () => {
    await longhaul(lab, 'run', '--plain', '--until', 'full-load');
    await standAtNewBoundary(lab);
    const letGo = await holdTable(lab, 'public.events');
    await beginLoad(lab, 1, null);
    await eventually('a lane at the target', async () => ((await laneBackends(lab.target)) > 0 ? true : null));
    const {units: planned} = await stateOf(lab);
    const {id = ''} = planned.find(({tables}) => tables.length === 1 && tables[0]?.name === 'events') ?? {};
    expect(await longhaul(lab, 'pause', id)).toMatchObject({code: 0});
    // No unit begins that could not write its log.
    expect(await longhaul(lab, 'pause', '--start')).toMatchObject({code: 0});
    volume.fillUp(0);
    // The last block of the journal has room for some more.
    const refused = await eventually('a command that cannot be journalled', async () => {
      const held = await longhaul(lab, 'pause', '--start');
      return held.code === 0 ? null : held;
    });
    expect(refused.stderr).toContain('the journal');
    expect(refused.stderr).toContain('make room on the disk of the run folder');
    // The slots wait for the lane, which goes on when it is told to, whatever the journal takes.
    expect(await longhaul(lab, 'resume', id)).toMatchObject({code: 0});
    await letGo();
    const inLedger = `SELECT 1 FROM longhaul.load_unit WHERE committed_at IS NOT NULL AND boundary = '${(await stateOf(lab)).boundary?.lsn}' AND unit LIKE '%events'`;
    await eventually('events in the ledger', async () => ((await lab.target.sql(inLedger)).length > 0 ? true : null));
    // Long enough for the supervisor to find the lane ended, and the disk full.
    await wait(2_000);
    await volume.makeRoom();
    await longhaul(lab, 'resume', '--start');
    await eventually('the load in the journal', async () => {
      const {units} = await stateOf(lab);
      return units.length > 0 && units.every(({state}) => state.status === 'committed') ? true : null;
    });
    await eventually('the run at its end', async () => ((await stateOf(lab)).status === 'done' ? true : null));
    const entries = await journalOf(lab);
    expect(entries.map(({seq}) => seq)).toEqual(entries.map((_, index) => index + 1));
  });
});
