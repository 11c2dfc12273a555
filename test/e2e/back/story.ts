import {compareFingerprints, fingerprintDatabase} from '../../../src/lab/fingerprint.ts';
import type {LabServer} from '../../../src/lab/cluster/lab-server.ts';
import type {Lab} from '../../../src/lab/lab.ts';
import {eventually} from '../../support/longhaul.ts';
import {startClients, type Clients} from '../cutover/clients.ts';

const ofApp = ({table}: {readonly table: string}): boolean => !table.startsWith('longhaul_cdc.');

/** The tables of the application that differ; the sentinels of each direction are written on one side. */
export async function differing(lab: Lab): Promise<unknown[]> {
  const [source, target] = [await fingerprintDatabase(lab.source), await fingerprintDatabase(lab.target)];
  return compareFingerprints(source.filter(ofApp), target.filter(ofApp));
}

/** Clients that also write to a table without a key, of which nothing would tell that a row came twice. */
export function startWriters(server: LabServer): Clients {
  return startClients(server, {also: 'INSERT INTO public.log (account, amount) VALUES ($1, 1)'});
}

/** Waits until a server has what the clients committed last, at least so many rows. */
export async function untilArrived(server: LabServer, clients: Clients, atLeast = 1): Promise<void> {
  await eventually('the other side to have what is written', async () => {
    const last = clients.committed().at(-1);
    if (last === undefined || clients.committed().length < atLeast) return null;
    const [row] = await server.sql(`SELECT 1 FROM public.moves WHERE id = ${last}`);
    return row === undefined ? null : true;
  });
}

/** What was committed and is not there, and how often rows of the table without a key are there that should be there once for each move. */
export async function lostOn(server: LabServer, clients: readonly Clients[]): Promise<unknown> {
  const there = new Set((await server.sql('SELECT id FROM public.moves')).map(([id]) => Number(id)));
  const [[moves, logged] = []] = await server.sql(
    'SELECT (SELECT count(*) FROM public.moves), (SELECT count(*) FROM public.log)',
  );
  const lost = clients.flatMap((one) => one.committed().filter((id) => !there.has(id)));
  return {lost, doubled: Number(logged) - Number(moves)};
}

/** What of change capture is left on a server. */
export async function leftOn(server: LabServer): Promise<unknown[]> {
  return server.sql(
    `SELECT slot_name::text FROM pg_replication_slots WHERE slot_type = 'logical' UNION ALL SELECT roname FROM pg_replication_origin
       UNION ALL SELECT nspname::text FROM pg_namespace WHERE nspname IN ('longhaul', 'longhaul_cdc')`,
  );
}
