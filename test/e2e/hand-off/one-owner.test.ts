import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {compareFingerprints, fingerprintDatabase} from '../../../src/lab/fingerprint.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {beginLoad, holdTable, untilLaneWaits} from '../../support/hold.ts';
import {eventually, longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';

/** Another run against the same three servers, with a folder of its own. */
async function anotherRun(lab: Lab, run: string): Promise<Pick<Lab, 'yamlPath'>> {
  const yamlPath = join(lab.folder, `${run}.yaml`);
  const yaml = await readFile(lab.yamlPath, 'utf8');
  await writeFile(
    yamlPath,
    yaml.replace(/^run: .*$/m, `run: ${run}`).replace(/^run_directory: .*$/m, `run_directory: ${lab.folder}/${run}`),
  );
  return {yamlPath};
}

describe('one run owns a target', () => {
  let lab: Lab;
  let other: Pick<Lab, 'yamlPath'>;

  beforeAll(async () => {
    lab = await startLab({size: 'tiny'});
    const yaml = await readFile(lab.yamlPath, 'utf8');
    await writeFile(
      lab.yamlPath,
      yaml
        .replace('engine: dms', 'engine: none')
        .replace('lanes: 4', 'lanes: 1\n  retries: 0')
        .replace('big_tables: 3', 'big_tables: [public.events, public.late]'),
    );
    await lab.source.sql('CREATE TABLE public.late (id int); ALTER TABLE public.late OWNER TO longhaul');
    other = await anotherRun(lab, 'other');
    // Both are past everything that looks at an empty target; each takes the P of the one paused replica.
    await mustEndWell(lab, 'run', '--plain', '--until', 'copy-schema');
    await mustEndWell(other, 'run', '--plain', '--until', 'copy-schema');
    await mustEndWell(lab, 'run', '--plain', '--from', 'pause-replay', '--until', 'strip-target');
    await mustEndWell(other, 'run', '--plain', '--from', 'pause-replay', '--until', 'strip-target');
  });
  afterAll(async () => {
    await longhaul(other, 'shutdown', '--lanes', '--yes', 'other');
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  });

  test('a second run is refused while the first one loads, says whose the target is, and changes nothing', async () => {
    const letGo = await holdTable(lab, 'public.accounts');
    await beginLoad(lab, 1, 'full-load');
    await untilLaneWaits(lab);
    const second = await longhaul(other, 'run', '--plain', '--from', 'full-load', '--until', 'full-load');
    expect(second.code).toBe(1);
    expect(second.stdout).toContain('the target belongs to run rehearsal');
    expect(second.stdout).toContain('with the configuration file of that run');
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await letGo();
  });

  test('a unit ends where the target has been given to another run meanwhile; what is in stays, once', async () => {
    // The lane that is at work holds the owner's row: whoever takes over waits for it.
    const letGo = await holdTable(lab, 'public.accounts');
    await beginLoad(lab, 1, 'full-load');
    await untilLaneWaits(lab);
    const taken = lab.target.sql(`UPDATE longhaul.owner SET run = 'other'`);
    const waits = `SELECT 1 FROM pg_stat_activity WHERE query LIKE 'UPDATE longhaul.owner%' AND wait_event_type = 'Lock'`;
    await eventually('the take-over waits for the lane', async () =>
      (await lab.target.sql(waits)).length > 0 ? true : null,
    );
    await letGo();
    await taken;
    const failure = await eventually('the next unit refused', async () => {
      const failed = (await stateOf(lab)).units.find(({state}) => state.status === 'failed');
      return failed?.state.status === 'failed' ? failed.state.failure : null;
    });
    expect(failure).toMatchObject({sqlstate: 'LH001', heals: false});
    expect(failure.message).toContain('the target belongs to run other');
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    const first = (await stateOf(lab)).units.find(({kind}) => kind === 'rest');
    expect(first?.state.status).toBe('committed');
  });

  test('the other run finds rows that it did not load, and loads none', async () => {
    const second = await longhaul(other, 'run', '--plain', '--from', 'full-load', '--until', 'full-load');
    expect(second.code).toBe(1);
    expect(second.stdout).toContain('rows that this run did not load');
    await longhaul(other, 'shutdown', '--lanes', '--yes', 'other');
  });

  test('rows that come into a table after the load has begun end its unit, and the remedy brings it in', async () => {
    // Nothing of the other run is connected any more: the target is taken back.
    const letGo = await holdTable(lab, 'public.events');
    await beginLoad(lab, 1, 'full-load');
    await untilLaneWaits(lab);
    await lab.target.sql('INSERT INTO public.late VALUES (7)');
    await letGo();
    const failure = await eventually('the unit refused', async () => {
      const late = (await stateOf(lab)).units.find(({id}) => id.endsWith('public.late'));
      return late?.state.status === 'failed' && late.state.failure.sqlstate === 'LH002' ? late.state.failure : null;
    });
    expect(failure).toMatchObject({sqlstate: 'LH002', heals: false});
    expect(failure.message).toContain('table "public"."late" holds rows that this run did not load');
    const [, sql = ''] = /on the target: (TRUNCATE ONLY [^;]*);/.exec(failure.remedy) ?? [];
    expect(sql).toContain('late');
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.target.sql(sql);
  });

  test('the first run loads all of it, and every table is equal', async () => {
    await mustEndWell(lab, 'run', '--plain', '--from', 'full-load', '--until', 'full-load');
    expect(compareFingerprints(await fingerprintDatabase(lab.replica), await fingerprintDatabase(lab.target))).toEqual(
      [],
    );
  });

  test('a second run that is confirmed only then takes nothing off what the first has loaded', async () => {
    await lab.target.sql('CREATE INDEX kept ON public.events (id)');
    const connected = await longhaul(other, 'run', '--plain', '--from', 'strip-target', '--until', 'strip-target');
    expect(connected).toMatchObject({code: 1, stdout: expect.stringContaining('the target belongs to run rehearsal')});
    await longhaul(lab, 'shutdown');
    await longhaul(other, 'shutdown');
    const alone = await longhaul(other, 'run', '--plain', '--from', 'strip-target', '--until', 'strip-target');
    expect(alone).toMatchObject({code: 1, stdout: expect.stringContaining('rows that this run did not load')});
    expect(await lab.target.sql("SELECT count(*) FROM pg_indexes WHERE indexname = 'kept'")).toEqual([['1']]);
    await lab.target.sql('DROP INDEX public.kept');
  });

  test('a walk that begins behind the indexes does not make the run done; one that takes them does', async () => {
    const short = await longhaul(lab, 'run', '--plain', '--from', 'compare-rows');
    expect(short).toMatchObject({code: 1, stdout: expect.stringContaining('a step before was left out')});
    await mustEndWell(lab, 'run', '--plain');
    expect((await stateOf(lab)).status).toBe('done');
  });

  test('a run that is done builds again what its target has lost since', async () => {
    const ONE = `SELECT indexrelid::regclass::text FROM pg_index i WHERE indrelid = 'public.events'::regclass AND NOT indisunique ORDER BY 1 LIMIT 1`;
    const [[index = ''] = []] = await lab.target.sql(ONE);
    await lab.target.sql(`DROP INDEX ${index}`);
    await mustEndWell(lab, 'run', '--plain');
    expect(await lab.target.sql(ONE)).toEqual([[index]]);
  });
});
