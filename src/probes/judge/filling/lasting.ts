import type {Observed} from '../observed.ts';

/** A burst that has just begun may go on for ever, and most do not: to raise an alarm it has to have lasted for this share of what it leaves. */
export const LASTED = 0.2;

/** Series are kept for a day. */
const LONGEST_WATCH_MS = 20 * 3_600_000;

/** What a raised alarm about something that fills up is judged by. */
export interface Filling {
  readonly id: string;
  /** By which the history knows it when room was made. */
  readonly key: string;
  /** Since when its growth was watched. */
  readonly sinceMs: number;
  readonly limitMinutes: number;
}

/**
 * Whether an alarm may go whose forecast no longer asks for it. That writers pause is no reason: either room was made since it was raised, or the growth was
 * watched for twice the time that the alarm is about, and in none of it has as much come as there is room for now.
 */
export function isRelieved(
  {history, state, nowMs, steadyMs}: Observed,
  {id, key, sinceMs, limitMinutes}: Filling,
): boolean {
  const alarm = state.alarms.find((one) => one.id === id);
  if (alarm === undefined) return true;
  // The journal has wall clocks.
  const raisedMs = steadyMs - (nowMs - Date.parse(alarm.since));
  if ((history.freedMs.get(key) ?? -Infinity) > raisedMs) return true;
  return steadyMs - sinceMs >= Math.min(LONGEST_WATCH_MS, 2 * limitMinutes * 60_000);
}
