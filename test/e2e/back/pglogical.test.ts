import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {findOldServer} from '../../pairs/old-server.ts';
import {findServerBin} from '../../../src/lab/cluster/server-programs.ts';
import {eventually, longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';
import type {Clients} from '../cutover/clients.ts';
import {differing, leftOn, lostOn, startWriters, untilArrived} from './story.ts';

const SEED = join(import.meta.dirname, '../../handoffs/seed.sql');
const OLD = findOldServer();
const NIGHTLY = process.env['LONGHAUL_NIGHTLY'] !== undefined;
const PAIRS: readonly (readonly [string, string | null])[] = [
  ['15 to 15', await findServerBin()],
  ['9.6 to 15 (skipped where there is none: LONGHAUL_PG96)', OLD],
];

/** How the trigger that fires ALWAYS is enabled on each side. */
async function triggers({source, target}: Lab): Promise<readonly (string | undefined)[]> {
  const query = "SELECT tgenabled FROM pg_trigger WHERE tgname = 'always'";
  return [(await source.sql(query))[0]?.[0], (await target.sql(query))[0]?.[0]];
}

/** Waits until the subscriptions of a server run and ask for nothing. */
async function untilParked(server: Lab['source']): Promise<void> {
  await eventually('the subscriptions to be parked', async () => {
    const parked = await server.sql(
      'SELECT sub_name FROM pglogical.subscription WHERE sub_enabled AND sub_replication_sets IS NULL',
    );
    return parked.length === 3 ? true : null;
  });
}

// npm run cutovers
describe.skipIf(!NIGHTLY).each(PAIRS)('there and back with pglogical, under writers, %s', (_, sourceBin) => {
  let lab: Lab;
  const clients: Clients[] = [];
  const last = (): Clients => clients.at(-1) ?? (clients[0] as Clients);
  beforeAll(async () => {
    if (sourceBin === null) return;
    lab = await startLab({seed: SEED, engine: 'pglogical', wayBack: true, sourceBin, targetBin: await findServerBin()});
    const yaml = await readFile(lab.yamlPath, 'utf8');
    await writeFile(lab.yamlPath, yaml.replace('caught_up_for: 3s', 'caught_up_for: 1s'));
    await lab.source.sql(
      `CREATE FUNCTION public.noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.amount := NEW.amount + 1; RETURN NEW; END';
       CREATE TRIGGER always BEFORE INSERT ON public.moves FOR EACH ROW EXECUTE PROCEDURE public.noted();
       ALTER TABLE public.moves ENABLE ALWAYS TRIGGER always`,
    );
    clients.push(startWriters(lab.source));
    await mustEndWell(lab, 'run', '--plain');
  });
  afterAll(async () => {
    if (sourceBin === null) return;
    await last().stop();
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  });

  test.skipIf(sourceBin === null)('what is written on the target after the hand-over comes to the source', async () => {
    await mustEndWell(lab, 'cutover', '--yes', 'rehearsal', '--plain');
    await last().stop();
    expect(await differing(lab)).toEqual([]);
    expect(await lostOn(lab.target, clients)).toEqual({lost: [], doubled: 0});
    clients.push(startWriters(lab.target));
    await untilArrived(lab.source, last(), 100);
    expect(await triggers(lab)).toEqual(['D', 'A']);
    // Nothing comes forward any more, and the source keeps no WAL for it.
    await untilParked(lab.target);
  });

  test.skipIf(sourceBin === null)('back leads to the source, with every row once', async () => {
    await mustEndWell(lab, 'back', '--yes', 'rehearsal', '--plain');
    await last().stop();
    expect(await differing(lab)).toEqual([]);
    expect(await lostOn(lab.source, clients)).toEqual({lost: [], doubled: 0});
    expect(await triggers(lab)).toEqual(['A', 'D']);
    const {cutover, back, alarms} = await stateOf(lab);
    expect(alarms.filter(({id}) => /^(source\.lost|cdc\.sentinels|target\.writers|slot\.gone)/.test(id))).toEqual([]);
    expect([cutover?.status, back?.status]).toEqual(['gone-back', 'handed-over']);
    await untilParked(lab.source);
  });

  test.skipIf(sourceBin === null)('and another cutover to the target again', async () => {
    clients.push(startWriters(lab.source));
    await untilArrived(lab.target, last(), 100);
    // The side that was left refuses who does not come round its triggers. What somebody does there by hand has no origin, and is for nobody: of a table without a key a row that was deleted again would stay on the source.
    await lab.target.sql(
      'BEGIN; SET TRANSACTION READ WRITE; SET LOCAL session_replication_role = replica; INSERT INTO public.log (account, amount) SELECT 0, 0 FROM generate_series(1, 5); DELETE FROM public.log WHERE account = 0; COMMIT',
    );
    await mustEndWell(lab, 'cutover', '--yes', 'rehearsal', '--plain');
    await last().stop();
    expect(await differing(lab)).toEqual([]);
    expect(await lostOn(lab.target, clients)).toEqual({lost: [], doubled: 0});
    const {alarms} = await stateOf(lab);
    expect(alarms.filter(({id}) => /^(source\.lost|cdc\.sentinels|slot\.gone)/.test(id))).toEqual([]);
  });

  test.skipIf(sourceBin === null)('clean-up leaves nothing on either server', async () => {
    await mustEndWell(lab, 'clean-up', '--give-up-way-back', '--yes', 'rehearsal');
    for (const server of [lab.source, lab.target]) {
      expect(await leftOn(server)).toEqual([]);
      expect(await server.sql('SELECT sub_name FROM pglogical.subscription')).toEqual([]);
      expect(await server.sql('SELECT node_name FROM pglogical.node')).toEqual([]);
    }
    expect(await triggers(lab)).toEqual(['A', 'A']);
    expect((await stateOf(lab)).claimed).toEqual([]);
    expect(
      await lab.source.sql(
        "SELECT setconfig FROM pg_db_role_setting WHERE array_to_string(setconfig, ',') LIKE '%pglogical%'",
      ),
    ).toEqual([]);
  });
});
