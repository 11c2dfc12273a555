import type {Alarm} from '../../domain/reading/alarm.ts';
import {formatMinutes} from '../../domain/base/minutes.ts';
import {formatRange, type Runway} from '../../domain/reading/runway.ts';
import {SERVER_ROLES, type ServerRole} from '../../domain/pg/server-role.ts';
import {formatBytes} from '../../domain/base/units.ts';
import {needsOf} from '../../domain/rules/needs.ts';
import {newestOf} from './history.ts';
import {lowerLimit, standing, type Judge, type Look} from './look.ts';
import {minutesNeeded} from './slot-alarms.ts';

function remedyFor({state}: Look, server: ServerRole): string {
  switch (server) {
    case 'source': {
      const room = 'make room on the WAL volume now';
      return needsOf(state).slots === null
        ? room
        : `${room}; if there is none to make: longhaul release drops our slots and frees what they hold`;
    }
    case 'replica': {
      const {replica} = needsOf(state);
      if (replica !== null) return `make room on the replica; it stays paused as long as P is needed: ${replica}`;
      return state.replayPaused
        ? `nothing needs the replica at P: longhaul resume --replay --yes ${state.run ?? ''}`
        : 'make room on the replica';
    }
    case 'target':
      return 'let the managed service give it more storage, or hold the load: longhaul pause --start';
  }
}

/** Disks that are all but full, or will be too soon: below the threshold, or before the load is over. */
export const judgeDisks: Judge = (look) => SERVER_ROLES.flatMap((server) => judgeDisk(look, server));

/** Of a disk; below this it is full for anybody who has to act, whatever it grows by. */
const LAST_SHARE = 0.05;
const LAST_BYTES = 64 * 1024 * 1024;

function judgeDisk(look: Look, server: ServerRole): readonly Alarm[] {
  const id = `disk.runway:${server}`;
  const disk = newestOf(look.history, 'disk', server)?.disk ?? null;
  const forecast = newestOf(look.history, 'runway', server);
  if (forecast === null) return standing(look, id);
  const {freeBytes = null, totalBytes = null} = disk ?? {};
  const last = lowerLimit(look, id, totalBytes === null ? LAST_BYTES : totalBytes * LAST_SHARE);
  if (freeBytes !== null && freeBytes < last) {
    const of = totalBytes === null ? '' : ` of ${formatBytes(totalBytes)}`;
    const full = forecast.runway === null ? '' : `, full in ${formatMinutes(forecast.runway.minutes)}`;
    return [alarmOf(look, server, {severity: 'critical', seen: `only ${formatBytes(freeBytes)}${of} free${full}`})];
  }
  // A disk does not grow while it cannot be looked at, nor while growth is measured anew.
  if (forecast.runway === null) return forecast.why === 'it does not grow' ? [] : standing(look, id);
  return judgeRunway(look, server, forecast.runway);
}

function judgeRunway(look: Look, server: ServerRole, runway: Runway): Alarm[] {
  const {minutes} = runway;
  const soon = look.thresholds.runwayMinutes;
  const needed = minutesNeeded(look);
  // The target fills only while the load lasts; what slots and the paused replica hold grows on.
  const limit = server === 'target' && needed !== null ? needed : Math.max(soon, needed ?? 0);
  if (minutes >= lowerLimit(look, `disk.runway:${server}`, limit)) return [];
  const seen =
    `full in ${formatMinutes(minutes)} (${formatRange(runway)}), ` +
    `${formatBytes(runway.freeBytes)} free, ${formatBytes(runway.bytesPerSecond)}/s` +
    (needed === null ? ` (warn ${formatMinutes(soon)})` : `; the load ends in ${formatMinutes(needed)}`);
  return [alarmOf(look, server, {severity: minutes < soon / 4 ? 'critical' : 'warning', seen})];
}

function alarmOf(look: Look, server: ServerRole, told: Pick<Alarm, 'severity' | 'seen'>): Alarm {
  return {...told, id: `disk.runway:${server}`, subject: `disk of the ${server}`, remedy: remedyFor(look, server)};
}
