import type {Alarm} from '../../../domain/reading/alarm.ts';
import {describeCauses, type DiskCauses} from '../../../domain/filling/disk-causes.ts';
import {formatMinutes} from '../../../domain/base/minutes.ts';
import type {Runway} from '../../../domain/filling/runway.ts';
import {SERVER_ROLES, type ServerRole} from '../../../domain/pg/server-role.ts';
import {formatBytes} from '../../../domain/base/units.ts';
import {needsOf} from '../../../domain/rules/needs.ts';
import {adviseRelease, howSlotsMove} from '../../../domain/rules/release-advice.ts';
import {newestOf} from '../history.ts';
import {isRelieved, LASTED} from './lasting.ts';
import {minutesNeeded} from './minutes-needed.ts';
import {isAnswering, isRaised, lowerLimit, raisedSoFar, type Judge, type Observed} from '../observed.ts';
import {remedyForForeign} from '../capture/slot-alarms.ts';

/** Disks that are all but full, or will be too soon: below the threshold, or before the load is over. */
export const judgeDisks: Judge = (observed) => SERVER_ROLES.flatMap((server) => judgeDisk(observed, server));

/** Of a disk; below this it is full for anybody who has to act, whatever it grows by. */
const LAST_SHARE = 0.05;
const LAST_BYTES = 64 * 1024 * 1024;

function judgeDisk(observed: Observed, server: ServerRole): readonly Alarm[] {
  const id = `disk.runway:${server}`;
  const disk = newestOf(observed.history, 'disk', server)?.disk ?? null;
  const forecast = newestOf(observed.history, 'runway', server);
  if (forecast === null) return raisedSoFar(observed, id);
  const {freeBytes = null, totalBytes = null} = disk ?? {};
  const causes = forecast.causes ?? null;
  const last = lowerLimit(observed, id, totalBytes === null ? LAST_BYTES : totalBytes * LAST_SHARE);
  if (freeBytes !== null && freeBytes < last) {
    const of = totalBytes === null ? '' : ` of ${formatBytes(totalBytes)}`;
    const full = forecast.runway === null ? '' : `, full in ${formatMinutes(forecast.runway.soonest)}`;
    const seen = `only ${formatBytes(freeBytes)}${of} free${full}`;
    return [alarmOf(observed, server, {severity: 'critical', seen, causes, freeBytes, lackingBytes: last - freeBytes})];
  }
  if (forecast.runway !== null) return judgeRunway(observed, server, {runway: forecast.runway, causes});
  // A disk does not grow while it cannot be read, nor while growth is measured anew.
  if (forecast.why !== 'it does not grow') return raisedSoFar(observed, id);
  if (mayGo(observed, server)) return [];
  const seen = `${formatBytes(freeBytes)} free, and nothing is written now; ${KEPT}`;
  return [alarmOf(observed, server, {severity: severitySoFar(observed, id), seen, causes, freeBytes})];
}

function judgeRunway(
  observed: Observed,
  server: ServerRole,
  {runway, causes}: {readonly runway: Runway; readonly causes: DiskCauses | null},
): readonly Alarm[] {
  const id = `disk.runway:${server}`;
  const soon = observed.thresholds.runwayMinutes;
  const needed = minutesNeeded(observed);
  const limit = limitOf(observed, server);
  // Production goes down where WAL fills a disk; the target's load only fails.
  const minutes = server === 'target' ? runway.minutes : runway.soonest;
  const isFar = minutes >= lowerLimit(observed, id, limit);
  if (isFar && mayGo(observed, server)) return [];
  if (server !== 'target' && !isRaised(observed, id) && !hasLasted(observed, server, limit)) return [];
  const isCritical = minutes < soon / 4 && (server === 'target' || hasLasted(observed, server, soon / 4));
  const seen =
    `${isFar ? `${KEPT}; ` : ''}full in ${describeRange(runway)}, ` +
    `${formatBytes(runway.freeBytes)} free, ${formatBytes(runway.bytesPerSecond)}/s` +
    // Once rows and indexes are in, no load has an end to come.
    (needed === null || needed === 0
      ? ` (warn ${formatMinutes(soon)})`
      : `; the load ends in ${formatMinutes(needed)}`);
  const severity = isFar ? severitySoFar(observed, id) : isCritical ? 'critical' : 'warning';
  return [alarmOf(observed, server, {severity, seen, causes, freeBytes: runway.freeBytes})];
}

/** Why an alarm goes on that the forecast alone would not raise. */
const KEPT = 'kept until room is made, or it was watched for long enough';

function severitySoFar({state}: Observed, id: string): Alarm['severity'] {
  return state.alarms.find((alarm) => alarm.id === id)?.severity ?? 'warning';
}

/** The soonest end first, for it is what alarms go by. */
function describeRange({minutes, soonest, latest}: Runway): string {
  const end = latest === null ? '' : `, at the latest ${formatMinutes(latest)}`;
  return `${formatMinutes(soonest)} at the soonest (about ${formatMinutes(minutes)}${end})`;
}

/** The target fills only while the load lasts; what slots and the paused replica hold grows on. */
function limitOf(observed: Observed, server: ServerRole): number {
  const needed = minutesNeeded(observed);
  const soon = observed.thresholds.runwayMinutes;
  return server === 'target' && needed !== null ? needed : Math.max(soon, needed ?? 0);
}

/** So long nothing can be told of a growth. */
const MEASURING_MS = 30_000;

/** Whether the soonest end was below the limit for a fifth of what it leaves: four fifths of the limit are then left at the least. */
function hasLasted({history, steadyMs, thresholds}: Observed, server: ServerRole, limit: number): boolean {
  const series = history.soonest.get(server) ?? [];
  const minutes = LASTED * Math.min(series.at(-1)?.value ?? 0, thresholds.runwayMinutes);
  const sinceMs = steadyMs - minutes * 60_000;
  const isWatched = (series[0]?.atMs ?? steadyMs) <= sinceMs + MEASURING_MS;
  return isWatched && series.every(({atMs, value}) => atMs < sinceMs || value < limit + minutes);
}

/** A disk's alarm may go: see isRelieved. The target's is over with the load. */
function mayGo(observed: Observed, server: ServerRole): boolean {
  if (server === 'target') return true;
  const sinceMs = observed.history.used.get(server)?.[0]?.atMs ?? observed.steadyMs;
  const limitMinutes = limitOf(observed, server);
  return isRelieved(observed, {id: `disk.runway:${server}`, key: server, sinceMs, limitMinutes});
}

interface Told extends Pick<Alarm, 'severity' | 'seen'> {
  readonly causes: DiskCauses | null;
  readonly freeBytes: number | null;
  /** What a disk that is all but full lacks not to be; left out where it is not. */
  readonly lackingBytes?: number;
}

function alarmOf(observed: Observed, server: ServerRole, {severity, seen, causes, ...room}: Told): Alarm {
  return {
    id: `disk.runway:${server}`,
    severity,
    subject: `disk of the ${server}`,
    seen: causes === null ? seen : `${seen}; ${describeCauses(causes)}`,
    remedy: remedyFor(observed, server, {causes, ...room}),
  };
}

type Why = Pick<Told, 'causes' | 'freeBytes' | 'lackingBytes'>;

function remedyFor(observed: Observed, server: ServerRole, why: Why): string {
  const {state} = observed;
  switch (server) {
    case 'source':
      return remedyForSource(observed, why);
    case 'replica': {
      const {replica} = needsOf(state);
      if (replica !== null) return `make room on the replica; it stays paused as long as P is needed: ${replica}`;
      return state.replayPaused
        ? `nothing needs the replica at P: longhaul resume --replay --yes ${state.run ?? ''}`
        : 'make room on the replica';
    }
    case 'target': {
      const more = 'let the managed service give it more storage';
      const loads = state.units.some((unit) => unit.state.status === 'running' || unit.state.status === 'queued');
      return loads && !state.held ? `${more}, or hold the load: longhaul pause --start` : more;
    }
  }
}

/** A release gives up what is loaded: it is advised where it helps, and where it does not it is said why, and what helps instead. */
function remedyForSource(observed: Observed, {causes, freeBytes, lackingBytes = 0}: Why): string {
  const {state, history} = observed;
  const room = 'make room on the WAL volume now';
  const answers = isAnswering(observed, 'source');
  const advice = adviseRelease(state, {answers, causes, freeBytes, lackingBytes});
  switch (advice.is) {
    case 'without slots':
      return withForeign(room, {causes, history});
    case 'out of reach':
      return `${room}, and see that the source is up: it does not answer, and before it does no slot can be dropped there`;
    case 'not known':
      return `${room}; longhaul release shows what dropping our slots would free, and drops none without --yes`;
    case 'too little': {
      const frees = advice.freed === 0 ? 'nothing' : `only ${formatBytes(advice.freed)}`;
      return advice.growsByOurs
        ? `${room}; our slots make it grow, and dropping them frees ${frees} as yet: ${howSlotsMove(state)}`
        : withForeign(`${room}; what fills it is not kept by our slots, and dropping them frees ${frees}`, {
            causes,
            history,
          });
    }
    case 'advised': {
      const costs = advice.endsCapture ? ', and ends change capture: everything is loaded again, at a new P' : '';
      return `${room}; if there is none to make: longhaul release drops our slots and frees the ${formatBytes(advice.freed)} that they hold${costs}`;
    }
  }
}

function withForeign(
  remedy: string,
  {causes, history}: {causes: DiskCauses | null; history: Observed['history']},
): string {
  const name = causes?.foreign?.slot;
  const slot = newestOf(history, 'slots')?.slots.find((one) => one.name === name);
  const isOldest = (causes?.foreign?.bytes ?? 0) > (causes?.ours.bytes ?? 0);
  return slot === undefined || !isOldest ? remedy : `${remedy}; of slot ${slot.name}: ${remedyForForeign(slot)}`;
}
