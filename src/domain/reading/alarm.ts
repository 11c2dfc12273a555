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
export function withSeenNow<Standing extends Alarm & {readonly since: string}>(
  alarms: readonly Standing[],
  reading: Reading | undefined,
): readonly (Standing & {readonly over: boolean})[] {
  const seen = reading?.probe === 'alarms' ? reading.seen : null;
  const remedies = reading?.probe === 'alarms' ? reading.remedies : undefined;
  return alarms.map((alarm) => {
    // A reading that was kept before it was raised says nothing of it.
    const isOlder = reading !== undefined && reading.at < alarm.since;
    const now = seen === null ? alarm.seen : (seen[alarm.id] ?? (isOlder ? alarm.seen : undefined));
    return now === undefined
      ? {...alarm, over: true, seen: `is over (it was: ${alarm.seen})`}
      : {...alarm, over: false, seen: now, remedy: remedies?.[alarm.id] ?? alarm.remedy};
  });
}

/** For people: `disk of the source full in 20 min: make room on the WAL volume now`. Pure. */
export function describeAlarm({subject, seen, remedy}: Pick<Alarm, 'subject' | 'seen' | 'remedy'>): string {
  return `${subject} ${seen}: ${remedy}`;
}

/** An alarm that lasts, as far as one comes before another. */
type Lasting = Pick<Alarm, 'severity'> & {readonly since: string};

/** The gravest first, and of those the oldest: for `toSorted`. Pure. */
export function byGravity(a: Lasting, b: Lasting): number {
  return rank(a) - rank(b) || (a.since < b.since ? -1 : 1);
}

function rank({severity}: Lasting): number {
  return severity === 'critical' ? 0 : 1;
}
