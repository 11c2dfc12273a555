import type {Command as Order} from '../domain/command.ts';
import {LonghaulError} from '../domain/longhaul-error.ts';
import {createWireClient} from '../engine/wire/client.ts';
import {isListening} from '../engine/wire/probe-socket.ts';
import {whoAmI, type OpenRun} from './open-run.ts';
import {connected} from './wait-for-end.ts';

/** Sends one command to the run's supervisor and prints its answer. Throws where there is none, or it refuses. */
export async function sendOrder(run: OpenRun, order: Order): Promise<void> {
  if (!(await isListening(run.folder.socket))) throw noSupervisor(run);
  const client = createWireClient({
    path: run.folder.socket,
    who: whoAmI('command line'),
    readOnly: false,
    now: Date.now,
  });
  try {
    await connected(client);
    const reply = await client.send(order);
    if (!reply.ok) throw new LonghaulError({code: 'failed', message: reply.message, remedy: reply.remedy});
    console.log(reply.message);
  } finally {
    client.close();
  }
}

/** No supervisor listens; the lanes may live all the same. */
export function noSupervisor(run: OpenRun): LonghaulError {
  return new LonghaulError({
    code: 'unreachable',
    message: `run ${run.config.run} has no living supervisor (nobody listens on ${run.folder.socket})`,
    remedy: 'longhaul run starts one, which takes over the lanes that live; longhaul status shows the journal as it is',
  });
}
