import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {writeSettings} from './cluster.ts';
import {lastWords, type LabServer, type LabServerPlace} from './lab-server.ts';
import {pick} from '../../pg/session/versions.ts';
import {readRelease, runProgram, writeAsServerUser} from './server-programs.ts';
import {mapTablespaces} from './tablespace.ts';

/** The slot that holds WAL for the lab's replica, and the name by which that streams. */
const MAINTENANCE = 'maintenance';

/**
 * Makes the standby of a running server, itself perhaps a standby, streaming through a physical slot of this name, which holds WAL for it
 * from now on. It is not started.
 */
export async function createStandby(place: LabServerPlace, source: LabServer, name = MAINTENANCE): Promise<void> {
  await source.sql(`SELECT pg_create_physical_replication_slot('${name}'${await reserving(source)})`);
  const conninfo = `host='${source.socketDir}' port=${source.port} user=postgres application_name=${name}`;
  // Another release's pg_basebackup is refused by a newer server, and embedded servers bring none.
  if (existsSync(join(place.bin, 'pg_basebackup'))) {
    const from = ['-d', conninfo, '-X', 'stream', '-c', 'fast', '-D', place.dataDir, ...mapTablespaces(place)];
    await runProgram(join(place.bin, 'pg_basebackup'), from, {asServerUser: true});
  } else {
    await source.stop();
    await runProgram('cp', ['-a', source.dataDir, place.dataDir], {asServerUser: true});
    await source.start();
  }
  await follow(place, conninfo, name);
  await writeSettings(place, 'replica');
}

/** The end of the call that creates the standby's slot. */
async function reserving(source: LabServer): Promise<string> {
  const [[version = '0'] = []] = await source.sql('SHOW server_version_num');
  return pick('reservesAtOnce', Number(version));
}

/** Not by pg_basebackup -R: before 10 that leaves out a host that is a socket's folder, and the standby never streams. */
async function follow(place: LabServerPlace, conninfo: string, slot: string): Promise<void> {
  // In a setting's value a quote is doubled.
  const settings = `primary_conninfo = '${conninfo.replaceAll("'", "''")}'\nprimary_slot_name = '${slot}'\n`;
  const file = join(place.dataDir, pick('standbyFile', await readRelease(place.bin)));
  if (file.endsWith('recovery.conf')) {
    await writeAsServerUser(file, `standby_mode = on\nrecovery_target_timeline = 'latest'\n${settings}`);
    return;
  }
  await writeAsServerUser(join(place.dataDir, 'postgresql.auto.conf'), settings, 'append');
  await writeAsServerUser(file, '');
}

/** Waits until a started standby streams from the server that it follows. Throws a LonghaulError with the last words of its log. */
export async function waitUntilStreaming(
  standby: LabServer,
  source: Pick<LabServer, 'sql'>,
  {name = MAINTENANCE, withinMs = 30_000}: {readonly name?: string; readonly withinMs?: number} = {},
): Promise<void> {
  const streaming = `SELECT 1 FROM pg_stat_replication WHERE application_name = '${name}' AND state = 'streaming'`;
  const end = performance.now() + withinMs;
  while ((await source.sql(streaming)).length === 0) {
    if (performance.now() > end) {
      throw new LonghaulError({
        code: 'failed',
        message: `lab: the standby on port ${standby.port} does not stream: ${await lastWords(standby.logFile)}`,
        remedy: 'Read the server logs in the lab folder; `longhaul lab down` removes it.',
      });
    }
    await wait(50);
  }
}
