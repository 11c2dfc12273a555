import type {ReadingBody} from '../domain/reading.ts';
import type {ServerRole} from '../domain/server-role.ts';
import type {Session} from '../pg/session.ts';
import type {Probe, ServerProbe} from './probe.ts';

/** The one connection that probes have to a server, made at first use and again after it was lost. */
export interface ServerLink {
  session(): Promise<Session>;
  close(): Promise<void>;
}

/** Makes the link; connects to nothing yet. */
export function createServerLink(open: (role: ServerRole) => Promise<Session>, role: ServerRole): ServerLink {
  let living: Session | null = null;
  let coming: Promise<Session> | null = null;
  return {
    session: async () => {
      if (living !== null && !living.lost) return living;
      // Somebody may have given up waiting for a connection that is still being made: it is waited for again, not made twice.
      coming ??= open(role).finally(() => (coming = null));
      living = await coming;
      return living;
    },
    close: async () => {
      await living?.close();
    },
  };
}

/** The server's probes as probes that bring their session with them. */
export function onServer(link: ServerLink, probes: readonly ServerProbe[]): Probe[] {
  return probes.map((probe) => ({
    ...probe,
    read: async (): Promise<ReadingBody> => probe.read(await link.session()),
  }));
}
