import type {Command as Order, Reply} from '../../domain/run/command.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {createWireClient, type WireClient} from '../../engine/wire/client.ts';
import {isListening} from '../../engine/wire/probe-socket.ts';
import {whoAmI, type OpenRun} from '../run/open-run.ts';
import {say} from '../say.ts';
import {connected} from './wait-for-end.ts';

/** A connection to the run's supervisor; `client` is who the journal says it was: `ana@jump1 (release)`. The caller closes it. */
export function wireClient(run: OpenRun, client: string, {readOnly = false} = {}): WireClient {
  return createWireClient({path: run.folder.socket, who: whoAmI(client), readOnly, now: Date.now});
}

/** Gives the run's supervisor one command and waits for its answer; `ok: false` when there is no connection. */
export async function ask(run: OpenRun, client: string, order: Order): Promise<Reply> {
  const wire = wireClient(run, client);
  try {
    await connected(wire);
    return await wire.send(order);
  } finally {
    wire.close();
  }
}

/** Sends one command to the run's supervisor and prints its answer. Throws where there is none, or it refuses. */
export async function sendOrder(run: OpenRun, order: Order): Promise<void> {
  if (!(await isListening(run.folder.socket))) throw noSupervisor(run);
  const reply = await ask(run, 'command line', order);
  if (!reply.ok) throw new LonghaulError({code: 'failed', message: reply.message, remedy: reply.remedy});
  say(run, reply.message);
}

/** No supervisor listens; the lanes may live all the same. */
export function noSupervisor(run: OpenRun): LonghaulError {
  return new LonghaulError({
    code: 'unreachable',
    message: `run ${run.config.run} has no running supervisor (nobody listens on ${run.folder.socket})`,
    remedy:
      'longhaul run starts one, which takes over the lanes that still run; longhaul status shows the journal as it is',
  });
}
