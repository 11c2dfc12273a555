import type {Alarm} from '../../domain/reading/alarm.ts';
import {findSilent} from '../../domain/reading/silent-servers.ts';
import type {ServerRole} from '../../domain/pg/server-role.ts';
import type {RunState} from '../../domain/run/run-state.ts';
import type {History} from './history.ts';
import type {AlarmThresholds} from './thresholds.ts';

/** Everything that alarms are judged by. */
export interface Observed {
  readonly history: History;
  readonly state: RunState;
  readonly thresholds: AlarmThresholds;
  /** The time as journal and readings have it. */
  readonly nowMs: number;
  /** The time as the history has it, by the steady clock. */
  readonly steadyMs: number;
  /** What Longhaul itself cannot do on this machine, and why: `readings file` → `ENOSPC: …`. */
  readonly troubles: ReadonlyMap<string, string>;
  /** Since when the watching goes on, by the steady clock. */
  readonly sinceMs: number;
  /** The probes' names with the age from which on their readings are stale. */
  readonly staleAfterMs: ReadonlyMap<string, number>;
}

/** One kind of alarm: gives those that are due. */
export type Judge = (observed: Observed) => readonly Alarm[];

/** A raised alarm goes only once its value is a tenth better than what raised it, so that none flaps at its threshold. */
const MARGIN = 0.1;

/** The threshold above which a value is bad: lower while the alarm is raised. */
export function upperLimit(observed: Observed, id: string, limit: number): number {
  return isRaised(observed, id) ? limit * (1 - MARGIN) : limit;
}

/** The threshold below which a value is bad: higher while the alarm is raised. */
export function lowerLimit(observed: Observed, id: string, limit: number): number {
  return isRaised(observed, id) ? limit * (1 + MARGIN) : limit;
}

/**
 * The raised alarms whose ids begin so: what a judge gives while it has not seen what they are about, which is no reason to take
 * them for over. So it is after a restart, and while a server does not answer.
 */
export function raisedSoFar(observed: Observed, prefix: string): readonly Alarm[] {
  return observed.state.alarms.filter(({id}) => id.startsWith(prefix));
}

/** Whether the journal has the alarm as raised. */
export function isRaised(observed: Observed, id: string): boolean {
  return observed.state.alarms.some((alarm) => alarm.id === id);
}

/** Whether a server answered when it was asked last, or was not asked yet. */
export function isAnswering({history}: Observed, role: ServerRole): boolean {
  return !findSilent(history.newest).some(({server}) => server === role);
}
