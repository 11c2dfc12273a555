import {msOf} from '../base/iso-time.ts';
import {formatMinutes} from '../base/minutes.ts';
import type {Reading} from './reading.ts';
import {serverOfProbe} from './server-of-probe.ts';
import {SERVER_ROLES, type ServerRole} from '../pg/server-role.ts';

/** A probe whose last attempt failed, with the server's words. */
export interface FailedProbe {
  readonly of: string;
  readonly message: string;
  readonly at: string;
}

/** A server that did not answer when it was last asked: since when nothing was seen of it (ISO 8601, null for never), and its words. */
export interface SilentServer {
  readonly server: ServerRole;
  readonly since: string | null;
  readonly message: string;
}

/** What does not answer at a time, which is that of the readings. */
export interface Silence {
  readonly silent: readonly SilentServer[];
  readonly nowMs: number;
}

/** Up to here seconds are what counts. */
const SECONDS_TO_MS = 120_000;

/** `target has not answered for 42 s: ECONNREFUSED`. Pure. */
export function formatSilent({server, since, message}: SilentServer, nowMs: number): string {
  if (since === null) return `${server} has not answered yet: ${message}`;
  const ms = Math.max(0, nowMs - msOf(since));
  const words = ms < SECONDS_TO_MS ? `${Math.round(ms / 1000)} s` : formatMinutes(ms / 60_000);
  return `${server} has not answered for ${words}: ${message}`;
}

/** Whether an alarm says no more than that a probe of a silent server has seen nothing. Pure. */
export function isAboutSilence(alarm: string, silent: readonly SilentServer[]): boolean {
  const server = alarm.startsWith(STALE) ? serverOfProbe(alarm.slice(STALE.length)) : null;
  return silent.some((one) => one.server === server);
}

const STALE = 'probe.stale:';

/** The newest readings by their keys. */
type Readings = ReadonlyMap<string, Reading>;

/** Probes whose last attempt failed; one that has worked since is not among them. Pure. */
export function findFailed(readings: Readings): FailedProbe[] {
  return [...readings.values()].flatMap((reading) => {
    if (reading.probe !== 'failed') return [];
    // A probe is called as its reading's key: `wal:source`.
    const last = readings.get(reading.of);
    const worked = last !== undefined && last.at > reading.at;
    return worked ? [] : [{of: reading.of, message: reading.message, at: reading.at}];
  });
}

/** Servers that did not answer when they were last asked. Pure. */
export function findSilent(readings: Readings): SilentServer[] {
  const failed = findFailed(readings);
  return SERVER_ROLES.flatMap((server) => {
    const first = failed.find(({of}) => of === MAIN_PROBE[server]);
    if (first === undefined) return [];
    // Others have readings of what they need not ask for, as long as nothing is captured.
    return [{server, since: readings.get(MAIN_PROBE[server])?.at ?? null, message: first.message}];
  });
}

/** The probe that is asked at every interval, and needs nothing but a server that answers. */
const MAIN_PROBE: Readonly<Record<ServerRole, string>> = {source: 'slots', replica: 'replica', target: 'target'};
