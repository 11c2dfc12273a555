import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {Client} from 'pg';
import {afterAll, afterEach, beforeAll, describe, expect, test} from 'vitest';
import {LonghaulError} from '../../../src/domain/base/longhaul-error.ts';
import {readForwardFindings} from '../../../src/engine/cutover/rehearse.ts';
import {readWaitingObjects} from '../../../src/engine/cutover/waiting-objects.ts';
import {drain} from '../../../src/engine/steps/cutover/drain.ts';
import {stopWrites} from '../../../src/engine/steps/cutover/stop-writes.ts';
import {drained} from '../../support/drained.ts';
import {holdOpen} from '../../support/hold.ts';
import {contextOn} from '../../support/lab-context.ts';
import {eventually, journalOf, longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';
import {rowsOf, startClients, type Clients} from './clients.ts';
import {HELD_STEPS, startHeldLab, type HeldEngine, type HeldLab} from './held.ts';

const NIGHTLY = process.env['LONGHAUL_NIGHTLY'] !== undefined;

/** Who takes the cutover back; npm run cutovers has all of them. */
const HOW: readonly (readonly [HeldEngine, string, nightly: boolean])[] = [
  ['native', 'by its command', false],
  ['native', 'by the next supervisor, for its own was killed', true],
  ['pglogical', 'by its command', true],
  ['pglogical', 'by the next supervisor, for its own was killed', true],
];

/** In every test run those that decide: before the drain, with the locks held, with triggers that fire while changes are applied, and just before the opening. All of them by npm run cutovers. */
const DECISIVE: readonly string[] = ['stop-writes', 'restore-triggers-and-keys', 'compare-final', 'hand-over'];
const STEPS = HELD_STEPS.filter((step) => NIGHTLY || DECISIVE.includes(step));

/** Whoever has held something for so long keeps it. */
const KEPT_FOR =
  "SELECT pid FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND wait_event = 'PgSleep' AND now() - xact_start > '5s'";

/** Held there, writers have not been stopped yet. */
const NOT_REFUSED: readonly string[] = ['prepare-reverse', 'stop-writes'];

/** What a cutover that was taken back has left on a server, in words; what it does not have at every time is waited for. */
const LEFT = `SELECT 'setting ' || c FROM pg_db_role_setting s, unnest(setconfig) c WHERE c LIKE 'default_transaction_read_only%' AND current_setting('port') = $PORT
   UNION ALL SELECT 'trigger ' || tgname FROM pg_trigger WHERE tgname LIKE 'longhaul%'
   UNION ALL SELECT 'fires ' || tgname FROM pg_trigger WHERE tgenabled IN ('A', 'R') AND tgrelid = 'public.moves'::regclass AND current_setting('port') <> $PORT
   UNION ALL SELECT 'session ' || application_name FROM pg_stat_activity WHERE application_name ~ '^longhaul/rehearsal/(fence|final|copy-rest)'
   UNION ALL SELECT 'lock ' || l.mode || ' ' || l.relation::regclass FROM pg_locks l JOIN pg_stat_activity a USING (pid)
              WHERE a.application_name LIKE 'longhaul/%' AND l.locktype = 'relation' AND l.mode NOT IN ('AccessShareLock', 'RowExclusiveLock')`;

const COMES_BACK: Readonly<Record<HeldEngine, string>> = {
  native: "SELECT 'comes back by ' || subname FROM pg_subscription WHERE subenabled",
  pglogical:
    "SELECT 'comes back by ' || sub_name FROM pglogical.subscription WHERE sub_enabled AND sub_replication_sets <> '{}'",
};
const KEPT = "SELECT 'kept by ' || slot_name FROM pg_replication_slots WHERE slot_type = 'logical'";

/** Slots of the source that are not read; none where there are none. */
const UNREAD = "SELECT slot_name::text FROM pg_replication_slots WHERE slot_type = 'logical' AND NOT active";
const SLOTS = "SELECT slot_name::text FROM pg_replication_slots WHERE slot_type = 'logical' ORDER BY 1";

describe.each(HOW)('a cutover with %s that is taken back %s', (engine, how, nightly) => {
  const isOn = !nightly || NIGHTLY;
  const isKilled = how.includes('killed');
  let held: HeldLab;
  let clients: Clients;
  let slots: readonly unknown[];
  const lab = () => held.lab;

  const left = async (): Promise<unknown[]> => {
    const query = LEFT.replaceAll('$PORT', `'${lab().source.port}'`);
    return [
      ...(await lab().source.sql(query)),
      ...(await lab().target.sql(query)),
      ...(await lab().source.sql(COMES_BACK[engine])),
      // Those of pglogical are there, and ask for nothing.
      ...(engine === 'native' ? await lab().target.sql(KEPT) : []),
    ];
  };

  async function mustWriteOnSource(): Promise<void> {
    const before = clients.committed().length;
    await eventually('the application to write on the source', async () =>
      clients.committed().length > before + 20 ? true : null,
    );
  }

  async function mustBeClosed(): Promise<void> {
    const {socketDir, port} = lab().target;
    const client = new Client({host: socketDir, port, user: 'app', database: 'app'});
    await client.connect();
    try {
      const write = client.query('UPDATE public.accounts SET balance = 0 WHERE id = 1');
      await expect(write).rejects.toMatchObject({code: '25006'});
    } finally {
      await client.end();
    }
  }

  /** Nothing of the cutover is left, change capture goes on, and what is written now arrives. */
  async function mustBeBack(): Promise<void> {
    const {cutover} = await stateOf(lab());
    expect(cutover?.status).toBe('gone-back');
    expect(cutover?.goneBack?.reason).not.toMatch(/NOT/);
    await mustWriteOnSource();
    await mustBeClosed();
    let last: unknown[] = [];
    await eventually('nothing to be left', async () => ((last = await left()).length === 0 ? true : null)).catch(
      () => null,
    );
    expect(last).toEqual([]);
    expect(await lab().source.sql(SLOTS)).toEqual(slots);
    await eventually('each slot to be read', async () => ((await lab().source.sql(UNREAD)).length === 0 ? true : null));
    const committed = clients.committed().slice();
    await drained(lab());
    const arrived = new Set(await rowsOf(lab().target));
    // A row may be committed behind those that have higher numbers.
    expect(committed.filter((id) => !arrived.has(id))).toEqual([]);
  }

  /** Whoever is waited for is told while that lasts, and not once it has failed. */
  async function mustBeNamed(step: string): Promise<void> {
    await eventually('who holds it to be named', async () => {
      const told = (await journalOf(lab())).flatMap((entry) =>
        entry.type === 'step.progressed' && entry.step === step ? [entry.what] : [],
      );
      return told.some((what) => /waited for, which is held by pid \d+ of postgres/.test(what)) ? true : null;
    });
  }

  beforeAll(async () => {
    if (!isOn) return;
    held = await startHeldLab(engine);
    clients = startClients(lab().source, {pauseMs: 5});
    await mustEndWell(lab(), 'run', '--plain');
    slots = await lab().source.sql(SLOTS);
  });
  afterEach(async () => {
    if (isOn) await held.letGo();
  });
  afterAll(async () => {
    if (!isOn) return;
    await clients.stop();
    await longhaul(lab(), 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab().stop();
  });

  test.skipIf(!isOn || nightly)(
    'who keeps a table of the target locked is named with what ends it before the writes are stopped',
    async () => {
      // Others wait for a lock for long here; this one goes by how long that is.
      const yamlPath = join(lab().folder, 'quick.yaml');
      const yaml = await readFile(lab().yamlPath, 'utf8');
      await writeFile(yamlPath, yaml.replace('timeouts: {lock: 1min}', 'timeouts: {lock: 500ms}'));
      const ctx = await contextOn({...lab(), yamlPath}, ...(await journalOf(lab())));
      const letGo = await holdOpen(lab(), 'LOCK TABLE public.countries IN ACCESS EXCLUSIVE MODE');
      await eventually('it to be kept', async () => ((await lab().target.sql(KEPT_FOR)).length > 0 ? true : null));
      const seen = await longhaul({yamlPath}, 'cutover', '--check');
      expect(seen.code).toBe(1);
      expect(seen.stdout).toMatch(/somebody holds locks on the target's tables, .*pid \d+ of postgres/s);
      expect(seen.stdout).toContain('tables of the target are locked: ');
      const {findings} = await stopWrites.check(ctx);
      expect(findings.find(({check}) => check === 'cutover.held')?.severity).toBe('blocker');
      const refused = await readWaitingObjects(ctx).catch((error: unknown) => error);
      expect(String(refused)).toMatch(/10 times somebody held a lock on the target .*: pid \d+ of postgres/);
      const {remedy} = refused instanceof LonghaulError ? refused : {remedy: ''};
      const [ends = ''] = /SELECT pg_terminate_backend\(\d+\)/.exec(remedy) ?? [];
      await lab().target.sql(ends);
      await letGo();
      await readWaitingObjects(ctx);
      expect((await readForwardFindings(ctx)).map(({check}) => check)).not.toContain('cutover.held');
      await ctx.close();
    },
  );

  test.skipIf(!isOn || nightly)(
    'a slot that does not drain tells at which table its worker waits, and for whom',
    async () => {
      const ctx = await contextOn(lab(), ...(await journalOf(lab())));
      const letGo = await holdOpen(lab(), 'LOCK TABLE longhaul_cdc.lh_01 IN SHARE MODE');
      const config = {...ctx.config, cutover: {...ctx.config.cutover, drainLimitMs: 3_000}};
      const ended = await drain.run({...ctx, config}).catch((error: unknown) => error);
      await letGo();
      await ctx.close();
      expect(String(ended)).toMatch(
        /lh_01: .*its worker waits for a lock on longhaul_cdc\.lh_01, which is held by pid \d+ of postgres/,
      );
    },
  );

  test.skipIf(!isOn).each(STEPS)(
    'in %s has writes allowed again, the target closed, change capture going on, and nothing left',
    async (step) => {
      const {ended} = await held.cutOverTo(step);
      if (step === 'restore-triggers-and-keys') await mustBeNamed(step);
      if (isKilled) process.kill((await stateOf(lab())).supervisor?.pid ?? 0, 'SIGKILL');
      // Its order ends with the cutover, or with the supervisor.
      const isOver = isKilled ? await ended : null;
      expect(isOver?.code).not.toBe(0);
      const taking = longhaul(lab(), 'cutover', '--back-out');
      // Before what holds it is over; as long as nothing was refused, writing tells nothing.
      await (NOT_REFUSED.includes(step) ? taking : mustWriteOnSource());
      await held.letGo();
      const out = await taking;
      // What waits for a lock for too long has gone back by itself by then.
      expect(out.code === 0 || out.stderr.includes('no cutover is under way'), out.stderr).toBe(true);
      expect((await ended).code).not.toBe(0);
      await mustBeBack();
      const {reason = ''} = (await stateOf(lab())).cutover?.goneBack ?? {};
      expect(reason.includes('its supervisor had ended')).toBe(isKilled);
      expect(held.isUndone()).toBe(step !== 'prepare-reverse');
    },
  );

  test.skipIf(!isOn || !isKilled)(
    'once it opens the target is gone on with by the next supervisor, and neither taken back nor given up',
    async () => {
      const {ended} = await held.cutOverTo('hand-over');
      // Not before: whoever makes a slot there waits for it as well.
      const letGo = await holdOpen(lab(), "SET TRANSACTION READ WRITE; ALTER DATABASE app SET work_mem = '4MB'");
      await held.letGo();
      await eventually('the target to be opened', async () =>
        (await stateOf(lab())).cutover?.status === 'opening' ? true : null,
      );
      process.kill((await stateOf(lab())).supervisor?.pid ?? 0, 'SIGKILL');
      await ended;
      for (const words of [
        ['cutover', '--back-out'],
        ['abort', '--yes', 'rehearsal'],
      ]) {
        const refused = await longhaul(lab(), ...words);
        expect(refused.code).not.toBe(0);
        expect(refused.stderr).toMatch(/longhaul --config \S+ back leads back/);
      }
      await letGo();
    },
  );

  test.skipIf(!isOn)('and the next one goes through, with every row that was committed', async () => {
    await mustEndWell(lab(), 'cutover', '--yes', 'rehearsal', '--plain');
    await clients.stop();
    expect((await stateOf(lab())).cutover?.status).toBe('handed-over');
    const there = new Set(await rowsOf(lab().target));
    expect(clients.committed().filter((id) => !there.has(id))).toEqual([]);
    const after = startClients(lab().target);
    await eventually('the application to write on the target', async () =>
      after.committed().length > 20 ? true : null,
    );
    await after.stop();
  });
});
