import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {RunEvent} from '../../../src/domain/run/event.ts';
import {compareLsn, type Lsn} from '../../../src/domain/pg/lsn.ts';
import {endOwnStatements} from '../../../src/engine/run/own-statements.ts';
import {frameRowSecurity, tablesThatHide, withEveryRow} from '../../../src/engine/schema/copy/row-security.ts';
import {createRunFolder, runFolderAt} from '../../../src/engine/run/run-folder.ts';
import {addTables} from '../../../src/engine/capture/dms/add-tables.ts';
import {createNode} from '../../../src/engine/capture/dms/create-node.ts';
import {createReplicationSets} from '../../../src/engine/capture/dms/create-replication-sets.ts';
import {createSlots} from '../../../src/engine/capture/slots/create-slots.ts';
import {inventory} from '../../../src/engine/steps/prepare/inventory.ts';
import {planSlots} from '../../../src/engine/steps/prepare/plan-slots.ts';
import {readTargetContent} from '../../../src/engine/load/target-content.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {connect} from '../../../src/pg/session/connect.ts';
import {readInsertPosition} from '../../../src/pg/replication/insert-position.ts';
import type {Session} from '../../../src/pg/session/session.ts';
import {sql} from '../../../src/pg/session/statement.ts';
import {contextOn, type LabContext} from '../../support/lab-context.ts';
import {eventually} from '../../support/longhaul.ts';
import {evidenceOf} from '../../support/evidence-of.ts';
import {RUN} from '../../support/stepping.ts';

let lab: Lab;
let ctx: LabContext;

beforeAll(async () => {
  lab = await startLab({size: 'tiny'});
  await createRunFolder(runFolderAt(join(lab.folder, 'run')));
  ctx = await contextOn(lab, RUN);
});
afterAll(async () => {
  await ctx.close();
  await lab.stop();
});

/** What a statement is refused with: `42501`. */
async function stateOf(work: Promise<unknown>): Promise<string> {
  const error = await work.catch((caught: unknown) => caught);
  for (let at: unknown = error; at instanceof Error; at = at.cause)
    if ('code' in at && typeof at.code === 'string' && /^[0-9A-Z]{5}$/.test(at.code)) return at.code;
  return 'went well';
}

/** How many slots, nodes and sets of ours the source has. */
const made = async (): Promise<number> =>
  Number(
    (
      await lab.source.sql(`SELECT (SELECT count(*) FROM pg_replication_slots WHERE plugin = 'pglogical')
        + (SELECT count(*) FROM pglogical.node) + (SELECT count(*) FROM pglogical.replication_set WHERE set_name ~ 'dms')`)
    )[0]?.[0],
  );

const openSession = async (change: Partial<Parameters<typeof connect>[2]> = {}): Promise<Session> =>
  connect('target', ctx.config.servers.target, {
    applicationName: 'longhaul/rehearsal/test',
    statementTimeoutMs: 1000,
    lockTimeoutMs: 300,
    readOnly: false,
    ...change,
  });

const PID = sql<{pid: number}>('SELECT pg_catalog.pg_backend_pid() AS pid');

const isForced = async (): Promise<string | undefined> =>
  (await lab.target.sql("SELECT relforcerowsecurity FROM pg_class WHERE oid = 'public.hidden'::regclass"))[0]?.[0];

describe('what is made on the source before P', () => {
  beforeAll(async () => {
    await inventory.run(ctx);
    await planSlots.run(ctx);
  });

  test('slots, sets and the node are claimed in the journal before the first of them is there', async () => {
    const thereAtClaim: string[] = [];
    const watching: LabContext = {
      ...ctx,
      record: async (event) => {
        if (event.type === 'objects.claimed') {
          const kind = event.objects[0]?.split(' ')[0] ?? '';
          thereAtClaim.push(`${kind} ${await made()}`);
        }
        await ctx.record(event);
      },
    };
    const slots = evidenceOf(await createSlots.run(watching));
    await ctx.record({type: 'step.done', step: 'create-slots', evidence: slots, already: false});
    const afterSlots = await made();
    await createNode.run(watching);
    const afterNode = await made();
    await createReplicationSets.run(watching);
    expect(thereAtClaim).toEqual(['slot 0', `node ${afterSlots}`, `set ${afterNode}`]);
    const claimed = ctx.state().claimed.map((object) => object.split(' ')[0]);
    expect(claimed.filter((kind) => kind === 'slot')).toHaveLength(afterSlots);
    expect(claimed.filter((kind) => kind === 'set')).toHaveLength(2 * afterSlots);
    expect(await createSlots.check(ctx)).toMatchObject({findings: []});
  });

  test('A is read after the last table is a member: nothing that a member carries lies before it', async () => {
    const source = await ctx.session('source');
    const positions: Lsn[] = [];
    const watched: Session = {
      ...source,
      run: async (statement, limits) => {
        const rows = await source.run(statement, limits);
        if (statement.text.includes('replication_set_add_table'))
          positions.push((await source.one(readInsertPosition(source.version))).insertLsn);
        return rows;
      },
    };
    const evidence = evidenceOf(
      await addTables.run({
        ...ctx,
        session: async (role) => (role === 'source' ? watched : ctx.session(role)),
      }),
    );
    const last = positions.at(-1);
    if (last === undefined) throw new Error('no table was added');
    expect(compareLsn(evidence.afterTablesLsn, last)).toBeGreaterThanOrEqual(0);
    const done: RunEvent = {type: 'step.done', step: 'add-tables', evidence, already: false};
    await ctx.record(done);
    // A second look finds everything there, and keeps the first A: the paused replica may lie before a later one.
    await lab.source.sql("INSERT INTO public.twice VALUES (9, 'later')");
    expect(await addTables.check(ctx)).toMatchObject({done: {afterTablesLsn: evidence.afterTablesLsn}});
  });

  test('a table without a key is a member of the insert set alone; every other is in both of its slot', async () => {
    const named = `(SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND CASE c.relreplident
      WHEN 'd' THEN i.indisprimary AND i.indimmediate WHEN 'i' THEN i.indisreplident ELSE false END)`;
    const rows = await lab.source.sql(`
      SELECT c.relname, EXISTS ${named}, string_agg(CASE WHEN s.set_name ~ '^i' THEN 'inserts' ELSE 'updates' END, ' and ' ORDER BY s.set_name)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pglogical.replication_set_table t ON t.set_reloid = c.oid LEFT JOIN pglogical.replication_set s ON s.set_id = t.set_id
       WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND n.nspname !~ '^(pg_|information_schema|pglogical)'
       GROUP BY c.oid`);
    const expected = rows.map(([name, hasKey]) => [name, hasKey, hasKey === 't' ? 'updates and inserts' : 'inserts']);
    expect(rows).toEqual(expected);
    expect(new Set(rows.map(([, hasKey]) => hasKey))).toEqual(new Set(['t', 'f']));
  });

  test('what an earlier plan put into our sets goes, and what is in the sets of others stays', async () => {
    await lab.source.sql(`CREATE TABLE public.stray (id integer PRIMARY KEY);
      SELECT pglogical.replication_set_add_table('dms_slot_01', 'public.stray');
      SELECT pglogical.create_replication_set('theirs');
      SELECT pglogical.replication_set_add_table('theirs', 'public.stray')`);
    expect((await addTables.plan(ctx)).filter(({text}) => text.includes('remove_table'))).toHaveLength(1);
    await addTables.run(ctx);
    expect(
      await lab.source.sql(`SELECT s.set_name FROM pglogical.replication_set_table t
        JOIN pglogical.replication_set s ON s.set_id = t.set_id WHERE t.set_reloid = 'public.stray'::regclass`),
    ).toEqual([['theirs']]);
  });

  test('a table that has come since the inventory is a blocker, before anything is added', async () => {
    const {done, findings} = await addTables.check(ctx);
    expect(done).toBeNull();
    expect(findings.find(({check}) => check === 'add-tables.tables-changed')).toMatchObject({
      severity: 'blocker',
      seen: expect.stringContaining('public.stray has come'),
    });
    await lab.source.sql('DROP TABLE public.stray CASCADE');
  });
});

describe('a session', () => {
  test('for looking can change nothing', async () => {
    const session = await openSession({readOnly: true});
    expect(await stateOf(session.run(sql('CREATE TABLE public.no (id integer)')))).toBe('25006');
    await session.close();
  });

  test('ends a statement that takes too long and one that waits for a lock; one with its own limit may take longer', async () => {
    const session = await openSession();
    expect(await stateOf(session.run(sql('SELECT pg_catalog.pg_sleep(5)')))).toBe('57014');
    expect(await stateOf(session.run(sql('SELECT pg_catalog.pg_sleep(1.3)'), {timeoutMs: 60_000}))).toBe('went well');
    expect(await stateOf(session.run(sql('SELECT pg_catalog.pg_sleep(5)')))).toBe('57014');
    const other = await openSession({statementTimeoutMs: 20_000});
    await other.run(sql('SELECT pg_catalog.pg_advisory_lock(1)'));
    const fresh = await openSession();
    expect(await stateOf(fresh.run(sql('SELECT pg_catalog.pg_advisory_lock(1)')))).toBe('55P03');
    await Promise.all([session, other, fresh].map(async (one) => one.close()));
  });

  test('trusts no search_path', async () => {
    const session = await openSession();
    expect(await session.one(sql("SELECT pg_catalog.current_setting('search_path') AS path"))).toEqual({path: '""'});
    await session.close();
  });

  test('that is lost says so, and the context connects again', async () => {
    const session = await ctx.session('target');
    const before = await session.one(PID);
    await lab.target.sql(`SELECT pg_terminate_backend(${before.pid})`);
    await eventually('the loss', async () => (session.lost ? true : null));
    expect(await (await ctx.session('target')).one(PID)).not.toEqual(before);
  });

  test('of this run that scans for nobody is ended; an index build and another run’s are not', async () => {
    const names = ['rehearsal/compare-1', 'rehearsal/index-1', 'rehearsal2/compare-1', 'rehearsal/01-events'];
    const sessions = await Promise.all(names.map(async (name) => openSession({applicationName: `longhaul/${name}`})));
    await endOwnStatements(ctx);
    await eventually('the end of the scan', async () => (sessions[0]?.lost === true ? true : null));
    expect(sessions.map(({lost}) => lost)).toEqual([true, false, false, false]);
    await Promise.all(sessions.map(async (session) => session.close()));
  });
});

describe('a table of the target whose rows are hidden from its owner', () => {
  const hidden = {schema: 'public', name: 'hidden'};
  const open = {schema: 'public', name: 'open'};
  let target: Session;

  beforeAll(async () => {
    target = await ctx.session('target');
    await lab.target.sql(`CREATE TABLE public.hidden (id integer); CREATE TABLE public.open (id integer);
      INSERT INTO public.hidden VALUES (1), (2); ALTER TABLE public.hidden OWNER TO longhaul; ALTER TABLE public.open OWNER TO longhaul;
      ALTER TABLE public.hidden ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY`);
  });
  const count = async (): Promise<unknown> => target.one(sql('SELECT count(*) AS rows FROM public.hidden'));

  test('is an error where it is counted, never a number that is too small', async () => {
    expect(await tablesThatHide(target, [open, hidden])).toEqual([hidden]);
    expect(await stateOf(count())).toBe('42501');
  });

  test('is counted whole in a moment that is taken back, whether it goes well or not', async () => {
    expect(await withEveryRow(target, [open, hidden], count)).toEqual({rows: 2});
    expect(await isForced()).toBe('t');
    const failing = withEveryRow(target, [hidden], async () => {
      throw new Error('the scan failed');
    });
    await expect(failing).rejects.toThrow('the scan failed');
    expect(await isForced()).toBe('t');
    expect(await stateOf(count())).toBe('42501');
  });

  test('is loaded whole in the unit’s transaction, and hides its rows again', async () => {
    const frame = frameRowSecurity([hidden]);
    const statements = `${frame.before}${frame.after}`.trim().split('\n');
    expect(statements).toHaveLength(2);
    for (const text of ['BEGIN', frame.before, 'INSERT INTO public.hidden VALUES (3)', frame.after, 'COMMIT'])
      await target.run(sql(text));
    expect(await isForced()).toBe('t');
    expect(await withEveryRow(target, [hidden], count)).toEqual({rows: 3});
    expect(frameRowSecurity([])).toEqual({before: '', after: ''});
  });

  test('holds rows that nobody loaded, and that is seen; a check that changes nothing cannot see it', async () => {
    const tables = [open, hidden, {schema: 'public', name: 'none'}];
    expect(await readTargetContent(ctx, tables, {changesNothing: false})).toEqual({
      missing: [{schema: 'public', name: 'none'}],
      own: [],
      foreign: [hidden],
      empty: [open],
    });
    expect((await readTargetContent(ctx, tables, {changesNothing: true})).foreign).toEqual([]);
    await lab.target.sql('INSERT INTO public.open VALUES (1)');
    expect((await readTargetContent(ctx, tables, {changesNothing: true})).foreign).toEqual([open]);
  });
});
