import {formatBytes, formatDuration} from '../../../domain/base/units.ts';
import type {Alarm} from '../../../domain/reading/alarm.ts';
import type {Figure} from '../../../domain/reading/figure.ts';

/** A restart of a server cuts a worker off once. */
const RESTARTS = 2;
/** Nobody stops a subscription and lets it go on so often while it applies nothing. */
const BY_NOBODY = 5;
/** A worker is seen for less than it lasts. */
const SHARE_SEEN = 0.5;
const TIMEOUTS = [
  ['wal_sender_timeout', 'source'],
  ['wal_receiver_timeout', 'target'],
] as const;

/**
 * Whether a slot's worker is cut off by a time-out again and again: it begins where it was, and has lasted as long each time as a time-out lets it, or has met no error so often. To the server a connection that the
 * other side has ended is an error like any other; whoever stops a subscription and lets it go on ends its worker without one. Pure.
 */
export function isCutOff(value: (name: string) => number, guards: readonly Figure[]): boolean {
  const restarts = value('worker_restarts');
  if (restarts < RESTARTS) return false;
  // What it was before has ended those that were seen, where somebody has raised it a moment ago.
  const limits = TIMEOUTS.flatMap(([name, server]) =>
    [name, `${name}_before`].flatMap((one) => timeoutOf(guards, one, server) ?? []),
  ).filter((limit) => limit > 0);
  if (value('worker_errors') === 0 && restarts >= BY_NOBODY) return true;
  return limits.length > 0 && value('worker_seconds') >= SHARE_SEEN * Math.min(...limits);
}

/** What is told of it: the transaction with its size and the time-outs; nothing is to be skipped. Pure. */
export function loopOf(
  slot: string,
  value: (name: string) => number,
  guards: readonly Figure[],
): Pick<Alarm, 'seen' | 'remedy'> {
  const of = (name: string): number | null =>
    guards.find((figure) => figure.name === name && figure.of === `slot ${slot}`)?.value ?? null;
  const xid = of('spilled_xid');
  const bytes = of('spilled_bytes');
  const limits = TIMEOUTS.map(([name, server]) => {
    const seconds = timeoutOf(guards, name, server);
    const words = seconds === null ? 'is not known' : seconds === 0 ? 'off' : formatDuration(seconds * 1000);
    return `${name} ${words} on the ${server}`;
  });
  const what =
    xid === null
      ? 'a large transaction'
      : `transaction ${xid}${bytes === null ? '' : `, ${formatBytes(bytes)} of it spilled to pg_replslot`}`;
  const ended =
    value('worker_errors') === 0 ? 'without an error' : 'and has lasted each time as long as a time-out lets it';
  return {
    seen: `its worker has begun ${value('worker_restarts') + 1} times from the same position, ${ended}: ${what} takes longer than that (${limits.join(', ')})`,
    remedy: `nothing is to be skipped: it is not wrong, only large; on the source, as superuser: ALTER SYSTEM SET wal_sender_timeout = '30min'; SELECT pg_reload_conf(); on the target, as superuser: ALTER SYSTEM SET wal_receiver_timeout = '30min'; SELECT pg_reload_conf()`,
  };
}

/** Seconds; 0 for none, null where it was not read. */
function timeoutOf(guards: readonly Figure[], name: string, server: string): number | null {
  return guards.find((figure) => figure.name === name && figure.of === `server ${server}`)?.value ?? null;
}
