import {afterAll, afterEach, beforeAll, describe, expect, test} from 'vitest';
import {parseLsn} from '../../../src/domain/pg/lsn.ts';
import {readTargetContent} from '../../../src/engine/load/target-content.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {createLedger, ledgerClosing, ledgerOpening, type LedgerEntry} from '../../../src/pg/load/ledger.ts';
import type {RunState, UnitState} from '../../../src/domain/run/run-state.ts';
import {createTakings} from '../../../src/engine/load/takings.ts';
import {healsWithTime} from '../../../src/pg/session/sqlstate.ts';
import {holdTable} from '../../support/hold.ts';
import {eventually} from '../../support/longhaul.ts';
import {takeTable} from '../../../src/engine/load/take-table.ts';
import {emptyOwnObjects, mustHaveNoObjects, mustHaveTaken, readTaken} from '../../../src/pg/load/own-tables.ts';
import type {Session} from '../../../src/pg/session/session.ts';
import {sql} from '../../../src/pg/session/statement.ts';
import {contextOn, type LabContext} from '../../support/lab-context.ts';
import {RUN} from '../../support/stepping.ts';
import {unitsByHand, type UnitsByHand} from '../../support/units-by-hand.ts';

const P = parseLsn('0/28');
const TABLE = '"public"."load me"';

let lab: Lab;
let ctx: LabContext;
let target: Session;
let units: UnitsByHand;

beforeAll(async () => {
  lab = await startLab({size: 'tiny'});
  ctx = await contextOn(lab, RUN);
  target = await ctx.session('target');
  units = unitsByHand(lab, target, {boundary: P, unit: '01-public.events', table: TABLE});
  for (const statement of createLedger()) await target.run(statement);
  await target.run(sql(`CREATE TABLE ${TABLE} (id integer)`));
});
afterEach(async () => {
  await target.run(sql(`TRUNCATE ${TABLE}, longhaul.load_unit, longhaul.load_table, longhaul.owner`));
});
afterAll(async () => {
  await ctx.close();
  await lab.stop();
});

const inAt = (entry: LedgerEntry): string => `${ledgerOpening(target.version, entry)}${ledgerClosing(entry)}`;
const empty = (entry: LedgerEntry): string => emptyOwnObjects(target.version, entry);
const objects = async (): Promise<string | undefined> =>
  (await lab.target.sql('SELECT count(*) FROM pg_largeobject_metadata'))[0]?.[0];

const byHand = (id: string) => ({
  id,
  kind: 'table' as const,
  tables: [{schema: 'public', name: 'load me'}],
  bytes: 1,
});

const queued = (id: string): UnitState => ({...byHand(id), state: {status: 'queued', attempts: 0}});
const idsOf = ({units: some}: RunState): string[] => some.map(({id}) => id);

describe('a unit and its table', () => {
  test('what its own run loaded at an older P goes together with the new rows, or not at all', async () => {
    await lab.target.sql(`CREATE TABLE public.child () INHERITS (${TABLE}); INSERT INTO public.child VALUES (7)`);
    await units.own('rehearsal', '0/20');
    await lab.target.sql(units.whole({boundary: '0/20'}));
    await lab.target.sql(`INSERT INTO ${TABLE} VALUES (3)`);
    await units.own();
    await lab.target.sql(units.open());
    // Without its token everything is as it was: two rows, a third, and the child's.
    expect(await units.rows()).toBe('4');
    await lab.target.sql(units.whole());
    expect(await units.rows()).toBe('3');
    await lab.target.sql('DROP TABLE public.child');
  });

  test('what another run loaded, or a unit at this P, stays', async () => {
    await units.own('other', '0/20');
    await lab.target.sql(units.whole({run: 'other', boundary: '0/20'}));
    await units.own();
    await expect(lab.target.sql(units.whole())).rejects.toThrow('holds rows that this run did not load');
    expect(await units.rows()).toBe('2');
    // A table that is taken at this P may hold what another unit has brought in, whatever an older P had.
    await lab.target.sql(`TRUNCATE ${TABLE}`);
    await units.own('rehearsal', '0/20');
    await lab.target.sql(units.whole({boundary: '0/20', unit: '00-old'}));
    await units.own();
    await lab.target.sql(units.whole());
    await expect(lab.target.sql(units.whole({unit: '02-more'}))).rejects.toThrow('holds rows');
    expect(await units.rows()).toBe('2');
  });

  test('a table is known also from a ledger that an older version wrote', async () => {
    await units.own('rehearsal', '0/20');
    await lab.target.sql(`${units.whole({boundary: '0/20'})} TRUNCATE longhaul.load_table`);
    await units.own();
    await lab.target.sql(units.whole());
    expect(await units.rows()).toBe('2');
    const own = await readTargetContent(ctx, [{schema: 'public', name: 'load me'}], {changesNothing: false});
    expect([own.own.length, own.foreign.length]).toEqual([1, 0]);
  });

  test('that is loaded in parts is taken once for its P: what is somebody else’s ends it, an older P goes, and what is in stays', async () => {
    const part = {run: 'rehearsal', boundary: P, unit: '01-public.events.pages-0-1', attempt: 1, tables: [TABLE]};
    const take = async (entry: typeof part) => takeTable(ctx, byHand(entry.unit), entry, {before: '', after: ''});
    const taken = async (): Promise<boolean> => (await target.one(readTaken(part))).taken;
    const opening = `${ledgerOpening(target.version, part)}${mustHaveTaken(part)}`;
    await units.own();
    await lab.target.sql(`INSERT INTO ${TABLE} VALUES (3)`);
    expect(await take(part)).toMatchObject({
      sqlstate: 'LH002',
      heals: false,
      remedy: expect.stringContaining('TRUNCATE ONLY'),
    });
    await expect(lab.target.sql(opening)).rejects.toThrow('is not taken at this P');
    expect(await taken()).toBe(false);
    await lab.target.sql(`TRUNCATE ${TABLE}`);
    await units.own('rehearsal', '0/20');
    await lab.target.sql(units.whole({boundary: '0/20'}));
    // Before the new P is the run's own, nothing of the old one goes.
    expect(await take(part)).toMatchObject({
      sqlstate: 'LH001',
      message: expect.stringContaining('run rehearsal at P 0/20'),
    });
    expect(await units.rows()).toBe('2');
    await units.own();
    expect(await take(part)).toBeNull();
    expect([await taken(), await units.rows()]).toEqual([true, '0']);
    // Once is enough: a part that loads is not waited for.
    const letGo = await holdTable(lab, TABLE);
    expect(await take(part)).toBeNull();
    await letGo();
    // Beside each other, and each in its own transaction.
    const other = {...part, unit: '01-public.events.pages-1-on'};
    await lab.target.sql(
      `${opening} INSERT INTO ${TABLE} VALUES (1); ${ledgerClosing(part)} ${ledgerOpening(target.version, other)}${mustHaveTaken(other)} INSERT INTO ${TABLE} VALUES (2);`,
    );
    expect(await take(other)).toBeNull();
    expect(await units.rows()).toBe('1');
  });

  test('a table of which a part is in stays as it is, whatever was lost of what the ledger notes of the table', async () => {
    const part = {run: 'rehearsal', boundary: P, unit: '01-public.events.pages-0-1', attempt: 1, tables: [TABLE]};
    const other = {...part, unit: '01-public.events.pages-1-on'};
    const take = async (entry: typeof part) => takeTable(ctx, byHand(entry.unit), entry, {before: '', after: ''});
    await units.own('rehearsal', '0/20');
    await lab.target.sql(units.whole({boundary: '0/20'}));
    await units.own();
    expect(await take(part)).toBeNull();
    const load = (entry: typeof part): string =>
      `${ledgerOpening(target.version, entry)}${mustHaveTaken(entry)} INSERT INTO ${TABLE} VALUES (7);`;
    await lab.target.sql(`${load(part)}${ledgerClosing(part)} TRUNCATE longhaul.load_table`);
    // The part that comes next says so, is tried again by itself, and finds the one that is in.
    await expect(lab.target.sql(load(other))).rejects.toThrow('is not taken at this P');
    expect(healsWithTime('LH003')).toBe(true);
    expect(await take(other)).toBeNull();
    expect([await units.rows(), (await target.one(readTaken(other))).taken]).toEqual(['1', true]);
    // Without an older P, too: the rows are the run's, and nobody is told to empty the table.
    await lab.target.sql(`TRUNCATE longhaul.load_table; DELETE FROM longhaul.load_unit WHERE boundary <> '${P}'`);
    expect(await take(other)).toBeNull();
    expect(await units.rows()).toBe('1');
    // Nor does a unit of another plan empty it, which would have the whole table.
    await lab.target.sql(`TRUNCATE longhaul.load_table`);
    await units.own('rehearsal', '0/20');
    await lab.target.sql(
      `INSERT INTO longhaul.load_unit (run, boundary, unit, attempt, tables) VALUES ('rehearsal', '0/20', 'old', 1, ARRAY['${TABLE}'])`,
    );
    await units.own();
    await expect(lab.target.sql(units.whole({unit: '01-whole'}))).rejects.toThrow('holds rows');
    expect(await units.rows()).toBe('1');
  });

  test('that is long in being taken holds up nothing else of the load', async () => {
    const patient = {...ctx, config: {...ctx.config, timeouts: {...ctx.config.timeouts, lockMs: 600_000}}};
    const all = [queued('01-load.pages-0-1'), queued('01-load.pages-1-on'), {...queued('02-other'), tables: []}];
    const boundary = {lsn: P, postmasterStart: '', timeline: 1, systemIdentifier: '7', capturedAt: ''};
    const state = {...ctx.state(), units: all};
    await units.own();
    const letGo = await holdTable(lab, TABLE);
    const takings = createTakings(patient);
    const starts = all.map((one) => ({unit: one, lane: 1, attempt: 1, boundary}));
    const mayBegin = async (): Promise<boolean[]> => {
      const may: boolean[] = [];
      for (const start of starts) may.push(await takings.isTaken(start));
      return may;
    };
    // The shared session answers while another one waits for the table, and neither part is chosen meanwhile.
    expect(await mayBegin()).toEqual([false, false, true]);
    await eventually('the taking at the target', async () => {
      const waits = `SELECT 1 FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE a.application_name = 'longhaul/rehearsal/take' AND NOT l.granted`;
      return (await target.run(sql(waits))).length > 0 ? true : null;
    });
    expect([takings.count(), idsOf(takings.leftOut(state))]).toEqual([1, ['02-other']]);
    await letGo();
    await eventually('the table', async () => (takings.count() === 0 ? true : null));
    expect(idsOf(takings.leftOut(state))).toEqual(idsOf(state));
    expect(await mayBegin()).toEqual([true, true, true]);
    // A run that is stopped leaves no session behind that waits for the next one.
    await target.run(sql('TRUNCATE longhaul.load_table'));
    const again = await holdTable(lab, TABLE);
    expect(await mayBegin()).toEqual([false, false, true]);
    await takings.close();
    expect(takings.count()).toBe(0);
    await again();
  });

  const OBJECTS: LedgerEntry = {run: 'rehearsal', boundary: P, unit: 'large-objects', attempt: 1, tables: []};
  const OLDER = {...OBJECTS, boundary: '0/20'};

  test('large objects go where its own run loaded them at an older P, and no others', async () => {
    await units.own();
    await lab.target.sql('SELECT lo_create(0)');
    await lab.target.sql(empty(OBJECTS));
    await expect(lab.target.sql(mustHaveNoObjects())).rejects.toThrow('large objects that this run did not load');
    await units.own('rehearsal', '0/20');
    await lab.target.sql(inAt(OLDER));
    // The target is of the older P still: what comes too late removes nothing.
    await lab.target.sql(empty(OBJECTS));
    expect(await objects()).toBe('1');
    await units.own();
    await lab.target.sql(`${empty(OBJECTS)}${mustHaveNoObjects()}`);
  });

  test('as many as no lock table holds go, too; once the unit is in at its P, none', async () => {
    await units.own('rehearsal', '0/20');
    await lab.target.sql(inAt(OLDER));
    await units.own();
    await lab.target.sql('SELECT count(lo_create(0)) FROM generate_series(1, 30000)');
    // What the server says of one transaction that removes them all.
    await expect(lab.target.sql('SELECT count(lo_unlink(oid)) FROM pg_largeobject_metadata')).rejects.toThrow(
      'out of shared memory',
    );
    await lab.target.sql(empty(OBJECTS));
    expect(await objects()).toBe('0');
    await lab.target.sql(`${inAt(OBJECTS)} SELECT lo_create(0)`);
    await lab.target.sql(empty(OBJECTS));
    expect(await objects()).toBe('1');
  });
});
