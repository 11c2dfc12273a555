import {pick} from '../pg/session/versions.ts';
import {compareFingerprints, fingerprintDatabase, type TableFingerprint} from './fingerprint.ts';
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
 * Once replay goes on, the replica is ahead of P in the tables that the write load changes. Of those, the target's sums must still
 * hold, and as nothing is ever deleted it may have no more rows than the replica; a note says that no more was compared.
 */
export async function verifyLab(lab: Lab): Promise<LabVerdict> {
  const servers = ['source', 'replica', 'target'] as const;
  const sums = await Promise.all(servers.map(async (role) => ({role, ...(await verifyInvariant(lab[role]))})));
  const [target, ahead] = await Promise.all([fingerprintDatabase(lab.target), isAhead(lab)]);
  const replica = await fingerprintDatabase(lab.replica);
  const [written, still] = [
    replica.filter(({table}) => ahead && WRITTEN_TABLES.has(table)),
    replica.filter(({table, rows}) => rows !== null && !(ahead && WRITTEN_TABLES.has(table))),
  ];
  return {
    problems: [
      ...sums.filter(({holds}) => !holds).map(({role, seen}) => `the write load's sums on the ${role}: ${seen}`),
      ...compareFingerprints(still, target).map(({table, seen}) => `${table} ${seen}`),
      ...written.flatMap((table) => judgeWritten(table, target)),
    ],
    notes: [
      ...sums.filter(({holds}) => holds).map(({role, seen}) => `${role}: ${seen}`),
      `${still.length} tables compared by rows and checksum`,
      ...(ahead
        ? [`replay goes on: the ${WRITTEN_TABLES.size} tables of the write load were compared by sums and counts only`]
        : []),
    ],
  };
}

/** Whether the replica may have replayed more than P. */
async function isAhead(lab: Lab): Promise<boolean> {
  const [[version = '0'] = []] = await lab.replica.sql('SHOW server_version_num');
  const [[paused] = []] = await lab.replica.sql(`SELECT ${pick('replayPauseRequested', Number(version))}`);
  if (paused === 't') return false;
  if ((await readWriteLoad(lab)) !== null) return true;
  // Nothing writes any more: only a difference in the histories tells that something did since P.
  const [replica, target] = await Promise.all([verifyInvariant(lab.replica), verifyInvariant(lab.target)]);
  return replica.seen !== target.seen;
}

function judgeWritten({table, rows}: TableFingerprint, target: readonly TableFingerprint[]): string[] {
  const there = target.find((one) => one.table === table)?.rows ?? null;
  if (there === null) return [`${table} is not on the target`];
  return there <= (rows ?? 0) ? [] : [`${table} has ${there} rows on the target, more than the ${rows} of the replica`];
}
