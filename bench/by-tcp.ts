import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {LabServer} from '../src/lab/cluster/lab-server.ts';
import type {Lab} from '../src/lab/lab.ts';

/** Lets the superuser in by TCP: by a socket in a folder the others would have quicker connections than Longhaul, whose servers are other machines. */
export async function letInByTcp({source, replica, target}: Lab): Promise<void> {
  for (const server of [source, replica, target]) {
    const path = join(server.dataDir, 'pg_hba.conf');
    // The first line that fits decides. Written in place, the file stays its owner's.
    writeFileSync(path, `host all postgres 127.0.0.1/32 trust\n${readFileSync(path, 'utf8')}`);
    await server.sql('SELECT pg_reload_conf()', 'postgres');
  }
}

/** Where Longhaul finds the server, too. */
export function tcpConninfo({port}: LabServer): string {
  return `host=127.0.0.1 port=${port} user=postgres dbname=app`;
}
