import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {findPv} from '../../../src/engine/tools/find-pv.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {beginLoad} from '../../support/hold.ts';
import {eventually, journalOf, longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';

const pv = await findPv(process.env);
/** Two tables of a megabyte and a half: at 16 kB in a second they would load for minutes. */
const SEED = join(import.meta.dirname, '../../support/two-wide-tables.sql');
const KB = 1024;

let lab: Lab;

beforeAll(async () => {
  lab = await startLab({seed: SEED});
  const yaml = await readFile(lab.yamlPath, 'utf8');
  await writeFile(lab.yamlPath, yaml.replace('load:\n', 'load:\n  method: auto\n  unit_size: 4MB\n  rate: 16kB\n'));
  await mustEndWell(lab, 'run', '--plain', '--until', 'strip-target');
});
afterAll(async () => {
  await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
  await lab.stop();
});

/** What each lane that runs was told last, as its folder has it. */
async function toldNow(): Promise<(string | null)[]> {
  const {units} = await stateOf(lab);
  return Promise.all(
    units.map(async ({state}) =>
      state.status === 'running' ? (await readFile(join(state.folder, 'rate'), 'utf8')).trim() : null,
    ),
  );
}

const untilTold = async (...rates: (number | null)[]): Promise<void> => {
  const wanted = rates.map((rate) => (rate === null ? null : String(rate)));
  await eventually(`lanes at ${wanted.join(' and ')}`, async () =>
    JSON.stringify(await toldNow()) === JSON.stringify(wanted) ? true : null,
  );
};

/** It goes by how fast a pipe is: `npm run faults` has it, on a machine with nothing else to do. */
const NIGHTLY = process.env['LONGHAUL_NIGHTLY'] !== undefined;

test.skipIf(pv === null || !NIGHTLY)(
  'a rate holds for all lanes together, follows their number and a supervisor that is killed, and ends when somebody says so',
  async () => {
    await beginLoad(lab, 2, null);
    await untilTold(8 * KB, 8 * KB);
    await mustEndWell(lab, 'rate', '4kB');
    await untilTold(2 * KB, 2 * KB);
    const [first] = (await stateOf(lab)).units;
    await mustEndWell(lab, 'pause', first?.id ?? '');
    // The one that is stopped hears nothing; its share is the other's.
    await untilTold(2 * KB, 4 * KB);
    process.kill((await stateOf(lab)).supervisor?.pid ?? 0, 'SIGKILL');
    await mustEndWell(lab, 'run', '--detach');
    await mustEndWell(lab, 'resume', first?.id ?? '');
    await untilTold(2 * KB, 2 * KB);
    expect((await longhaul(lab, 'rate')).stdout).toBe('at most 4.0 kB/s for all lanes together\n');
    expect((await longhaul(lab, 'status')).stdout).toContain('rate: at most 4.0 kB/s for all lanes together');
    // Nothing is in by then, whatever time the machine took: at this rate that takes ten minutes.
    await mustEndWell(lab, 'rate', 'none');
    const ended = await longhaul(lab, 'run', '--plain');
    expect(ended, ended.stdout + ended.stderr).toMatchObject({code: 0});
    const units = (await journalOf(lab)).filter(({type}) => type.startsWith('unit.'));
    // Each was loaded in one go, in one attempt.
    expect(units.filter(({type}) => type === 'unit.committed').length).toBe((await stateOf(lab)).units.length);
    expect(units.filter(({type}) => type === 'unit.failed')).toEqual([]);
    expect((await longhaul(lab, 'rate')).stdout).toBe('no limit for all lanes together\n');
  },
);
