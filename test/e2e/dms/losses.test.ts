import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {askForFault, killStandIn, restartStandIn} from '../../../src/lab/dms/process.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {drained} from '../../support/drained.ts';
import {edit} from '../../support/edit.ts';
import {eventually, longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';

const NIGHTLY = process.env['LONGHAUL_NIGHTLY'] !== undefined;
const SLOT = 'dms_slot_01';

/** The columns of public.kinds, each with a value. */
const KINDS: Readonly<Record<string, string>> = {
  mood: `'calm'`,
  place: `'(1,2)'`,
  span: `'[1,4)'`,
  ip: `'10.0.0.1'`,
  mac: `'08:00:2b:01:02:03'`,
  mac8: `'08:00:2b:01:02:03:04:05'`,
  box: `'(1,1),(0,0)'`,
  circle: `'<(0,0),1>'`,
  line: `'{1,2,3}'`,
  lseg: `'[(0,0),(1,1)]'`,
  path: `'((0,0),(1,1))'`,
  o: `'42'`,
  query: `'a & b'`,
  words: `'a b'`,
};
const LONG = 20_000;

/** What is written on the source, and which row differs by it: its table, its key, and the columns. */
const LOSSES: readonly {
  readonly what: string;
  readonly sql: string;
  readonly table: string;
  readonly rows: readonly string[];
}[] = [
  {
    what: 'an UPDATE of a key',
    sql: 'UPDATE public.rekeyed SET id = 11 WHERE id = 1',
    table: 'rekeyed',
    rows: ['missing 11', 'extra 1'],
  },
  {what: 'a TRUNCATE', sql: 'TRUNCATE public.emptied', table: 'emptied', rows: ['extra 1', 'extra 2']},
  {
    what: 'infinite times',
    sql: `INSERT INTO public.times VALUES (1, 'infinity', '2026-01-01', '2026-01-01'), (2, '-infinity', '2026-01-01', '2026-01-01'), (3, '2026-01-01', 'infinity', '-infinity')`,
    table: 'times',
    rows: ['changed 1: d', 'changed 2: d', 'changed 3: t, z'],
  },
  {
    what: 'digits of a numeric without precision',
    sql: `INSERT INTO public.numbers VALUES (1, 1.123456789), (2, 1.5)`,
    table: 'numbers',
    rows: ['changed 1: n'],
  },
  ...Object.entries(KINDS).map(([column, value], at) => ({
    what: `a value of the type of kinds.${column}`,
    sql: `INSERT INTO public.kinds (id, ${column}) VALUES (${at + 1}, ${value})`,
    table: 'kinds',
    rows: [`changed ${at + 1}: ${column}`],
  })),
  {
    what: 'an array that is NULL',
    sql: 'INSERT INTO public.lists VALUES (1, NULL)',
    table: 'lists',
    rows: ['changed 1: l'],
  },
  {
    what: 'spaces at the end, where TrimSpaceInChar is not set to false',
    sql: `INSERT INTO public.padded VALUES (1, 'a  ')`,
    table: 'padded',
    rows: ['changed 1: v'],
  },
  {
    what: 'a LOB that is longer than the limit, where FailTasksOnLobTruncation is not set',
    sql: `INSERT INTO public.bodies VALUES (1, repeat('x', ${LONG}))`,
    table: 'bodies',
    rows: ['changed 1: body'],
  },
  {
    what: 'an UPDATE and a DELETE in a table without a key',
    sql: `UPDATE public.keyless SET v = 'other' WHERE a = 1; DELETE FROM public.keyless WHERE a = 2`,
    table: 'keyless',
    rows: ['missing 1 other', 'extra 1 a', 'extra 2 b'],
  },
];

interface Found {
  readonly table: {readonly name: string};
  readonly rows: {
    readonly first: readonly {
      readonly kind: string;
      readonly key: readonly {readonly value: string | null}[];
      readonly columns: readonly {readonly column: string}[];
    }[];
  } | null;
}

describe.skipIf(!NIGHTLY)('what DMS by its own documentation changes or drops, through the stand-in (nightly)', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab({seed: join(import.meta.dirname, 'losses.sql'), engine: 'dms'});
    await edit(lab, ['count: 3', 'count: 1']);
  });
  afterAll(async () => {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  });

  test('preflight lists the tables and columns that it can happen to', async () => {
    const {stdout} = await longhaul(lab, 'check', '--json');
    const said: {findings: {check: string; seen: string}[]} = JSON.parse(stdout);
    const seen = (check: string): string => said.findings.find((one) => one.check === check)?.seen ?? '';
    for (const column of Object.keys(KINDS)) expect(seen('data.dms-type')).toContain(`public.kinds.${column} `);
    expect(seen('data.dms-numeric')).toContain('(public.numbers.n numeric)');
    for (const column of ['d date', 't timestamp without', 'z timestamp with'])
      expect(seen('data.dms-infinity')).toContain(`public.times.${column}`);
    expect(seen('data.dms-array')).toContain('(public.lists.l integer[])');
    expect(seen('data.dms-lob-not-null')).toContain('(public.must_have.body text)');
    expect(seen('data.dms-no-key')).toContain('(public.keyless)');
    expect(seen('data.dms-every-table')).toContain('UPDATE that changes a value of the primary key');
    expect(seen('data.dms-every-table')).toContain('TRUNCATE');
  });

  test('compare-again finds every one, with its row, and nothing else', async () => {
    await mustEndWell(lab, 'run', '--plain');
    // What somebody else's endpoint may lack: Longhaul's own have both.
    await killStandIn(lab.folder);
    const path = join(lab.folder, 'dms-state.json');
    const kept: {endpoints: {made: {EndpointType: string; PostgreSQLSettings: Record<string, unknown>}}[]} = JSON.parse(
      readFileSync(path, 'utf8'),
    );
    for (const {made} of kept.endpoints)
      if (made.EndpointType === 'source')
        Object.assign(made.PostgreSQLSettings, {TrimSpaceInChar: true, FailTasksOnLobTruncation: false});
    writeFileSync(path, JSON.stringify(kept));
    await restartStandIn(lab.folder);
    await askForFault(lab.folder, SLOT, {lossy: true, truncateLob: LONG / 2});
    for (const {sql} of LOSSES) await lab.source.sql(sql);
    await drained(lab);
    const {code, stdout} = await longhaul(lab, 'compare', '--again', '--json');
    expect(code).toBe(1);
    const {compared}: {compared: Found[]} = JSON.parse(stdout);
    const found = new Map(
      compared.flatMap(({table, rows}) => (rows === null ? [] : [[table.name, rows.first.map(inWords)] as const])),
    );
    const wanted = Map.groupBy(LOSSES, ({table}) => table);
    for (const [table, losses] of wanted)
      expect({table, rows: (found.get(table) ?? []).toSorted()}).toEqual({
        table,
        rows: losses.flatMap(({rows}) => rows).toSorted(),
      });
    expect([...found.keys()].toSorted()).toEqual([...wanted.keys()].toSorted());
  });

  test('a LOB that is NOT NULL stops its task, which is told, and goes on once NOT NULL is taken off on the target', async () => {
    await lab.source.sql(`INSERT INTO public.must_have VALUES (1, 'needed')`);
    await eventually(
      'the alarm',
      async () => (await stateOf(lab)).alarms.find(({id}) => id === `cdc.stopped:${SLOT}`) ?? null,
      120_000,
    );
    expect(await lab.target.sql('SELECT "TABLE_NAME" FROM public.awsdms_apply_exceptions')).toEqual([['must_have']]);
    await lab.target.sql(
      'SET default_transaction_read_only = off; ALTER TABLE public.must_have ALTER COLUMN body DROP NOT NULL',
    );
    await mustEndWell(lab, 'cdc', 'resume', SLOT);
    await drained(lab);
    expect(await lab.target.sql('SELECT id, body FROM public.must_have')).toEqual([['1', 'needed']]);
  });
});

/** `changed 3: t, z`. */
function inWords({kind, key, columns}: NonNullable<Found['rows']>['first'][number]): string {
  const what = `${kind} ${key.map(({value}) => value ?? 'NULL').join(' ')}`;
  return columns.length === 0 ? what : `${what}: ${columns.map(({column}) => column).join(', ')}`;
}
