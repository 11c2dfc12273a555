import {afterAll, afterEach, beforeAll, describe, expect, test} from 'vitest';
import {parseLsn} from '../../../src/domain/pg/lsn.ts';
import {readTargetContent} from '../../../src/engine/load/target-content.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {createLedger, ledgerClosing, ledgerOpening, type LedgerEntry} from '../../../src/pg/load/ledger.ts';
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
    // Beside each other, and each in its own transaction.
    const other = {...part, unit: '01-public.events.pages-1-on'};
    await lab.target.sql(
      `${opening} INSERT INTO ${TABLE} VALUES (1); ${ledgerClosing(part)} ${ledgerOpening(target.version, other)}${mustHaveTaken(other)} INSERT INTO ${TABLE} VALUES (2);`,
    );
    expect(await take(other)).toBeNull();
    expect(await units.rows()).toBe('1');
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
