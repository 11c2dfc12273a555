import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {longhaul} from '../../support/longhaul.ts';
import {OBJECT_FAULTS} from '../../compare/more-faults.ts';
import type {ObjectFault} from '../../compare/fault.ts';
import {startObjectLab, type ObjectLab} from '../../compare/object-lab.ts';
import {untilReplayed} from '../../support/replayed.ts';

let objects: ObjectLab;

beforeAll(async () => {
  objects = await startObjectLab();
}, 120_000);

afterAll(async () => objects.stop());

/** Of every kind one that is in no other's way; all of them: npm run faults:objects. */
const SAMPLE = [
  'ALTER TABLE f.parent SET (fillfactor = 80)',
  'ALTER TABLE f.child SET UNLOGGED',
  "ALTER TABLE f.parent ALTER COLUMN code SET DEFAULT 'y'",
  'ALTER TABLE f.parent ALTER COLUMN code SET STATISTICS -1',
  "COMMENT ON TABLE f.child IS 'new'",
  'ALTER TABLE f.parent OWNER TO longhaul',
  'DROP INDEX f.parent_amount',
  'ALTER TABLE f.parent DISABLE TRIGGER touched',
  'ALTER FUNCTION f.double(integer, integer) STABLE',
  "ALTER FUNCTION f.double(integer, integer) SET work_mem = '1MB'",
  'ALTER SEQUENCE f.numbers INCREMENT BY 1',
  'ALTER DOMAIN f.positive SET DEFAULT 2',
  'ALTER POLICY own ON f.parent USING (true)',
  'DROP CAST (f.pair AS text)',
  'REVOKE SELECT (note) ON f.child FROM reporting',
  'CREATE INDEX more ON f.parent (at)',
  'SET ROLE app; GRANT UPDATE ON f.child TO reporting; RESET ROLE',
];

function sample(): ObjectFault[] {
  return SAMPLE.flatMap((change) => OBJECT_FAULTS.filter((fault) => fault.change === change));
}

describe('compare-objects', () => {
  test('finds no difference between two databases that are alike', async () => {
    const {differences, objects: compared} = await objects.compare();
    expect(differences).toEqual([]);
    expect(compared).toBeGreaterThan(50);
  });

  test('a sample of single changes is named, each by its object, and its statement mends it', async () => {
    const faults = sample();
    expect(faults).toHaveLength(SAMPLE.length);
    for (const {change} of faults) await objects.lab.target.sql(change);
    const {differences} = await objects.compare();
    const named = differences.map(({object, differs}) => `${object} ${differs}`).toSorted();
    expect(named).toEqual(faults.map(({object, differs}) => `${object} ${differs}`).toSorted());
    for (const {remedy} of differences) {
      const statement =
        /on the target(?:, as a role that may \([^)]*\))?: ([^]*); then longhaul run/.exec(remedy)?.[1] ?? '';
      await objects.lab.target.sql(statement);
    }
    expect((await objects.compare()).differences).toEqual([]);
  });

  test('privileges of a large object are in one order, whatever its owner is called on either side', async () => {
    const {source, target} = objects.lab;
    // Its owner is postgres there and longhaul here; the role is between the two.
    for (const server of [source, target]) {
      await server.sql('CREATE ROLE middle; SELECT lo_create(7001); GRANT SELECT ON LARGE OBJECT 7001 TO middle');
    }
    await target.sql('ALTER LARGE OBJECT 7001 OWNER TO longhaul');
    await untilReplayed(objects.lab);
    expect((await objects.compare()).differences).toEqual([]);
    await target.sql('REVOKE SELECT ON LARGE OBJECT 7001 FROM middle');
    expect((await objects.compare()).differences).toMatchObject([{object: 'large object 7001'}]);
    for (const server of [source, target]) await server.sql('SELECT lo_unlink(7001); DROP ROLE middle');
    await untilReplayed(objects.lab);
  });

  test('what waits for cutover, and what nobody on the target could own, is as it was meant', async () => {
    // As copy-schema leaves them: what somebody has given on the source by his grant option is the owner's.
    await objects.lab.target.sql(
      'SET ROLE app; REVOKE DELETE ON f.child FROM reporting; SET ROLE app_owner; GRANT DELETE ON f.child TO reporting; RESET ROLE',
    );
    await objects.lab.target.sql('ALTER TABLE f.child OWNER TO longhaul; REVOKE app_owner FROM longhaul');
    const {expected, differences} = await objects.compare();
    expect(expected).toContain(
      'given by role app on the source, by the owner on the target, who alone takes it back there: GRANT DELETE ON TABLE f.child TO "reporting"',
    );
    expect(expected).toContain(
      'table f.child: owned by app_owner on the source, by the role that restores it on the target',
    );
    expect(differences.filter(({object}) => object === 'table f.child')).toEqual([]);
    await objects.lab.target.sql('GRANT app_owner TO longhaul; ALTER TABLE f.child OWNER TO app_owner');
  });

  test('longhaul compare --objects names what differs and ends with 1; --fix makes nothing before build-indexes has', async () => {
    await objects.lab.target.sql('DROP INDEX f.parent_amount; CREATE INDEX more ON f.parent (at)');
    const shown = await longhaul(objects.lab, 'compare', '--objects');
    expect(shown.code).toBe(1);
    expect(shown.stdout).toContain('DIFFERS   index f.parent_amount is not there');
    expect(shown.stdout).toContain('DIFFERS   index f.more is on the target only');
    const early = await longhaul(objects.lab, 'compare', '--objects', '--fix', '--yes', 'rehearsal');
    expect(early.code).not.toBe(0);
    expect(early.stderr).toContain('build-indexes has not come to its end');
    expect((await objects.compare()).differences).toHaveLength(2);
  });

  test('an invalid index is for people to build anew: --fix drops nothing, and somebody may be building it', async () => {
    const {target} = objects.lab;
    const oid = async (): Promise<string[][]> => target.sql("SELECT to_regclass('f.marked_at')::oid");
    const before = await oid();
    await target.sql("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'f.marked_at'::regclass");
    await objects.fix();
    expect(await oid()).toEqual(before);
    const named = (await objects.compare()).differences.filter(({object}) => object === 'index f.marked_at');
    expect(named).toMatchObject([{differs: 'is not there', remedy: expect.stringContaining('DROP INDEX')}]);
    await target.sql("UPDATE pg_index SET indisvalid = true WHERE indexrelid = 'f.marked_at'::regclass");
  });

  test('what is missing is made in an order that works, and nothing is dropped', async () => {
    await objects.lab.target.sql('DROP FUNCTION f.double(integer, integer); DROP TABLE f.heir; DROP VIEW f.shown');
    // What takes two statements: an index and its constraint, a foreign key and its validation.
    await objects.lab.target.sql('ALTER TABLE f.marked ALTER COLUMN n DROP DEFAULT; DROP FUNCTION f.next()');
    // The source's words cannot be made there, and are not what the target has: nothing.
    const words = (await objects.compare()).differences.map(({object, differs}) => `${object} ${differs}`);
    expect(words).toContain('column f.marked.n has another default');
    await objects.lab.target.sql(
      'ALTER TABLE f.child DROP CONSTRAINT child_pkey, DROP CONSTRAINT child_parent_fkey; ALTER TABLE f.marked DROP CONSTRAINT marked_once',
    );
    expect(await objects.fix()).toEqual([]);
    const {differences} = await objects.compare();
    // Whose they are, and who may use them, is for the next comparison to say.
    expect(await objects.fix()).toEqual([]);
    expect(differences.filter(({differs}) => differs === 'is not there')).toEqual([]);
    expect(differences.map(({object, differs}) => `${object} ${differs}`)).toContain(
      'index f.more is on the target only',
    );
  });
});
