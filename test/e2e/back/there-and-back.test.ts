import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {findServerBin} from '../../../src/lab/cluster/server-programs.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {serverBin} from '../../pairs/npm-servers.ts';
import {eventually, longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';
import {startClients, type Clients} from '../cutover/clients.ts';
import {differing} from './story.ts';

const SEED = join(import.meta.dirname, '../../handoffs/seed.sql');

const NIGHTLY = process.env['LONGHAUL_NIGHTLY'] !== undefined;
/** Every release there and back is of the night; a dump of 18 wants programs of 18, so that it is the target. */
const PAIRS = [
  ['15 to 15', {}],
  [
    '15 to 18 (nightly: npm run cutovers)',
    NIGHTLY ? {targetBin: await serverBin(18), toolsBin: await findServerBin()} : null,
  ],
] as const;

/** What comes back by itself on no way: rows without a key that are changed, and large objects. */
const REST = [
  'SELECT account, amount FROM public.log ORDER BY 1, 2',
  'SELECT oid, lo_get(oid) FROM pg_largeobject_metadata ORDER BY 1',
];
const OWNERS = 'SELECT oid, pg_get_userbyid(lomowner) FROM pg_largeobject_metadata WHERE oid < 70003 ORDER BY 1';

/** How the trigger that fires ALWAYS is enabled on each side. */
async function triggers({source, target}: Lab): Promise<Readonly<Record<'source' | 'target', string | undefined>>> {
  const query = "SELECT tgenabled FROM pg_trigger WHERE tgname = 'always'";
  return {source: (await source.sql(query))[0]?.[0], target: (await target.sql(query))[0]?.[0]};
}

describe.each(PAIRS)('there and back, under writers, %s', (_, bins) => {
  const isSkipped = bins === null;
  let lab: Lab;
  let clients: Clients;
  beforeAll(async () => {
    if (isSkipped) return;
    lab = await startLab({seed: SEED, engine: 'native', wayBack: true, ...bins});
    const yaml = await readFile(lab.yamlPath, 'utf8');
    await writeFile(lab.yamlPath, yaml.replace('caught_up_for: 3s', 'caught_up_for: 1s'));
    await lab.source.sql(
      `CREATE FUNCTION public.noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.amount := NEW.amount; RETURN NEW; END';
       CREATE TRIGGER always BEFORE INSERT ON public.moves FOR EACH ROW EXECUTE FUNCTION public.noted();
       ALTER TABLE public.moves ENABLE ALWAYS TRIGGER always;
       INSERT INTO public.log SELECT n, n % 7 FROM generate_series(1, 500) AS n;
       SELECT lo_from_bytea(n, decode('abcd', 'hex')) FROM generate_series(70001, 70003) AS n;
       ALTER LARGE OBJECT 70001 OWNER TO app_owner`,
    );
    clients = startClients(lab.source);
    await mustEndWell(lab, 'run', '--plain');
  });
  afterAll(async () => {
    if (isSkipped) return;
    await clients.stop();
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  });

  test.skipIf(isSkipped)('what is written on the target after the hand-over comes to the source', async () => {
    await mustEndWell(lab, 'cutover', '--yes', 'rehearsal', '--plain');
    await clients.stop();
    expect(await differing(lab)).toEqual([]);
    clients = startClients(lab.target);
    await eventually('the source to have what is written on the target', async () => {
      const last = clients.committed().at(-1);
      if (last === undefined || clients.committed().length < 100) return null;
      const [row] = await lab.source.sql(`SELECT 1 FROM public.moves WHERE id = ${last}`);
      return row === undefined ? null : true;
    });
    // Its work was done where the row was written, and came with it.
    expect(await triggers(lab)).toEqual({source: 'D', target: 'A'});
  });

  test.skipIf(isSkipped)('back leads to the source without losing a row of those that were committed', async () => {
    const owners = await lab.source.sql(OWNERS);
    await lab.target.sql(
      `UPDATE public.log SET amount = -1 WHERE account < 20; DELETE FROM public.log WHERE account IN (30, 31);
       SELECT lo_put(70001, 1, 'xyz'), lo_unlink(70003), lo_from_bytea(70004, decode('0102', 'hex'));
       ALTER LARGE OBJECT 70004 OWNER TO app_owner; ALTER LARGE OBJECT 70001 OWNER TO app`,
    );
    const {stdout} = await mustEndWell(lab, 'back', '--yes', 'rehearsal', '--plain');
    expect(stdout).toContain('BACK: the source takes writes');
    await clients.stop();
    expect(await differing(lab)).toEqual([]);
    for (const query of REST) expect(await lab.source.sql(query)).toEqual(await lab.target.sql(query));
    // Each object is whose it was.
    expect(await lab.source.sql(OWNERS)).toEqual(owners);
    const {cutover, back, alarms, evidence} = await stateOf(lab);
    expect(evidence['back-copy-the-rest']).toMatchObject({
      copied: [{table: 'public.log'}],
      objects: {copied: 2, removed: 1},
    });
    // Others come and go with how busy the machine is.
    expect(alarms.filter(({id}) => /^(source\.lost|cdc\.sentinels|target\.writers)/.test(id))).toEqual([]);
    expect([cutover?.status, back?.status]).toEqual(['gone-back', 'handed-over']);
    expect(await triggers(lab)).toEqual({source: 'A', target: 'D'});
    const there = new Set((await lab.source.sql('SELECT id FROM public.moves')).map(([id]) => Number(id)));
    expect(clients.committed().filter((id) => !there.has(id))).toEqual([]);
  });

  test.skipIf(isSkipped)(
    'from then on changes are captured from the source again, and a second cutover hands over',
    async () => {
      // Nothing of the way is in that of another supervisor, and it switches on no trigger that would fire for what is applied.
      await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
      await mustEndWell(lab, 'run', '--plain');
      expect(await triggers(lab)).toEqual({source: 'A', target: 'D'});
      clients = startClients(lab.source);
      await eventually('the target to have what is written on the source', async () => {
        const last = clients.committed().at(-1);
        if (last === undefined) return null;
        const [row] = await lab.target.sql(`SELECT 1 FROM public.moves WHERE id = ${last}`);
        return row === undefined ? null : true;
      });
      await mustEndWell(lab, 'cutover', '--yes', 'rehearsal', '--plain');
      await clients.stop();
      expect(await differing(lab)).toEqual([]);
    },
  );

  test.skipIf(isSkipped)(
    'clean-up is refused while the way back is open, and then leaves nothing on either server',
    async () => {
      const refused = await longhaul(lab, 'clean-up', '--yes', 'rehearsal');
      expect(refused.stderr).toContain('the way back is open');
      await mustEndWell(lab, 'clean-up', '--give-up-way-back', '--yes', 'rehearsal');
      for (const server of [lab.source, lab.target]) {
        const left = await server.sql(
          `SELECT slot_name FROM pg_replication_slots WHERE slot_type = 'logical' UNION ALL SELECT pubname FROM pg_publication
           UNION ALL SELECT subname FROM pg_subscription UNION ALL SELECT roname FROM pg_replication_origin
           UNION ALL SELECT nspname FROM pg_namespace WHERE nspname IN ('longhaul', 'longhaul_cdc')`,
        );
        expect(left).toEqual([]);
      }
      // As it was before the changes came back.
      expect(await lab.source.sql("SELECT tgenabled FROM pg_trigger WHERE tgname = 'always'")).toEqual([['A']]);
      expect((await stateOf(lab)).claimed).toEqual([]);
    },
  );
});
