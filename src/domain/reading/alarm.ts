import type {Reading} from './reading.ts';

/** A state that wants the operator: a threshold that was crossed, since when, and what to do. */
export interface Alarm {
  /** Stable while it lasts: `slot.retained:dms_slot_01`. */
  readonly id: string;
  readonly severity: 'warning' | 'critical';
  /** What it is about: `slot dms_slot_01`. */
  readonly subject: string;
  /** What was seen against which threshold: `holds 212 GB (warn 200 GB)`. */
  readonly seen: string;
  /** What to do, with the key or the command that does it. */
  readonly remedy: string;
}

/**
 * Alarms as the journal has them, with what is seen of them now and what is to be done now, by the newest reading of the alarms where there is one. One that
 * is `over` is kept for a minute longer, and says so: it may come again.
 */
export function withSeenNow<Standing extends Alarm>(
  alarms: readonly Standing[],
  reading: Reading | undefined,
): readonly (Standing & {readonly over: boolean})[] {
  const seen = reading?.probe === 'alarms' ? reading.seen : null;
  const remedies = reading?.probe === 'alarms' ? reading.remedies : undefined;
  return alarms.map((alarm) => {
    const now = seen === null ? alarm.seen : seen[alarm.id];
    return now === undefined
      ? {...alarm, over: true, seen: `is over (it was: ${alarm.seen})`}
      : {...alarm, over: false, seen: now, remedy: remedies?.[alarm.id] ?? alarm.remedy};
  });
}
