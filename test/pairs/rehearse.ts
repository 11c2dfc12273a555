import {LonghaulError} from '../../src/domain/base/longhaul-error.ts';
import {startLab, type Lab} from '../../src/lab/lab.ts';
import {hasPglogical} from '../../src/lab/cluster/server-programs.ts';
import {verifyLab} from '../../src/lab/verify-lab.ts';
import {startWriteLoad} from '../../src/lab/write-load.ts';
import {loadBy} from '../support/hold.ts';
import {longhaul, stateOf} from '../support/longhaul.ts';

/** The servers of one rehearsal, the pg_dump and psql for it where the usual ones are too old, and whether there are hostile names among the tables. */
export interface Rehearsal {
  readonly sourceBin: string;
  readonly targetBin: string;
  readonly toolsBin?: string;
  readonly hostile: boolean;
  /** How the large tables travel; the written way by default. */
  readonly method?: string;
}

/**
 * The whole of Phase I from one release to another under a live write load, with slots and sets where the source has pglogical. What is wrong, in words; every table is compared by rows and checksum while the replica is at P.
 */
export async function rehearse(rehearsal: Rehearsal): Promise<string[]> {
  const lab = await startLab({size: 'tiny', ...rehearsal});
  try {
    if (rehearsal.method !== undefined) await loadBy(lab, rehearsal.method);
    await startWriteLoad(lab, 50);
    const loaded = await runUntil(lab, '--until', 'compare-rows');
    if (loaded.length > 0) return loaded;
    const equal = await verifyLab(lab);
    const problems = [...equal.problems, ...(hasPglogical(rehearsal.sourceBin) ? await judgeSlots(lab) : [])];
    // Nothing was left out because replay went on.
    if (equal.notes.some((note) => note.startsWith('replay goes on'))) problems.push('the replica is not at P');
    return problems.length > 0 ? problems : await runUntil(lab);
  } catch (error) {
    if (error instanceof LonghaulError) return [error.message];
    throw error;
  } finally {
    await longhaul(lab, 'shutdown', '--lanes', '--yes', 'rehearsal');
    await lab.stop();
  }
}

async function runUntil(lab: Lab, ...until: string[]): Promise<string[]> {
  const {code, stdout, stderr} = await longhaul(lab, 'run', '--plain', ...until);
  return code === 0 ? [] : [`exit ${code}`, ...`${stdout}${stderr}`.trim().split('\n').slice(-5)];
}

/** P is proved against slots that are there, each with its two sets. */
async function judgeSlots(lab: Lab): Promise<string[]> {
  const [[slots = '0', sets = '0', members = '0'] = []] = await lab.source.sql(`
    SELECT (SELECT count(*) FROM pg_replication_slots WHERE plugin = 'pglogical'),
           (SELECT count(*) FROM pglogical.replication_set WHERE set_name ~ '^i?dms_'),
           (SELECT count(*) FROM pglogical.replication_set_table)`);
  const {boundaryProved} = await stateOf(lab);
  const whole = boundaryProved && Number(slots) > 0 && Number(sets) === 2 * Number(slots) && Number(members) > 0;
  return whole ? [] : [`${slots} slots, ${sets} sets of ${members} tables, P ${boundaryProved ? '' : 'not '}proved`];
}
