import {type Alarm, byGravity, withSeenNow} from '../../domain/reading/alarm.ts';
import type {Failure} from '../../domain/run/event.ts';
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
    (a, b) => Number(a.over) - Number(b.over) || byGravity(a, b),
  );
}

/** Steps that have failed or wait, and what comes next, are told of by themselves: their alarms would say it twice. */
export function isToldBelow(id: string): boolean {
  return /^(step\.(failed|waiting):|cdc\.start$)/.test(id);
}

function stop(kind: string, subject: string, {message, remedy}: Pick<Failure, 'message' | 'remedy'>): FindingRow {
  return {kind, tone: 'bad', subject: screenText(subject), seen: screenText(message), remedy: screenText(remedy)};
}

/** What keeps the run from going on, with what to do: no supervisor that is heard, P lost, a step that has failed. */
function stops({link, run}: Live): FindingRow[] {
  return [
    ...(link.status === 'lost' ? [stop('BLIND', 'supervisor', {message: link.why, remedy: link.remedy})] : []),
    ...(link.status === 'refused' ? [stop('refused', 'supervisor', link)] : []),
    ...(run.boundaryMoved === null ? [] : [stop('LOST', 'P', run.boundaryMoved)]),
    ...(run.boundaryDisproved === null ? [] : [stop('NOT PROVED', 'P', run.boundaryDisproved)]),
    ...run.steps.flatMap(({id, state}) => (state.status === 'failed' ? [stop('failed', id, state.failure)] : [])),
  ];
}

/** What keeps the run from going on, then alarms that last, worst first, then what differs on the target, then the findings of the steps. */
export function findingsView(live: Live): readonly FindingRow[] {
  const failed = new Set(
    live.run.steps.flatMap(({id, state}) => (state.status === 'failed' ? [`step.failed:${id}`] : [])),
  );
  const alarms = alarmsNow(live)
    .filter(({id}) => !failed.has(id))
    .map((alarm): FindingRow => ({
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
  return [...stops(live), ...alarms, ...differences, ...findings];
}

/** The same with commands that can be copied. */
export function completeFindings({
  live,
  complete,
}: {
  readonly live: Live;
  readonly complete: (text: string) => string;
}): readonly FindingRow[] {
  return findingsView(live).map((row) => ({...row, seen: complete(row.seen), remedy: complete(row.remedy)}));
}
