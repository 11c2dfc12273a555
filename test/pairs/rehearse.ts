import {LonghaulError} from '../../src/domain/base/longhaul-error.ts';
import {startLab, type Lab} from '../../src/lab/lab.ts';
import {hasPglogical} from '../../src/lab/cluster/server-programs.ts';
import {verifyLab} from '../../src/lab/verify-lab.ts';
import {startWriteLoad} from '../../src/lab/write-load.ts';
import {addEveryType, KINDS, methodsOfEveryType} from '../support/every-type.ts';
import {loadBy} from '../support/hold.ts';
import {longhaul, stateOf} from '../support/longhaul.ts';

/** The servers of one rehearsal, the pg_dump and psql for it where the usual ones are too old, and whether there are hostile names among the tables. */
export interface Rehearsal {
  readonly sourceBin: string;
  readonly targetBin: string;
  readonly toolsBin?: string;
  readonly hostile: boolean;
  /** How the tables travel; the written way by default. */
  readonly method?: string;
  /** Whether there are tables with a column of every type, nasty values in each. */
  readonly everyType?: boolean;
}

/**
 * The whole of Phase I from one release to another under a live write load, with slots and sets where the source has pglogical. What is wrong, in words; every table is compared by rows and checksum while the replica is at P.
 */
export async function rehearse(rehearsal: Rehearsal): Promise<string[]> {
  const lab = await startLab({size: 'tiny', ...rehearsal});
  try {
    if (rehearsal.method !== undefined) await loadBy(lab, rehearsal.method, '128kB');
    if (rehearsal.everyType === true) await addEveryType(lab);
    await startWriteLoad(lab, 50);
    const loaded = await runUntil(lab, '--until', 'compare-rows');
    if (loaded.length > 0) return loaded;
    const equal = await verifyLab(lab);
    const problems = [...equal.problems, ...(hasPglogical(rehearsal.sourceBin) ? await judgeSlots(lab) : [])];
    if (rehearsal.everyType === true) problems.push(...(await judgeMethods(lab)));
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
  if (code === 0) return [];
  const lines = `${stdout}${stderr}`.trim().split('\n');
  return [`exit ${code}`, ...lines.filter((line) => / FAILED| UNFINISHED/.test(line)), ...lines.slice(-5)];
}

/** What is known has travelled in binary form, and what is not as text. */
async function judgeMethods(lab: Lab): Promise<string[]> {
  const [[version = '0'] = []] = await lab.target.sql('SHOW server_version_num');
  // Before 14 no array of what somebody has made, and no composite.
  const binary = Number(version) >= 140_000 ? KINDS.binary : KINDS.binary.filter((table) => table !== 'nested');
  return Object.entries(await methodsOfEveryType(lab)).flatMap(([table, methods]) => {
    const wanted = binary.some((one) => one === table) ? 'binary' : 'copy';
    return methods.join() === wanted
      ? []
      : [`kinds.${table} has travelled by ${methods.join(', ') || 'nothing'}, not ${wanted}`];
  });
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
