import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import type {ReadingBody} from '../../domain/reading/reading.ts';
import type {ServerRole} from '../../domain/pg/server-role.ts';
import type {Session} from '../../pg/session/session.ts';
import type {Probe, ServerProbe} from '../watched/probe.ts';
import type {WatchContext} from './watch-context.ts';

/** The one connection that probes have to a server, made at first use and again after it was lost. */
export interface ServerLink {
  session(): Promise<Session>;
  /** Told of every question that the server has answered. */
  answered(): void;
  close(): Promise<void>;
}

/** A server that takes connections and answers nothing may keep each of them for good: after so many it is left alone for longer. */
const UNANSWERED = 5;
const LEFT_ALONE_MS = 600_000;

/** Makes the link; connects to nothing yet. One that is left alone is asked again once the run itself has reached the server. */
export function createServerLink(
  {open, steady, connectedMs = () => null}: Pick<WatchContext, 'open' | 'steady' | 'connectedMs'>,
  role: ServerRole,
): ServerLink {
  let living: Session | null = null;
  let coming: Promise<Session> | null = null;
  let unanswered = 0;
  let openedMs = -Infinity;

  async function connect(): Promise<Session> {
    if ((connectedMs(role) ?? -Infinity) > openedMs) unanswered = 0;
    const waitMs = openedMs + LEFT_ALONE_MS - steady();
    if (unanswered >= UNANSWERED && waitMs > 0) {
      throw new LonghaulError({
        code: 'unreachable',
        message: `the ${role} has taken ${unanswered} connections and answered on none`,
        remedy: `it is asked again in ${Math.ceil(waitMs / 60_000)} min, so that it does not collect them`,
      });
    }
    openedMs = steady();
    unanswered += 1;
    try {
      return await open(role);
    } catch (error) {
      // Refused at once leaves nothing behind.
      if (steady() - openedMs < 1000) unanswered -= 1;
      throw error;
    }
  }

  return {
    session: async () => {
      if (living !== null && !living.lost) return living;
      // Somebody may have given up waiting for a connection that is still being made: it is waited for again, not made twice.
      coming ??= connect().finally(() => (coming = null));
      living = await coming;
      return living;
    },
    answered: () => {
      unanswered = 0;
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
    read: async (): Promise<ReadingBody> => {
      const reading = await probe.read(await link.session());
      link.answered();
      return reading;
    },
  }));
}
