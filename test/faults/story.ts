import {readFile, writeFile} from 'node:fs/promises';
import {setTimeout as wait} from 'node:timers/promises';
import {verifyLab} from '../../src/lab/verify-lab.ts';
import {compareFingerprints, fingerprintDatabase, type TableFingerprint} from '../../src/lab/fingerprint.ts';
import type {Lab} from '../../src/lab/lab.ts';
import {beginLoad, holdTable, retryQuickly, standAtNewBoundary, untilLaneWaits} from '../support/hold.ts';
import {longhaul, mustEndWell, stateOf} from '../support/longhaul.ts';
import type {NamedFault} from './faults.ts';

/** What became of one story. */
export interface Told {
  /** The faults that were injected, in order. */
  readonly faults: readonly string[];
  /** How many of them hit something that was running. */
  readonly hits: number;
  /** How many times `longhaul run` was needed afterwards. */
  readonly runs: number;
  readonly lost: number;
  readonly doubled: number;
  readonly problems: readonly string[];
}

/** Brings a lab as far as everything is ready to load, with keepalives of KEEPALIVE_MS on both ends. */
export async function prepare(lab: Lab): Promise<void> {
  const yaml = await readFile(lab.yamlPath, 'utf8');
  const keepalives = 'keepalives_idle=1 keepalives_interval=1 keepalives_count=2';
  await writeFile(lab.yamlPath, yaml.replaceAll(/(?<=port=\d+ )/g, `${keepalives} `));
  await retryQuickly(lab);
  for (const server of [lab.replica, lab.target]) {
    for (const [name, value] of Object.entries({idle: 1, interval: 1, count: 2})) {
      await server.sql(`ALTER SYSTEM SET tcp_keepalives_${name} = ${value}`);
    }
    await server.sql('SELECT pg_reload_conf()');
  }
  await mustEndWell(lab, 'run', '--plain', '--until', 'add-tables');
}

/** How a story is told. */
export interface StoryOptions {
  readonly faults: readonly NamedFault[];
  /** Each fault comes within so many milliseconds of the one before. */
  readonly withinMs: number;
  readonly random: () => number;
  /** A table that no lane gets into before all faults are over, so that they hit a load that runs. */
  readonly held?: string;
}

/**
 * One story: a new P, a load, faults some time into it, then `longhaul run` until the load is done; the target must be the replica at P, every
 * table, and the ledger must have every unit once.
 */
export async function tellStory(lab: Lab, {faults, withinMs, random, held}: StoryOptions): Promise<Told> {
  await standAtNewBoundary(lab);
  const letGo = held === undefined ? null : await holdTable(lab, held);
  await beginLoad(lab, 1);
  if (letGo !== null) await untilLaneWaits(lab);
  let hits = 0;
  for (const [, inject] of faults) {
    await wait(Math.floor(random() * withinMs));
    const loads = (await stateOf(lab)).units.some(({state}) => state.status === 'running');
    if ((await inject(lab, random)) && loads) hits += 1;
  }
  await letGo?.();
  const runs = await runUntilLoaded(lab);
  const told = {faults: faults.map(([name]) => name), hits, runs};
  const ledger = await judgeLedger(lab);
  // Who lets replay go on after the last unit is in takes away what the target could be compared with, and nothing else: what nobody writes
  // to is still the same, and the sums of what the write load changes hold at P as at any moment.
  if (!(await standsAtBoundary(lab)))
    return {...told, lost: 0, doubled: 0, problems: [...(await verifyLab(lab)).problems, ...ledger]};
  const [replica, target] = [await fingerprintDatabase(lab.replica), await fingerprintDatabase(lab.target)];
  const different = compareFingerprints(replica, target).map(({table, seen}) => `${table} ${seen}`);
  return {...told, ...count(replica, target), problems: [...different, ...ledger]};
}

async function standsAtBoundary(lab: Lab): Promise<boolean> {
  const {boundary} = await stateOf(lab);
  const [[lsn] = []] = await lab.replica.sql('SELECT pg_last_wal_replay_lsn()');
  return lsn === boundary?.lsn;
}

/** As an operator would: the same command again, until it is done. */
async function runUntilLoaded(lab: Lab): Promise<number> {
  for (let runs = 1; runs <= 6; runs += 1) {
    const {code} = await longhaul(lab, 'run', '--plain', '--until', 'full-load');
    const {units, boundary, loadBoundary} = await stateOf(lab);
    const all = units.every((unit) => unit.state.status === 'committed') && boundary?.lsn === loadBoundary;
    if (code === 0 && all) return runs;
    // The supervisor that failed is replaced by the next run, which begins where it must.
    await longhaul(lab, 'shutdown');
  }
  throw new Error('the load was not done after 6 runs');
}

function count(
  replica: readonly TableFingerprint[],
  target: readonly TableFingerprint[],
): {lost: number; doubled: number} {
  const there = new Map(target.map((one) => [one.table, one.rows ?? 0]));
  const gaps = replica.flatMap(({table, rows}) => (rows === null ? [] : [rows - (there.get(table) ?? 0)]));
  return {
    lost: gaps.reduce((sum, gap) => sum + Math.max(0, gap), 0),
    doubled: gaps.reduce((sum, gap) => sum + Math.max(0, -gap), 0),
  };
}

async function judgeLedger(lab: Lab): Promise<string[]> {
  const {units, boundary} = await stateOf(lab);
  const rows = await lab.target.sql(
    `SELECT unit, count(*) FROM longhaul.load_unit WHERE boundary = '${boundary?.lsn}' AND committed_at IS NOT NULL GROUP BY unit`,
  );
  const counts = new Map(rows.map(([unit = '', rowCount = '']) => [unit, rowCount]));
  return units
    .filter(({id}) => counts.get(id) !== '1')
    .map(({id}) => `unit ${id} is ${counts.get(id) ?? 0} times in the ledger`);
}
