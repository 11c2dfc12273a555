import {type Alarm, withSeenNow} from '../../domain/reading/alarm.ts';
import {sortFindings} from '../../domain/run/finding.ts';
import {screenText} from '../screen/screen-text.ts';
import type {Tone} from '../screen/span.ts';
import type {Live} from '../store/live.ts';
import {dayAndMinute} from './iso-time.ts';

/** An alarm or a finding, with what to do. */
export interface FindingRow {
  readonly kind: string;
  readonly tone: Tone;
  readonly subject: string;
  readonly seen: string;
  readonly remedy: string;
}

/** The alarms that last, worst first and oldest first among those, with what is seen of them now; what is over comes last. */
export function alarmsNow(live: Live): readonly (Alarm & {readonly since: string; readonly over: boolean})[] {
  return withSeenNow(live.run.alarms, live.readings.get('alarms')).toSorted(
    (a, b) => rank(a) - rank(b) || (a.since < b.since ? -1 : 1),
  );
}

function rank({over, severity}: Pick<Alarm, 'severity'> & {readonly over: boolean}): number {
  if (over) return 2;
  return severity === 'warning' ? 1 : 0;
}

/** Alarms that last, worst first, then what differs on the target, then the findings of the steps. */
export function findingsView(live: Live): readonly FindingRow[] {
  const alarms = alarmsNow(live).map((alarm): FindingRow => ({
    kind: alarm.over ? 'over' : alarm.severity === 'critical' ? 'CRITICAL' : 'ALARM',
    tone: alarm.over ? 'dim' : alarm.severity === 'critical' ? 'bad' : 'warn',
    subject: screenText(alarm.subject),
    seen: `${screenText(alarm.seen)}, ${alarm.over ? 'raised' : 'since'} ${dayAndMinute(alarm.since)} UTC`,
    // Nothing is left to do.
    remedy: alarm.over ? '' : screenText(alarm.remedy),
  }));
  const findings = sortFindings(live.run.findings).map((finding): FindingRow => ({
    kind: finding.severity,
    tone: finding.severity === 'blocker' ? 'bad' : finding.severity === 'warning' ? 'warn' : 'dim',
    subject: screenText(finding.subject),
    seen: screenText(finding.seen),
    remedy: screenText(finding.remedy),
  }));
  const differences = live.run.differences.map(({object, differs, why, query, remedy, accepted}): FindingRow => ({
    kind: accepted === null ? 'differs' : 'accepted',
    tone: accepted === null ? 'bad' : 'dim',
    subject: screenText(object),
    seen: screenText(`${differs}${why === '' ? '' : `: ${why}`}${query === null ? '' : `; the rows: ${query}`}`),
    remedy: accepted === null ? screenText(remedy) : `accepted by ${screenText(accepted.by)}`,
  }));
  return [...alarms, ...differences, ...findings];
}
