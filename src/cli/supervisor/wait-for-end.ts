import type {Command, Reply} from '../../domain/run/command.ts';
import type {WireClient} from '../../engine/wire/client.ts';

/** Sends a command that ends the supervisor and waits until it has closed the connection; closes the client. */
export async function waitForEnd(client: WireClient, command: Command): Promise<Reply> {
  try {
    await connected(client);
    const gone = new Promise<void>((resolve) => {
      client.on((event) => {
        if (event.type === 'lost') resolve();
      });
    });
    const reply = await client.send(command);
    if (reply.ok) await gone;
    return reply;
  } finally {
    client.close();
  }
}

/** Resolves once the supervisor has sent its state; also when it cannot be reached, so that `send` says so. */
export async function connected(client: WireClient): Promise<void> {
  await new Promise<void>((resolve) => {
    client.on((event) => {
      if (event.type === 'snapshot' || event.type === 'lost' || event.type === 'refused') resolve();
    });
  });
}
