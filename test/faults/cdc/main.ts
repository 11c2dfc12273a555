import {join} from 'node:path';
import {compareFingerprints, fingerprintDatabase} from '../../../src/lab/fingerprint.ts';
import {startLab, type Lab} from '../../../src/lab/lab.ts';
import {startWriters} from '../../handoffs/writers.ts';
import {drained} from '../../support/drained.ts';
import {edit} from '../../support/edit.ts';
import {longhaul, mustEndWell} from '../../support/longhaul.ts';
import {CDC_FAULTS} from './faults.ts';
import {wayTo, type Way} from './proxy.ts';

const SEED = join(import.meta.dirname, '../../handoffs/seed.sql');

/**
 * `npm run faults -- --phase cdc`: so many faults in change capture that runs, under writers; each is told where it lasts, and mended as that says. After each the writers stop, and every
 * table has to be equal. Gives what was not.
 */
export async function tellCdcFaults(count: number, random: () => number): Promise<number> {
  const lab = await startLab({seed: SEED, engine: 'native'});
  const way = await wayTo(lab.source.port);
  let unequal = 0;
  try {
    await edit(
      lab,
      ['caught_up_for: 3s', `caught_up_for: 1s\n  source_for_target: port=${way.port}`],
      ['count: 3', 'count: 2'],
      ['load:\n', 'probes: {interval: 1s}\nload:\n'],
    );
    await lab.target.sql("ALTER SYSTEM SET wal_retrieve_retry_interval = '500ms'");
    await lab.target.sql('SELECT pg_reload_conf()');
    await mustEndWell(lab, 'run', '--plain');
    const names = Object.keys(CDC_FAULTS);
    for (let number = 1; number <= count; number += 1) {
      // Each of them before any comes again.
      const name = number <= names.length ? names[number - 1] : names[Math.floor(random() * names.length)];
      const problems = await tellOne(lab, way, {name: name ?? '', number, random});
      if (problems.length > 0) unequal += 1;
      console.log(`cdc ${number}: ${name}; ${problems.length === 0 ? 'equal' : problems.join('; ')}`);
    }
  } finally {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
    way.close();
  }
  return unequal;
}

async function tellOne(
  lab: Lab,
  way: Way,
  {name, number, random}: {readonly name: string; readonly number: number; readonly random: () => number},
): Promise<string[]> {
  const writers = await startWriters(lab);
  try {
    const problems = await CDC_FAULTS[name]?.({lab, way, random, number});
    // A crash of the source ends them.
    await writers.stop().catch(() => undefined);
    await drained(lab);
    const [source, target] = [await fingerprintDatabase(lab.source), await fingerprintDatabase(lab.target)];
    return [...(problems ?? []), ...compareFingerprints(source, target).map(({table, seen}) => `${table} ${seen}`)];
  } catch (error) {
    await writers.stop().catch(() => undefined);
    return [error instanceof Error ? error.message.slice(0, 500) : String(error)];
  }
}
