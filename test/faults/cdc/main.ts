import {join} from 'node:path';
import {compareFingerprints, fingerprintDatabase} from '../../../src/lab/fingerprint.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {startWriters} from '../../handoffs/writers.ts';
import {mayMount} from '../../probes/watched/wal-volume.ts';
import {drained} from '../../support/drained.ts';
import {edit} from '../../support/edit.ts';
import {longhaul, mustEndWell} from '../../support/longhaul.ts';
import {makeSmallVolume, moveWalOff} from '../../support/small-volume.ts';
import {METRICS, type Broken, type CdcFault} from './broken.ts';
import {seededRandom} from '../random.ts';
import {HANDS, type FaultEngine} from './hands.ts';
import {PASSING} from './passing.ts';
import {wayTo} from './proxy.ts';
import {FULL_DISK, TOLD} from './told.ts';

const SEED = join(import.meta.dirname, '../../handoffs/seed.sql');
/** The target's data take a fourth of it. */
const VOLUME_MB = 400;

/** What `npm run faults -- --phase cdc` was called with. */
export interface CdcFaultsAsked {
  /** `native`, `pglogical` or `all`. */
  readonly engine: string;
  /** Null where each fault is to come once with each engine. */
  readonly count: string | null;
  readonly seed: string;
  /** Only faults whose names have these words; all of them where it is empty. */
  readonly only: string;
}

/**
 * `npm run faults -- --phase cdc`: so many faults in change capture that runs, under writers; each is told where it lasts, and mended as that says. After each the writers stop, and every
 * table has to be equal.
 */
export async function cdcFaults({engine, count, seed, only}: CdcFaultsAsked): Promise<void> {
  const engines = ENGINES.filter((one) => engine === 'all' || engine === one);
  if (engines.length === 0) throw new Error(`--engine ${engine}: native, pglogical or all`);
  const random = seededRandom(Number(seed));
  console.log(`seed ${seed}, ${count ?? 'all'} faults in change capture, with ${engines.join(' and ')}`);
  const sum = {told: 0, unequal: 0};
  for (const [at, one] of engines.entries()) {
    const share = (to: number): number => Math.floor((to * Number(count)) / engines.length);
    const own = count === null ? null : share(at + 1) - share(at);
    const {told, unequal} = await tellWith({engine: one, count: own, random, only});
    sum.told += told;
    sum.unequal += unequal;
  }
  console.log(`${sum.told} faults in change capture, ${sum.unequal} of them with something lost, doubled or not told`);
  process.exitCode = sum.unequal > 0 ? 1 : 0;
}

const ENGINES: readonly FaultEngine[] = ['native', 'pglogical'];

interface Telling {
  readonly engine: FaultEngine;
  readonly count: number | null;
  readonly random: () => number;
  readonly only: string;
}

async function tellWith({engine, count, random, only}: Telling): Promise<{told: number; unequal: number}> {
  const volume = mayMount() ? await makeSmallVolume(VOLUME_MB) : null;
  if (volume === null) console.log('no fault of a full disk: mounting a small file system wants root');
  const targetDataDir = volume === null ? undefined : join(volume.path, 'target');
  const lab = await startLab({seed: SEED, engine, ...(targetDataDir === undefined ? {} : {targetDataDir})});
  const way = await wayTo(lab.source.port);
  const faults = Object.entries<CdcFault>({
    ...PASSING,
    ...TOLD,
    ...(volume === null ? {} : {'a full disk on the target until it is told': FULL_DISK}),
  }).filter(([name]) => name.includes(only));
  const all = count ?? faults.length;
  let unequal = 0;
  try {
    if (targetDataDir !== undefined) await moveWalOff(lab, targetDataDir);
    await edit(
      lab,
      ['caught_up_for: 3s', `caught_up_for: 1s\n  source_for_target: port=${way.port}`],
      ['count: 3', 'count: 2'],
      ['load:\n', `probes: {interval: 1s, metrics_file: ${join(lab.folder, METRICS)}}\nload:\n`],
    );
    await lab.target.sql("ALTER SYSTEM SET wal_retrieve_retry_interval = '500ms'");
    await lab.target.sql('SELECT pg_reload_conf()');
    await mustEndWell(lab, 'run', '--plain');
    for (let number = 1; number <= all; number += 1) {
      // Each of them before any comes again.
      const [name, fault] = faults[number <= faults.length ? number - 1 : Math.floor(random() * faults.length)] ?? [];
      if (name === undefined || fault === undefined) throw new Error(`no fault has the words ${only}`);
      const began = performance.now();
      const problems = await tellOne(fault, {lab, hands: HANDS[engine], way, random, number, volume});
      if (problems.length > 0) unequal += 1;
      const seconds = ((performance.now() - began) / 1000).toFixed(0);
      console.log(
        `${engine} ${number}: ${name}, ${seconds} s; ${problems.length === 0 ? 'equal' : problems.join('; ')}`,
      );
    }
  } finally {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
    way.close();
    await volume?.remove();
  }
  return {told: all, unequal};
}

async function tellOne(fault: CdcFault, broken: Broken): Promise<string[]> {
  const {lab} = broken;
  const writers = await startWriters(lab);
  try {
    const problems = await fault(broken);
    // A crash of the source ends them.
    await writers.stop().catch(() => undefined);
    return [...problems, ...(await differing(lab))];
  } catch (error) {
    await writers.stop().catch(() => undefined);
    broken.way.mend();
    await broken.volume?.makeRoom();
    return [error instanceof Error ? error.message.slice(0, 500) : String(error)];
  }
}

async function differing(lab: Lab): Promise<string[]> {
  await drained(lab);
  const [source, target] = [await fingerprintDatabase(lab.source), await fingerprintDatabase(lab.target)];
  return compareFingerprints(source, target).map(({table, seen}) => `${table} ${seen}`);
}
