import {existsSync} from 'node:fs';
import {appendFile, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {formatRelation} from '../../../src/domain/pg/relation.ts';
import {describeRow} from '../../../src/domain/run/row-difference.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import type {LabServer} from '../../../src/lab/cluster/lab-server.ts';
import {eventually, journalOf, longhaul, mustEndWell, stateOf} from '../../support/longhaul.ts';

/** A row a page, and enough of them for three scans of each side. */
const ROWS = 18_000;
const SCANS = 3;
const SMALL = 500;
const SEED = `
  SET ROLE app_owner;
  CREATE TABLE public.big (id int PRIMARY KEY, v text);
  ALTER TABLE public.big ALTER COLUMN v SET STORAGE PLAIN;
  INSERT INTO public.big SELECT i, repeat(md5(i::text), 240) FROM generate_series(1, ${ROWS}) i;
  CREATE TABLE public.small (id int PRIMARY KEY, v text);
  INSERT INTO public.small SELECT i, 'v' || i FROM generate_series(1, ${SMALL}) i;
  RESET ROLE; ANALYZE;`;

let lab: Lab;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lh-killed-'));
  await writeFile(join(folder, 'seed.sql'), SEED);
  lab = await startLab({seed: join(folder, 'seed.sql')});
  // The locks of the test are waited for as long as it takes.
  const yaml = await readFile(lab.yamlPath, 'utf8');
  await writeFile(lab.yamlPath, `${yaml}compare: {lanes: 1}\ntimeouts: {lock: 5min}\n`);
  await mustEndWell(lab, 'run', '--plain', '--until', 'build-indexes');
  await mustEndWell(lab, 'shutdown');
});
afterAll(async () => {
  await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
  await lab.stop();
  await rm(folder, {recursive: true});
});

/** Rows that all scans of a table have given so far on a server. */
async function rowsRead(server: LabServer, table: string): Promise<number> {
  const [[rows = '0'] = []] = await server.sql(
    `SELECT seq_tup_read FROM pg_stat_user_tables WHERE relid = 'public.${table}'::regclass`,
  );
  return Number(rows);
}

async function readByAll(): Promise<number[]> {
  return Promise.all(
    [lab.replica, lab.target].flatMap((server) => ['big', 'small'].map(async (table) => rowsRead(server, table))),
  );
}

/** Waits until a query on the target gives a row. */
async function untilTarget(what: string, query: string): Promise<void> {
  await eventually(what, async () => ((await lab.target.sql(query)).length > 0 ? true : null));
}

const scansOn = (server: LabServer): Promise<string[][]> =>
  server.sql("SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'longhaul/rehearsal/compare-%'");

/** Whoever locks big on the target waits for the lock, and holds it until he is let go; the number tells him from others. */
function lockBig(number: number): {readonly ended: Promise<unknown>; readonly letGo: () => Promise<void>} {
  const ended = lab.target
    .sql(`BEGIN; LOCK TABLE public.big IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(${number})`)
    .catch(() => []);
  const letGo = async (): Promise<void> => {
    await lab.target.sql(`SELECT pg_terminate_backend(pid) ${holder(number)}`);
    await ended;
  };
  return {ended, letGo};
}

function holder(number: number): string {
  return `FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(${number})%' AND wait_event = 'PgSleep'`;
}

const WAITS = "FROM pg_locks WHERE relation = 'public.big'::regclass AND NOT granted";

/** Has the supervisor compare until the target has read one scan of the large table, and waits in the second; the replica has read all. */
async function compareHalf(): Promise<() => Promise<void>> {
  const seq = ((await journalOf(lab)).at(-1)?.seq ?? 0) + 1;
  const held = {seq, at: new Date().toISOString(), type: 'load.held', by: 'ana'};
  await appendFile(join(lab.folder, 'run', 'journal.jsonl'), `${JSON.stringify(held)}\n`);
  await mustEndWell(lab, 'run', '--detach', '--until', 'compare-rows');
  // Tables are cut by then; nothing is read yet.
  await eventually('a session on each side', async () =>
    (await scansOn(lab.target)).length > 0 && (await scansOn(lab.replica)).length > 0 ? true : null,
  );
  const first = lockBig(611);
  await untilTarget('the first lock', `SELECT 1 ${holder(611)}`);
  await mustEndWell(lab, 'resume', '--start');
  await untilTarget('the scan behind it', `SELECT 1 ${WAITS} AND mode = 'AccessShareLock'`);
  const second = lockBig(612);
  await untilTarget('the second lock behind the scan', `SELECT 1 ${WAITS} AND mode = 'AccessExclusiveLock'`);
  await first.letGo();
  await untilTarget('the end of the scan', `SELECT 1 ${holder(612)}`);
  await untilTarget('the next scan', `SELECT 1 ${WAITS} AND mode = 'AccessShareLock'`);
  return second.letGo;
}

const keptScans = async (): Promise<string[]> =>
  (await readFile(join(lab.folder, 'run', 'compared.jsonl'), 'utf8')).split('\n').filter((line) => line !== '');

test('a supervisor that is killed in the middle of a table reads only what it had not read, and tells what differed before', async () => {
  // In the first of the large table's scans.
  await lab.target.sql('DELETE FROM public.big WHERE id = 5');
  const letGo = await compareHalf();
  // All that the replica has, and the one scan of the target.
  await eventually('the scans', async () => ((await keptScans()).length === SCANS + 1 + 1 ? true : null));
  const {supervisor} = await stateOf(lab);
  process.kill(supervisor?.pid ?? 0, 'SIGKILL');
  await letGo();
  // A backend reads to its end before it notices that nobody waits for it.
  await eventually('the end of the sessions', async () =>
    (await scansOn(lab.target)).length + (await scansOn(lab.replica)).length === 0 ? true : null,
  );
  const before = await readByAll();
  const run = await longhaul(lab, 'run', '--plain', '--until', 'compare-rows');
  await mustEndWell(lab, 'shutdown');
  const read = (await readByAll()).map((rows, at) => rows - (before[at] ?? 0));
  const ofFirst = Math.ceil(ROWS / SCANS) - 1;
  // Each side of the large table once more, for the row that differs; the target's two other scans, and the small table's. And preflight reads a table with a plain column.
  expect(read).toEqual([ROWS + ROWS, 0, ROWS - 1 + (ROWS - 1 - ofFirst), SMALL]);

  expect(run.code).toBe(1);
  const compared = (await journalOf(lab)).flatMap((entry) => (entry.type === 'table.compared' ? [entry] : []));
  expect(compared.map(({table}) => formatRelation(table)).toSorted()).toEqual(['public.big', 'public.small']);
  const [big] = compared.filter(({table}) => table.name === 'big');
  expect([big?.replicaRows, big?.targetRows]).toEqual([ROWS, ROWS - 1]);
  expect(big?.rowsThatDiffer?.first.map((row) => describeRow(row))).toEqual([
    expect.stringMatching(/^id='5' \(at .* of the replica\) is not on the target$/),
  ]);
  expect(existsSync(join(lab.folder, 'run', 'compared.jsonl'))).toBe(false);
});
