import {readFile, writeFile} from 'node:fs/promises';
import {mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {RunEvent} from '../../../src/domain/run/event.ts';
import {compareFingerprints, fingerprintDatabase} from '../../../src/lab/fingerprint.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {findPv} from '../../../src/engine/tools/find-pv.ts';
import {loadBy} from '../../support/hold.ts';
import {eventually, journalOf, longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';

const NIGHTLY = process.env['LONGHAUL_NIGHTLY'] !== undefined;
const pv = await findPv(process.env);
const LANES = 2;

/** A table of ten units, and small ones that are loaded together and are worth being frozen. */
const SEED = `
CREATE TABLE public.large (id integer PRIMARY KEY, words text NOT NULL);
INSERT INTO public.large SELECT n, repeat(md5(n::text), 16) FROM generate_series(1, 36000) AS n;
CREATE TABLE public.one (id integer PRIMARY KEY, words text NOT NULL);
CREATE TABLE public.two (id integer PRIMARY KEY, words text NOT NULL);
INSERT INTO public.one SELECT n, repeat(md5(n::text), 16) FROM generate_series(1, 550) AS n;
INSERT INTO public.two SELECT n, repeat(md5(n::text), 16) FROM generate_series(1, 550) AS n;
ANALYZE;
`;

describe.skipIf(!NIGHTLY || pv === null)('kill -9 of everything in the middle of a table of ten units', () => {
  let lab: Lab;

  beforeAll(async () => {
    const seed = join(mkdtempSync(join(tmpdir(), 'lh-parts-')), 'seed.sql');
    writeFileSync(seed, SEED);
    lab = await startLab({seed, engine: 'none'});
    const yaml = await readFile(lab.yamlPath, 'utf8');
    await writeFile(lab.yamlPath, yaml.replace('lanes: 4', `lanes: ${LANES}\n  rate: 2MB`));
    await loadBy(lab, 'auto', '2MB');
  });
  afterAll(async () => {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  });

  const committed = async (): Promise<string[]> =>
    (await stateOf(lab)).units.filter(({state}) => state.status === 'committed').map(({id}) => id);

  test('at most one unit per lane is loaded again, and every row is there', async () => {
    await longhaul(lab, 'run', '--detach');
    await eventually('some of the units', async () => ((await committed()).length >= 3 ? true : null));
    // What runs now takes minutes, so that the kill meets it.
    await longhaul(lab, 'rate', '1kB');
    const {supervisor, units} = await stateOf(lab);
    const before = await committed();
    expect(units.length).toBeGreaterThanOrEqual(10);
    process.kill(supervisor?.pid ?? 0, 'SIGKILL');
    for (const {state} of units) if (state.status === 'running') await killLane(state.folder);
    await longhaul(lab, 'run', '--detach');
    await eventually('the supervisor', async () => ((await longhaul(lab, 'rate', 'none')).code === 0 ? true : null));
    await mustEndWell(lab, 'run', '--plain');
    const begun = (await journalOf(lab)).filter(
      (entry): entry is typeof entry & Extract<RunEvent, {type: 'unit.started'}> => entry.type === 'unit.started',
    );
    const again = begun.filter(({attempt}) => attempt > 1).map(({unit}) => unit);
    expect(again.length).toBeLessThanOrEqual(LANES);
    expect(again.filter((unit) => before.includes(unit))).toEqual([]);
    expect(compareFingerprints(await fingerprintDatabase(lab.replica), await fingerprintDatabase(lab.target))).toEqual(
      [],
    );
  });

  test('small tables in one stream came in frozen: their pages are all visible without a VACUUM', async () => {
    const together = (await stateOf(lab)).units.find(({tables}) => tables.length > 1);
    expect(together?.tables.map(({name}) => name).toSorted()).toEqual(['one', 'two']);
    await lab.target.sql('CREATE EXTENSION pg_visibility');
    for (const table of ['one', 'two'])
      expect(
        await lab.target.sql(
          `SELECT all_visible > 0, all_frozen > 0 FROM pg_visibility_map_summary('public.${table}')`,
        ),
      ).toEqual([['t', 't']]);
    await lab.target.sql('DROP EXTENSION pg_visibility');
  });
});

/** Every process of its session. */
async function killLane(folder: string): Promise<void> {
  const [pid = ''] = (await readFile(join(folder, 'pid'), 'utf8')).split(' ');
  try {
    process.kill(-Number(pid), 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
