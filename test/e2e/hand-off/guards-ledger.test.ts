import {join} from 'node:path';
import {writeFileSync} from 'node:fs';
import {afterAll, afterEach, beforeAll, describe, expect, test} from 'vitest';
import type {RunEvent} from '../../../src/domain/run/event.ts';
import {parseLsn} from '../../../src/domain/pg/lsn.ts';
import {readUnitsIn} from '../../../src/engine/load/read-ledger.ts';
import {agreeWithLedger, createSettling} from '../../../src/engine/load/lane/settle.ts';
import {takeTarget} from '../../../src/engine/load/take-target.ts';
import {createRunFolder, runFolderAt} from '../../../src/engine/run/run-folder.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {createLedger, ledgerOpening} from '../../../src/pg/load/ledger.ts';
import {mustBeEmpty, mustHaveNoObjects} from '../../../src/pg/load/own-tables.ts';
import type {Session} from '../../../src/pg/session/session.ts';
import {sql} from '../../../src/pg/session/statement.ts';
import {startFakeLane, type FakeLane} from '../../support/fake-lane.ts';
import {contextOn, type LabContext} from '../../support/lab-context.ts';
import {eventually} from '../../support/longhaul.ts';
import {RUN} from '../../support/stepping.ts';
import {unitsByHand, type UnitsByHand} from '../../support/units-by-hand.ts';

const P = parseLsn('0/28');
const TABLE = '"public"."load me"';
const UNIT = '01-public.events';

let lab: Lab;
let ctx: LabContext;
let target: Session;
let units: UnitsByHand;
let lane: FakeLane | null = null;

beforeAll(async () => {
  lab = await startLab({size: 'tiny'});
  await createRunFolder(runFolderAt(join(lab.folder, 'run')));
  ctx = await contextOn(lab, RUN);
  target = await ctx.session('target');
  units = unitsByHand(lab, target, {boundary: P, unit: UNIT, table: TABLE});
  for (const statement of createLedger()) await target.run(statement);
  await target.run(sql(`CREATE TABLE ${TABLE} (id integer)`));
});
afterEach(async () => {
  lane?.end();
  lane = null;
  await target.run(sql(`TRUNCATE ${TABLE}, longhaul.load_unit, longhaul.load_table, longhaul.owner`));
});
afterAll(async () => {
  await ctx.close();
  await lab.stop();
});

describe('a unit on the target', () => {
  test('is in with its row of the ledger, and without its token nothing of it is', async () => {
    await units.own();
    await lab.target.sql(units.open());
    expect([await units.rows(), await units.inLedger()]).toEqual(['0', []]);
    await lab.target.sql(units.whole());
    expect([await units.rows(), await units.inLedger()]).toEqual(['2', ['rehearsal']]);
    expect(await readUnitsIn(target, 'rehearsal')).toMatchObject([{unit: UNIT, boundary: P, tables: [TABLE]}]);
    expect(await readUnitsIn(target, 'another')).toEqual([]);
    expect(await readUnitsIn(target, 'rehearsal', [UNIT, 'another'])).toMatchObject([{unit: UNIT}]);
    expect(await readUnitsIn(target, 'rehearsal', ['another'])).toEqual([]);
  });

  test('of a run that does not own the target brings nothing in, nor does one of an older P of its own', async () => {
    await expect(lab.target.sql(units.whole())).rejects.toThrow('the target belongs to no run now');
    await units.own('other');
    await expect(lab.target.sql(units.whole())).rejects.toThrow('the target belongs to run other');
    await units.own('rehearsal', '0/30');
    await expect(lab.target.sql(units.whole())).rejects.toThrow('the target belongs to run rehearsal at P 0/30');
    expect([await units.rows(), await units.inLedger()]).toEqual(['0', []]);
  });

  test('keeps the target its run’s own until it is in: whoever takes it over waits', async () => {
    await units.own();
    const unit = await units.waiting();
    await expect(units.own('other')).rejects.toThrow(/lock/);
    expect(await unit.letGo()).toBe('in');
    await units.own('other');
    await expect(lab.target.sql(units.whole({unit: '02-more'}))).rejects.toThrow('belongs to run other');
    expect(await units.rows()).toBe('2');
  });

  test('that is tried a second time waits for the first, and fails once that is in', async () => {
    await units.own();
    const unit = await units.waiting();
    const second = lab.target
      .sql(
        `${ledgerOpening(target.version, {run: 'rehearsal', boundary: P, unit: UNIT, attempt: 2, tables: []})} SELECT 1; COMMIT`,
      )
      .catch((error: unknown) => String(error));
    await eventually('the second', async () => {
      const waiting = await lab.target.sql(`SELECT 1 FROM pg_locks WHERE locktype = 'transactionid' AND NOT granted`);
      return waiting[0] ?? null;
    });
    await unit.letGo();
    expect(await second).toContain('duplicate key');
    expect(await units.rows()).toBe('2');
  });

  test('ends where its table holds rows that nobody knows, hidden ones too, and lets nobody write beside it', async () => {
    await units.own();
    await lab.target.sql(`INSERT INTO ${TABLE} VALUES (99)`);
    await expect(lab.target.sql(units.whole())).rejects.toThrow('holds rows that this run did not load');
    // The owner does not see rows that row security hides, and must not take the table for an empty one.
    await target.run(sql(`ALTER TABLE ${TABLE} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY`));
    const asOwner = await ctx.open('target', 'x');
    await asOwner.run(sql('SET row_security = on'));
    await expect(asOwner.run(sql(`BEGIN; ${mustBeEmpty([TABLE])}`))).rejects.toThrow('row-level security');
    await asOwner.close();
    await lab.target.sql(`ALTER TABLE ${TABLE} DISABLE ROW LEVEL SECURITY; TRUNCATE ${TABLE}`);
    const unit = await units.waiting();
    await expect(target.run(sql(`INSERT INTO ${TABLE} VALUES (98)`), {lockTimeoutMs: 300})).rejects.toThrow(/lock/);
    expect(await unit.letGo()).toBe('in');
    expect(await units.rows()).toBe('2');
    expect(mustBeEmpty([])).toBe('');
  });

  test('sees the rows that it had to wait for, whatever isolation the database begins transactions in', async () => {
    await units.own();
    const other = await ctx.open('target', 'x');
    await lab.target.sql(`ALTER DATABASE app SET default_transaction_isolation = 'repeatable read'`);
    try {
      await other.run(sql(`BEGIN; INSERT INTO ${TABLE} VALUES (97)`));
      const ended = lab.target.sql(units.whole()).then(
        () => 'in',
        (error: unknown) => String(error),
      );
      await eventually('the unit', async () => {
        const waiting = await lab.target.sql(`SELECT 1 FROM pg_locks WHERE locktype = 'relation' AND NOT granted`);
        return waiting[0] ?? null;
      });
      await other.run(sql('COMMIT'));
      expect(await ended).toContain('holds rows that this run did not load');
      expect(await units.rows()).toBe('1');
    } finally {
      await other.close();
      await lab.target.sql('ALTER DATABASE app RESET default_transaction_isolation');
    }
  });

  test('of large objects ends where the target holds any', async () => {
    await lab.target.sql(mustHaveNoObjects());
    await lab.target.sql('SELECT lo_create(0)');
    await expect(lab.target.sql(mustHaveNoObjects())).rejects.toThrow('large objects that this run did not load');
    await lab.target.sql('SELECT lo_unlink(oid) FROM pg_largeobject_metadata');
  });
});

const owner = async () => (await lab.target.sql('SELECT run, boundary FROM longhaul.owner'))[0];

describe('who takes a target', () => {
  const boundary = {lsn: P, postmasterStart: 'then', timeline: 1, systemIdentifier: '7', capturedAt: ''};

  test('gets it where nobody has it or its run is gone, and not while that run is connected', async () => {
    await takeTarget(ctx, boundary);
    expect(await owner()).toEqual(['rehearsal', P]);
    await units.own('other');
    const theirs = await ctx.open('target', 'x');
    await theirs.run(sql("SET application_name = 'longhaul/other/01-a'"));
    await expect(takeTarget(ctx, boundary)).rejects.toMatchObject({
      message: expect.stringContaining('the target belongs to run other'),
      remedy: expect.stringContaining('let run other end'),
    });
    expect(await owner()).toEqual(['other', P]);
    await theirs.close();
    await eventually('their end', async () =>
      (await lab.target.sql("SELECT 1 FROM pg_stat_activity WHERE application_name LIKE 'longhaul/other/%'")).length ===
      0
        ? true
        : null,
    );
    await takeTarget(ctx, boundary);
    expect(await owner()).toEqual(['rehearsal', P]);
  });

  test('has it already where its own lanes are at work, and waits for none of them', async () => {
    await units.own();
    const unit = await units.waiting();
    await takeTarget(ctx, boundary);
    expect(await unit.letGo()).toBe('in');
  });
});

const last = (journal: LabContext) => journal.entries.findLast(({type}) => type.startsWith('unit.'));
/** A run whose one unit was loading; its lane is there. */
async function loading(): Promise<LabContext> {
  lane = await startFakeLane(lab);
  return contextOn(lab, RUN, ...lane.events);
}
async function endLane(): Promise<void> {
  lane?.end();
  await eventually('the end', async () => ((await lane?.lives()) === false ? true : null));
}

describe('the result of a unit whose lane has ended', () => {
  test('the ledger says, whatever the lane said of itself; while it lives nothing is decided', async () => {
    const run = await loading();
    const settle = createSettling(run);
    await units.own();
    await lab.target.sql(units.whole());
    await settle();
    expect(last(run)).toMatchObject({type: 'unit.started'});
    writeFileSync(join(lane?.folder ?? '', 'exit'), '1 3');
    await endLane();
    await settle();
    expect(last(run)).toMatchObject({type: 'unit.committed', unit: UNIT, attempt: 1});
    await run.close();
  });

  test('a row of another P, or of another run, is none', async () => {
    const run = await loading();
    await units.own('rehearsal', '0/30');
    await lab.target.sql(units.whole({boundary: '0/30'}));
    await units.own('other');
    await lab.target.sql(`TRUNCATE ${TABLE}; ${units.whole({run: 'other'})}`);
    await endLane();
    await createSettling(run)();
    expect(last(run)).toMatchObject({type: 'unit.failed', failure: {cause: 'lost', heals: true}});
    await run.close();
  });

  test('is not asked while a backend of it lives: its commit could still come', async () => {
    const run = await loading();
    const settle = createSettling(run);
    const backend = await ctx.open('target', UNIT);
    await endLane();
    await settle();
    expect(last(run)).toMatchObject({type: 'unit.started'});
    expect(backend.lost).toBe(false);
    // One that was ended on purpose waits for nobody.
    writeFileSync(join(lane?.folder ?? '', 'ending'), 'shutdown ana\n');
    await settle();
    await eventually('its end', async () => (backend.lost ? true : null));
    await eventually('the verdict', async () => {
      await settle();
      return last(run)?.type === 'unit.failed' ? true : null;
    });
    expect(last(run)).toMatchObject({failure: {cause: 'lost'}, retryAt: expect.any(String)});
    await run.close();
  });

  test('that died with its supervisor is taken over where it is in, and loaded again where it no longer is', async () => {
    const failed: RunEvent = {
      type: 'unit.failed',
      unit: UNIT,
      attempt: 1,
      failure: {cause: 'lost', message: '', table: null, sqlstate: null, remedy: '', heals: true},
      retryAt: null,
    };
    const run = await loading();
    await endLane();
    await run.record(failed);
    await agreeWithLedger(run, [], P);
    expect(last(run)).toMatchObject({type: 'unit.failed', retryAt: null});
    await units.own();
    await lab.target.sql(units.whole());
    await agreeWithLedger(run, await readUnitsIn(target, 'rehearsal'), P);
    expect(last(run)).toMatchObject({type: 'unit.committed'});
    await agreeWithLedger(run, await readUnitsIn(target, 'rehearsal'), P);
    expect(run.recorded()).toEqual(['unit.failed', 'unit.committed']);
    await target.run(sql('TRUNCATE longhaul.load_unit'));
    await agreeWithLedger(run, await readUnitsIn(target, 'rehearsal'), P);
    expect(last(run)).toMatchObject({
      type: 'unit.failed',
      failure: {message: expect.stringContaining('no longer has it')},
    });
    await run.close();
  });
});
