import {setTimeout as wait} from 'node:timers/promises';
import {pick} from '../pg/session/versions.ts';
import {compareFingerprints, fingerprintDatabase} from './fingerprint.ts';
import {verifyInvariant} from './invariant.ts';
import type {Lab} from './lab-state.ts';
import type {LabVerdict} from './verify-lab.ts';
import {stopWriteLoad} from './write-load.ts';

const EVERY_MS = 200;
const TRIES = 600;

/** Stops the write load, waits until every subscription has brought what was written until then, and compares every table of source and target. */
export async function verifyDrained(lab: Lab): Promise<LabVerdict> {
  await stopWriteLoad(lab);
  const late = await waitUntilDrained(lab);
  const servers = ['source', 'target'] as const;
  const sums = await Promise.all(servers.map(async (role) => ({role, ...(await verifyInvariant(lab[role]))})));
  const [source, target] = await Promise.all([fingerprintDatabase(lab.source), fingerprintDatabase(lab.target)]);
  return {
    problems: [
      ...late,
      ...sums.filter(({holds}) => !holds).map(({role, seen}) => `the write load's sums on the ${role}: ${seen}`),
      ...compareFingerprints(source, target).map(({table, seen}) => `${table} ${seen.replace('replica', 'source')}`),
    ],
    notes: [
      ...sums.filter(({holds}) => holds).map(({role, seen}) => `${role}: ${seen}`),
      `${source.length} tables compared by rows and checksum, the writers stopped and all changes applied`,
    ],
  };
}

/** In words, what is not applied within the time. */
async function waitUntilDrained({source}: Lab): Promise<string[]> {
  const [[version = '0'] = []] = await source.sql('SHOW server_version_num');
  const [[lsn = '0/0'] = []] = await source.sql(`SELECT ${pick('insertLsn', Number(version))}`);
  const behind = `SELECT slot_name FROM pg_replication_slots WHERE plugin IN ('pgoutput', 'pglogical', 'pglogical_output') AND confirmed_flush_lsn < '${lsn}'`;
  let slots = await source.sql(behind);
  for (let tries = 1; slots.length > 0 && tries < TRIES; tries += 1) {
    await wait(EVERY_MS);
    slots = await source.sql(behind);
  }
  return slots.map(([name = '']) => `${name} has not applied all`);
}
