import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {compareFingerprints, fingerprintDatabase} from '../../src/lab/fingerprint.ts';
import {verifyInvariant} from '../../src/lab/invariant.ts';
import type {Lab} from '../../src/lab/lab.ts';
import {stopWriteLoad} from '../../src/lab/write-load.ts';
import {drained} from './drained.ts';

/** Stops the writers, waits for the last change, and names what is not as it has to be: tables by checksum, sentinels by number, the writers' invariant. */
export async function differencesOnceDrained(lab: Lab): Promise<string[]> {
  await stopWriteLoad(lab);
  await drained(lab);
  const [source, target] = [await fingerprintDatabase(lab.source), await fingerprintDatabase(lab.target)];
  const sentinels = (all: typeof source): string =>
    all
      .filter(({table}) => table.startsWith('longhaul_cdc.'))
      .map(({table, rows}) => `${table}: ${rows}`)
      .join(', ');
  const invariant = await verifyInvariant(lab.target);
  return [
    ...compareFingerprints(source, target).map((one) => JSON.stringify(one)),
    ...(sentinels(source) === sentinels(target) ? [] : [`source ${sentinels(source)}; target ${sentinels(target)}`]),
    ...(invariant.holds ? [] : [JSON.stringify(invariant)]),
  ];
}

/** The files of the lab that hold its password, of the run folder and of these. */
export function filesWithThePassword(lab: Lab, ...files: readonly string[]): string[] {
  const password = readFileSync(`${lab.folder}/pgpass`, 'utf8').trim().split(':').at(-1) ?? '';
  if (password === '') throw new Error(`${lab.folder}/pgpass holds no password`);
  // 1 is grep's word for: in none.
  const script = 'password=$1; shift; grep -rlF -D skip -- "$password" "$@" || [ $? -eq 1 ]';
  const places = ['run', ...files].map((file) => `${lab.folder}/${file}`);
  return execFileSync('sh', ['-c', script, 'sh', password, ...places])
    .toString()
    .split('\n')
    .filter((line) => line !== '');
}
