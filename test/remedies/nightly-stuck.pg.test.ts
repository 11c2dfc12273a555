import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {createWireClient} from '../../src/engine/wire/client.ts';
import {startLab, type Lab} from '../../src/lab/lab.ts';
import {edit} from '../support/edit.ts';
import {beginLoad, holdOpen, holdTable, standAtNewBoundary, untilLaneWaits} from '../support/hold.ts';
import {eventually, longhaul, mustEndWell, stateOf} from '../support/longhaul.ts';
import {carry, failing, remedyIn} from './typed.ts';

/** What does not end by itself, three minutes: `npm run remedies`, nightly. */
const NIGHTLY = process.env['LONGHAUL_NIGHTLY'] !== undefined;

describe.skipIf(!NIGHTLY)('a remedy against what does not end is carried out as it is written', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await startLab({size: 'tiny'});
    await edit(lab, ['lanes: 4', 'lanes: 1\n  retries: 0']);
    // Nobody waits for it but on the target.
    await lab.source.sql(`
      CREATE FUNCTION public.dawdle() RETURNS integer LANGUAGE plpgsql AS $$
        BEGIN
          IF current_setting('port') = '${lab.target.port}' THEN PERFORM pg_catalog.pg_sleep(600); END IF;
          RETURN 1;
        END $$;
      CREATE MATERIALIZED VIEW public.dawdling AS SELECT public.dawdle() AS one;
      GRANT SELECT ON public.dawdling TO longhaul`);
    await mustEndWell(lab, 'run', '--plain', '--until', 'strip-target');
  });
  afterAll(async () => {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  });

  const statusOf = async (unit?: string): Promise<string | undefined> =>
    (await stateOf(lab)).units.find(({id}) => id === unit)?.state.status;

  test('the role may not write into a table any more', async () => {
    const letGo = await holdTable(lab, 'public.events');
    await beginLoad(lab, 1);
    await untilLaneWaits(lab);
    const [[owner = ''] = []] = await lab.target.sql(
      "SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = 'billing.line_items'::regclass",
    );
    await lab.target.sql(
      'REVOKE pg_write_all_data FROM longhaul; ALTER TABLE billing.line_items OWNER TO postgres; REVOKE ALL ON billing.line_items FROM PUBLIC, longhaul',
    );
    await letGo();
    const {id, failure} = await eventually('the unit to be refused', async () => {
      const unit = (await stateOf(lab)).units.find(({tables}) => tables.some(({name}) => name === 'line_items'));
      return unit?.state.status === 'failed' ? {id: unit.id, failure: unit.state.failure} : null;
    });
    expect(failure).toMatchObject({sqlstate: '42501', heals: false});
    expect(failure.message).toContain('permission denied for table line_items');
    const [most = '', last = '', retry = ''] = remedyIn(
      failure.remedy,
      /^grant the target's role what the message names \(of a table (.*) and (\w+), or membership in its owner\), then longhaul (retry \S+)$/,
    );
    await lab.target.sql(`GRANT ${most}, ${last} ON billing.line_items TO longhaul`);
    await carry(lab, retry);
    await eventually('it to be in', async () => ((await statusOf(id)) === 'committed' ? true : null));
    await lab.target.sql(
      `ALTER TABLE billing.line_items OWNER TO "${owner}"; GRANT pg_write_all_data TO longhaul WITH ADMIN OPTION`,
    );
  });

  test('a backend of a lane outlives pg_terminate_backend', async () => {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await standAtNewBoundary(lab);
    const letGo = await holdTable(lab, 'public.accounts');
    await beginLoad(lab, 1);
    await untilLaneWaits(lab);
    const [[pid = ''] = []] = await lab.target.sql(
      `SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'longhaul/rehearsal/%' AND wait_event_type = 'Lock'`,
    );
    // As one that waits for a disk that does not answer.
    process.kill(Number(pid), 'SIGSTOP');
    try {
      const [query = '', run = ''] = await failing(
        lab,
        'shutdown --lanes --yes rehearsal',
        /on the target: (SELECT [^;]*); end them \(pg_terminate_backend; [^)]*\), then the same again, or longhaul (run)/,
      );
      const shown = await lab.target.sql(query);
      expect(shown.map(([one]) => one)).toContain(pid);
      await lab.target.sql(`SELECT pg_terminate_backend(${pid})`);
      expect(run).toBe('run');
    } finally {
      process.kill(Number(pid), 'SIGCONT');
      await letGo();
    }
    await carry(lab, 'run', '--plain --until full-load');
    expect((await stateOf(lab)).units.every(({state}) => state.status === 'committed')).toBe(true);
  });

  test('the row of the owner is held by a session that nobody knows', async () => {
    await standAtNewBoundary(lab);
    const letGo = await holdOpen(lab, 'SELECT 1 FROM longhaul.owner FOR SHARE');
    const [query = ''] = await failing(
      lab,
      'run --plain --from full-load --until full-load',
      /on the target: (SELECT [^;]*); wait for it or end it, then run again/,
    );
    const [[pid = ''] = [], ...others] = await lab.target.sql(query);
    expect(others).toEqual([]);
    await lab.target.sql(`SELECT pg_terminate_backend(${pid})`);
    await mustEndWell(lab, 'run', '--plain', '--from', 'full-load', '--until', 'full-load');
    await letGo();
    expect((await stateOf(lab)).units.every(({state}) => state.status === 'committed')).toBe(true);
  });

  test('a statement on the target outlives the patience of an abort', async () => {
    await mustEndWell(lab, 'run', '--detach');
    const dawdling = `SELECT pid FROM pg_stat_activity WHERE query LIKE 'REFRESH%dawdling%' AND wait_event = 'PgSleep'`;
    await eventually('the view', async () => ((await lab.target.sql(dawdling)).length > 0 ? true : null));
    const client = createWireClient({
      path: join(lab.folder, 'run/supervisor.sock'),
      who: 'ana',
      readOnly: false,
      now: Date.now,
    });
    const connected = new Promise((resolve) => client.on(({type}) => type === 'connected' && resolve(null)));
    await connected;
    const reply = await client.send({type: 'abort', typed: 'rehearsal'});
    client.close();
    if (reply.ok) throw new Error(reply.message);
    const [abort = ''] = remedyIn(
      reply.remedy,
      /in another window, longhaul (abort --yes rehearsal): it ends the supervisor/,
    );
    await carry(lab, abort);
    await eventually('its end on the target', async () =>
      (await lab.target.sql(dawdling)).length === 0 ? true : null,
    );
    expect(await lab.source.sql("SELECT slot_name FROM pg_replication_slots WHERE slot_type = 'logical'")).toEqual([]);
  });
});
