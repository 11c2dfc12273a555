import type {Alarm} from '../domain/alarm.ts';
import {formatMinutes} from '../domain/minutes.ts';
import {SERVER_ROLES, type ServerRole} from '../domain/server-role.ts';
import {formatBytes} from '../domain/units.ts';
import {newestOf} from './history.ts';
import {lowerLimit, type Judge, type Look} from './look.ts';
import {minutesNeeded} from './slot-alarms.ts';

const REMEDIES: Readonly<Record<ServerRole, string>> = {
  source:
    'make room on the WAL volume now; if there is none to make: longhaul release drops our slots and frees what they hold',
  replica: 'make room on the replica; replay can only go on when nothing needs P any more (longhaul resume --replay)',
  target: 'let the managed service give it more storage, or hold the load: longhaul pause --start',
};

/** Disks that will be full too soon: below the threshold, or before the load is over. */
export const judgeDisks: Judge = (look) => SERVER_ROLES.flatMap((server) => judgeDisk(look, server));

function judgeDisk(look: Look, server: ServerRole): Alarm[] {
  const runway = newestOf(look.history, 'runway', server)?.runway ?? null;
  if (runway === null) return [];
  const id = `disk.runway:${server}`;
  const {minutes, soonest, latest} = runway;
  const soon = look.thresholds.runwayMinutes;
  const needed = minutesNeeded(look);
  // The target fills only while the load lasts; what slots and the paused replica hold grows on.
  const limit = server === 'target' && needed !== null ? needed : Math.max(soon, needed ?? 0);
  if (minutes >= lowerLimit(look, id, limit)) return [];
  return [
    {
      id,
      severity: minutes < soon / 4 ? 'critical' : 'warning',
      subject: `disk of the ${server}`,
      seen:
        `full in ${formatMinutes(minutes)} (${formatMinutes(soonest)} to ${latest === null ? 'never' : formatMinutes(latest)}), ` +
        `${formatBytes(runway.freeBytes)} free, ${formatBytes(runway.bytesPerSecond)}/s` +
        (needed === null ? ` (warn ${formatMinutes(soon)})` : `; the load ends in ${formatMinutes(needed)}`),
      remedy: REMEDIES[server],
    },
  ];
}
