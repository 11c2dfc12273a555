import {compareFingerprints, fingerprintDatabase} from './fingerprint.ts';
import {verifyInvariant} from './invariant.ts';
import type {Lab} from './lab-state.ts';
import {readWriteLoad, WRITTEN_TABLES} from './write-load.ts';

/** What was found; no problems means that the target is right. */
export interface LabVerdict {
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

/**
 * Compares every table of replica and target by rows and checksum, and the write load's sums on all three servers.
 * Once replay goes on, the replica is ahead of P in the tables that the write load changes: those are then left out, and a note says so.
 */
export async function verifyLab(lab: Lab): Promise<LabVerdict> {
  const servers = ['source', 'replica', 'target'] as const;
  const sums = await Promise.all(servers.map(async (role) => ({role, ...(await verifyInvariant(lab[role]))})));
  const [replica, target] = await Promise.all([fingerprintDatabase(lab.replica), fingerprintDatabase(lab.target)]);
  const [[paused] = []] = await lab.replica.sql('SELECT pg_is_wal_replay_paused()');
  const moving = paused !== 't' && ((await readWriteLoad(lab)) !== null || sums[1]?.seen !== sums[2]?.seen);
  const differences = compareFingerprints(replica, target).filter(({table}) => !moving || !WRITTEN_TABLES.has(table));
  const compared = replica.filter(({table, rows}) => rows !== null && (!moving || !WRITTEN_TABLES.has(table)));
  return {
    problems: [
      ...sums.filter(({holds}) => !holds).map(({role, seen}) => `the write load's sums on the ${role}: ${seen}`),
      ...differences.map(({table, seen}) => `${table} ${seen}`),
    ],
    notes: [
      ...sums.filter(({holds}) => holds).map(({role, seen}) => `${role}: ${seen}`),
      `${compared.length} tables compared by rows and checksum`,
      ...(moving
        ? [`replay goes on, so the ${WRITTEN_TABLES.size} tables of the write load are known by their sums only`]
        : []),
    ],
  };
}
