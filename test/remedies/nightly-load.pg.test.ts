import {spawn} from 'node:child_process';
import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {startLab, type Lab} from '../../src/lab/lab.ts';
import {beginLoad, holdTable, untilLaneWaits} from '../support/hold.ts';
import {eventually, longhaul, mustEndWell, stateOf} from '../support/longhaul.ts';
import {carry, failing, remedyIn} from './typed.ts';
import {untilReplayed} from '../support/replayed.ts';

/** What pglogical's plugin asks of who reads a slot. */
const OPTIONS = [
  'expected_encoding=UTF8',
  'min_proto_version=1',
  'max_proto_version=1',
  'startup_params_format=1',
].flatMap((one) => ['-o', one]);

/** A load to which things happen, two minutes: `npm run remedies`, nightly. */
const NIGHTLY = process.env['LONGHAUL_NIGHTLY'] !== undefined;

describe.skipIf(!NIGHTLY)('a remedy of a load is carried out as it is written, and the load goes on', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await startLab({size: 'tiny'});
    await edit('lanes: 4', 'lanes: 1');
  });
  afterAll(async () => {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  });

  async function edit(from: string | RegExp, to: string): Promise<void> {
    await writeFile(lab.yamlPath, (await readFile(lab.yamlPath, 'utf8')).replace(from, to));
  }

  test('a schema of the source is called longhaul', async () => {
    await lab.source.sql('CREATE SCHEMA longhaul; CREATE TABLE longhaul.ours (id integer PRIMARY KEY)');
    const [key = ''] = await failing(lab, 'check', /leave it out: tables\.(exclude_schemas: \[longhaul\])/);
    await edit(/$/, `\ntables:\n  ${key}\n`);
    const {stdout} = await longhaul(lab, 'check');
    expect(stdout).not.toContain('leave it out: tables.exclude_schemas');
    await lab.source.sql('DROP SCHEMA longhaul CASCADE');
    await edit(/\ntables:\n.*\n/, '');
  });

  /** A query of the replica that replay has to wait for, because the source has locked its table after it began. */
  async function heldUp(): Promise<() => Promise<void>> {
    const asleep = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep'";
    const query = lab.replica
      .sql('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1 FROM public.trucks LIMIT 1; SELECT pg_sleep(600)')
      .catch(() => []);
    await eventually('the query', async () => ((await lab.replica.sql(asleep)).length > 0 ? true : null));
    await lab.source.sql('BEGIN; LOCK TABLE public.trucks; SELECT txid_current(); COMMIT');
    return async () => {
      await lab.replica.sql(`SELECT pg_terminate_backend(pid) FROM (${asleep}) AS one`);
      await query;
    };
  }

  test('a query on the replica holds replay up before the slots and sets are complete', async () => {
    await edit(/$/, '\ntimeouts:\n  pause: 2s\n');
    await mustEndWell(lab, 'run', '--plain', '--until', 'create-replication-sets');
    const endQuery = await heldUp();
    await failing(
      lab,
      'run --plain --until pause-replay',
      /where a query on the replica holds replay up \(pg_stat_activity\), end it; .*; then run again/,
    );
    await endQuery();
    await expect(mustEndWell(lab, 'run', '--plain', '--until', 'add-tables')).resolves.toBeDefined();
  });

  test('a query on the replica holds replay up at the pause', async () => {
    await untilReplayed(lab);
    const endQuery = await heldUp();
    await failing(
      lab,
      'run --plain --until pause-replay',
      /a query on the replica may hold replay up \(pg_stat_activity, max_standby_streaming_delay\): end it, then run again/,
    );
    await endQuery();
    await expect(mustEndWell(lab, 'run', '--plain', '--until', 'prove-boundary')).resolves.toBeDefined();
    await edit(/\ntimeouts:\n.*\n/, '');
  });

  test('configuration of an extension is on the target that the run did not put there', async () => {
    const [[extension = ''] = []] = await lab.source.sql(
      "SELECT extname FROM pg_extension WHERE extname NOT IN ('plpgsql', 'pglogical') ORDER BY 1 LIMIT 1",
    );
    for (const server of [lab.source, lab.target]) {
      await server.sql(`
        CREATE TABLE public.ext_conf (id integer PRIMARY KEY); GRANT ALL ON public.ext_conf TO longhaul;
        ALTER EXTENSION "${extension}" ADD TABLE public.ext_conf;
        UPDATE pg_extension SET extconfig = ARRAY['public.ext_conf'::regclass::oid], extcondition = ARRAY['']
         WHERE extname = '${extension}'`);
    }
    await lab.target.sql('INSERT INTO public.ext_conf VALUES (1)');
    const [sql = ''] = await failing(
      lab,
      'run --plain --from strip-target --until strip-target',
      /when it is not wanted, on the target: ([^;]*); then run again/,
    );
    await lab.target.sql(sql);
    await expect(mustEndWell(lab, 'run', '--plain', '--until', 'strip-target')).resolves.toBeDefined();
    for (const server of [lab.source, lab.target])
      await server.sql(`
        UPDATE pg_extension SET extconfig = NULL, extcondition = NULL WHERE extname = '${extension}';
        ALTER EXTENSION "${extension}" DROP TABLE public.ext_conf; DROP TABLE public.ext_conf`);
  });

  test('a unique index is made while the load runs', async () => {
    await mustEndWell(lab, 'run', '--plain', '--until', 'strip-target');
    const letGo = await holdTable(lab, 'public.events');
    await beginLoad(lab, 1);
    await untilLaneWaits(lab);
    const later = (await stateOf(lab)).units.filter(({kind}) => kind === 'table').at(-1);
    const [table] = later?.tables ?? [];
    await lab.target.sql(`CREATE UNIQUE INDEX by_hand ON "${table?.schema}"."${table?.name}" ((1))`);
    await letGo();
    const stateOfIt = async () => (await stateOf(lab)).units.find(({id}) => id === later?.id)?.state;
    const remedy = await eventually('the unit to fail', async () => {
      const state = await stateOfIt();
      return state?.status === 'failed' ? state.failure.remedy : null;
    });
    const [from = '', retry = ''] = remedyIn(
      remedy,
      /a unique index is on the target: longhaul (run --from strip-target) takes off .* and names what is the target's alone, to be dropped there by hand; then longhaul (retry \S+)$/,
    );
    await longhaul(lab, 'shutdown');
    await failing(lab, `${from} --plain --until strip-target`, /drop it on the target yourself/);
    await lab.target.sql(`DROP INDEX "${table?.schema}".by_hand`);
    const {code} = await longhaul(lab, ...from.split(' '), '--plain', '--until', 'full-load');
    if (code !== 0) await carry(lab, retry);
    expect((await stateOfIt())?.status).toBe('committed');
  });

  test('a slot is read by what the role cannot end', async () => {
    await longhaul(lab, 'shutdown');
    const [slot = ''] = (await stateOf(lab)).claimed.flatMap((one) => (one.startsWith('slot ') ? [one.slice(5)] : []));
    const args = ['-d', `host=${lab.source.socketDir} port=${lab.source.port} user=postgres dbname=app`, '--no-loop'];
    const reader = spawn(
      join(lab.source.clientBin, 'pg_recvlogical'),
      [...args, '-S', slot, '--start', '-f', '/dev/null', ...OPTIONS],
      {stdio: 'ignore'},
    );
    const reading = `SELECT active_pid FROM pg_replication_slots WHERE slot_name = '${slot}' AND active`;
    await eventually('the reader', async () => ((await lab.source.sql(reading)).length > 0 ? true : null));
    const [again = ''] = await failing(
      lab,
      'release --yes rehearsal --end-readers',
      /end what reads it as a superuser, then longhaul (release --yes rehearsal) again/,
    );
    await lab.source.sql(`SELECT pg_terminate_backend(active_pid) FROM (${reading}) AS one`);
    reader.kill();
    await eventually('its end', async () => ((await lab.source.sql(reading)).length === 0 ? true : null));
    await carry(lab, again);
    expect(await lab.source.sql(`SELECT 1 FROM pg_replication_slots WHERE slot_name = '${slot}'`)).toEqual([]);
  });
});
