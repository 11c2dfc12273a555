import {mkdtemp, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {formatRelation, parseRelation} from '../../../src/domain/pg/relation.ts';
import {compareTables, planScans} from '../../../src/engine/compare/compare-tables.ts';
import {KEEP_NOTHING} from '../../../src/engine/compare/kept-sums.ts';
import type {TableComparison} from '../../../src/engine/compare/table-comparison.ts';
import {executeBeside} from '../../../src/engine/waiting/pool.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {contextOn} from '../../support/lab-context.ts';
import {journalOf, longhaul, mustEndWell} from '../../support/longhaul.ts';
import {catalogueFor, type Catalogue} from './catalogue.ts';
import type {SeededChange} from './seeded-change.ts';
import {UNTRIED, UNTRIED_BEFORE_10} from './values.ts';
import {untilReplayed} from '../../support/replayed.ts';

/** What came of the changes between two releases. */
export interface TriedChanges {
  readonly changes: number;
  readonly tables: number;
  /** Changes that were not seen, or not named with their row, in words. */
  readonly missed: readonly string[];
  /** Tables that were said to differ and did not. */
  readonly falseAlarms: readonly string[];
}

/** Servers have what a text may depend on otherwise than each other: only what a session sets counts. */
const SOURCE_SETTINGS = [
  "timezone = 'Asia/Kolkata'",
  "datestyle = 'German'",
  "intervalstyle = 'sql_standard'",
  "bytea_output = 'escape'",
  'extra_float_digits = -5',
  "xmloption = 'document'",
];
const TARGET_SETTINGS = [
  "timezone = 'America/New_York'",
  "datestyle = 'SQL, DMY'",
  "intervalstyle = 'iso_8601'",
  'extra_float_digits = -2',
];

/** Loads the catalogue from one release to another, and tries each change on the target. */
export async function tryChanges(
  bins: {readonly sourceBin: string; readonly targetBin: string},
  release: number,
): Promise<TriedChanges> {
  const catalogue = catalogueFor(release);
  const folder = await mkdtemp(join(tmpdir(), 'lh-changes-'));
  const seed = join(folder, 'seed.sql');
  await writeFile(seed, catalogue.seed);
  const lab = await startLab({...bins, seed});
  try {
    await lab.source.sql(SOURCE_SETTINGS.map((one) => `ALTER DATABASE app SET ${one};`).join(' '));
    await mustEndWell(lab, 'run', '--plain', '--until', 'build-indexes');
    await mustEndWell(lab, 'shutdown');
    // The run has given the target's database the settings of the source's.
    await lab.target.sql(TARGET_SETTINGS.map((one) => `ALTER DATABASE app SET ${one};`).join(' '));
    await keepAll(lab, catalogue);
    const untried = await untriedTypes(lab);
    const tried = await inRounds(lab, catalogue, async () => compareRun(lab));
    return {...tried, missed: [...untried, ...tried.missed]};
  } finally {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  }
}

/** The same without a run, for a source whose release has no pg_dump here: both are seeded, and compared where they are. */
export async function tryChangesBySeed(
  bins: {readonly sourceBin: string; readonly targetBin: string},
  release: number,
): Promise<TriedChanges> {
  const catalogue = catalogueFor(release);
  const lab = await startLab({...bins, seed: false});
  try {
    await lab.target.sql(
      'CREATE ROLE app_owner; GRANT app_owner TO longhaul; GRANT CREATE ON SCHEMA public TO app_owner',
    );
    for (const server of [lab.source, lab.target]) await server.sql(catalogue.seed);
    await untilReplayed(lab);
    for (const [server, settings] of [
      [lab.source, SOURCE_SETTINGS],
      [lab.target, TARGET_SETTINGS],
    ] as const)
      await server.sql(settings.map((one) => `ALTER DATABASE app SET ${one};`).join(' '));
    await untilReplayed(lab);
    await keepAll(lab, catalogue);
    const untried = await untriedTypes(lab);
    const tried = await inRounds(lab, catalogue, async () => compareBySeed(lab, catalogue));
    return {...tried, missed: [...untried, ...tried.missed]};
  } finally {
    await lab.stop();
  }
}

async function keepAll(lab: Lab, {tables}: Catalogue): Promise<void> {
  const copies = tables.map(
    ({name, columns}) => `CREATE TABLE kept.${name.replace('public.', '')} AS SELECT ${columns} FROM ONLY ${name};`,
  );
  await lab.target.sql(`CREATE SCHEMA kept; ${copies.join(' ')}`);
}

/** A change to each table at a time: every one of them is told for itself, and of what was not changed nothing is said. */
async function inRounds(
  lab: Lab,
  catalogue: Catalogue,
  compareAll: () => Promise<TableComparison[]>,
): Promise<TriedChanges> {
  const missed: string[] = [];
  const falseAlarms: string[] = [];
  const unequal = (await compareAll()).filter(({differs}) => differs).map((one) => described(one));
  falseAlarms.push(...unequal.map((words) => `before any change: ${words}`));
  let left = [...catalogue.changes];
  for (let round = 1; left.length > 0; round += 1) {
    const [now, later] = pickRound(left);
    left = later;
    const failed = await applyAll(lab, now);
    missed.push(...failed);
    const compared = new Map((await compareAll()).map((one) => [formatRelation(one.table), one]));
    for (const change of now) missed.push(...judge(change, compared));
    const changed = new Set(now.flatMap(({tables}) => tables));
    for (const [name, one] of compared)
      if (one.differs && !changed.has(name)) falseAlarms.push(`round ${round}: ${described(one)}`);
    await restore(lab, catalogue, changed);
  }
  return {changes: catalogue.changes.length, tables: catalogue.tables.length, missed, falseAlarms};
}

function pickRound(left: readonly SeededChange[]): [SeededChange[], SeededChange[]] {
  const taken = new Set<string>();
  const now: SeededChange[] = [];
  const later: SeededChange[] = [];
  for (const change of left) {
    if (change.tables.some((table) => taken.has(table))) later.push(change);
    else {
      now.push(change);
      for (const table of change.tables) taken.add(table);
    }
  }
  return [now, later];
}

async function applyAll(lab: Lab, changes: readonly SeededChange[]): Promise<string[]> {
  const usual =
    "SET search_path = public, pg_catalog; SET xmloption = 'content'; SET datestyle = 'ISO'; SET intervalstyle = 'postgres';";
  try {
    await lab.target.sql(`${usual} BEGIN; ${changes.map(({sql}) => `${sql};`).join('\n')} COMMIT`);
    return [];
  } catch (error) {
    return [`a change cannot be made: ${error instanceof Error ? error.message : String(error)}`];
  }
}

async function restore(lab: Lab, {tables}: Catalogue, changed: ReadonlySet<string>): Promise<void> {
  const statements = tables
    .filter(({name}) => changed.has(name))
    .map(({name, columns}) => {
      const kept = `kept.${name.replace('public.', '')}`;
      const list = columns === '' ? '' : ` (${columns})`;
      return `TRUNCATE ONLY ${name}; INSERT INTO ${name}${list} SELECT ${columns} FROM ${kept};`;
    });
  await lab.target.sql(`BEGIN; ${statements.join('\n')} COMMIT`);
}

async function compareRun(lab: Lab): Promise<TableComparison[]> {
  const ctx = await contextOn(lab, ...(await journalOf(lab)));
  try {
    return await compareTables(ctx);
  } finally {
    await ctx.close();
  }
}

/** No run: where there is no pg_dump of the source's release, the target is seeded as the source is. */
async function compareBySeed(lab: Lab, {tables}: Catalogue): Promise<TableComparison[]> {
  const ctx = await contextOn(lab);
  const compared: TableComparison[] = [];
  const wanted = tables.map(({name, key}) => ({
    table: parseRelation(name) ?? {schema: '', name},
    timestampColumn: null,
    primaryKey: key,
    bytes: 0,
  }));
  const scans = await planScans(ctx, wanted, {
    rows: 'full',
    lanes: 2,
    showValues: true,
    purpose: 'compare',
    sample: null,
    kept: KEEP_NOTHING,
    hear: async (one) => void compared.push(one),
    onReplica: async (_replica, work) => work(),
  });
  try {
    await executeBeside(scans.actions);
    return compared;
  } finally {
    await scans.close();
    await ctx.close();
  }
}

/** The source's own types of which no change is tried and nobody says why. What only a newer target has comes from no source. */
async function untriedTypes({source}: Lab): Promise<string[]> {
  const [[release = ''] = []] = await source.sql("SELECT current_setting('server_version_num')::int / 10000");
  const rows = await source.sql(`
    SELECT t.oid::regtype, coalesce(e.typname, t.typname)
      FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace AND n.nspname = 'pg_catalog'
      LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'
     WHERE t.typtype IN ('b', 'r', 'm') AND (e.oid IS NULL OR e.typtype IN ('b', 'r', 'm'))
       AND NOT EXISTS (SELECT FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r'
                        WHERE c.relnamespace = 'public'::regnamespace AND a.attname = 'v' AND a.atttypid = t.oid)
     ORDER BY t.oid::regtype::text`);
  const reasons = Number(release) < 10 ? {...UNTRIED, ...UNTRIED_BEFORE_10} : UNTRIED;
  return rows.flatMap(([type = '', name = '']) =>
    name in reasons ? [] : [`${type} of ${release}: no change is tried, and nobody says why`],
  );
}

function judge({tables, rows, what}: SeededChange, compared: ReadonlyMap<string, TableComparison>): string[] {
  return tables.flatMap((table, at) => {
    const one = compared.get(table);
    const wanted = rows[at];
    if (one === undefined || !one.differs || wanted === undefined) return [`${what}: not seen`];
    const named = one.rows?.first.some((row) => {
      const key = row.key.map(({value}) => value ?? 'NULL').join(',');
      const place = row.replicaPlace ?? row.targetPlace;
      const columns = row.columns.map(({column}) => column);
      return (
        row.kind === wanted.kind &&
        (wanted.key === null ? place !== null : key === wanted.key) &&
        (wanted.column === undefined ||
          (columns.includes(wanted.column) && row.columns.every(({replica, target}) => replica !== target)))
      );
    });
    return named === true ? [] : [`${what}: seen, and not named: ${described(one)}`];
  });
}

function described({table, replicaRows, targetRows, rows}: TableComparison): string {
  return `${formatRelation(table)} ${replicaRows}/${targetRows} ${JSON.stringify(rows)}`;
}
