import {isoTime} from '../base/iso-time.ts';
import {formatMinutes} from '../base/minutes.ts';
import {formatBytes} from '../base/units.ts';
import {minutesOfRun, type Eta} from '../reading/eta.ts';
import {estimateWork, isComparison, isHeld, type Work} from './work.ts';

/** What the ends are foretold from: the newest readings, null where there is none or it is over. */
export interface EndsSeen {
  readonly eta: Eta | null;
  readonly work: Work | null;
  /** Whether the indexes are built: what is known of them from before is over. */
  readonly areBuilt?: boolean;
}

/** When load, indexes and comparison are done, and the run with them, as lines for people; none where nothing is under way. Pure. */
export function describeEnds({eta, work, areBuilt = false}: EndsSeen, nowMs: number): string[] {
  if (eta === null) return [];
  const load = eta.bytesLeft === 0 ? [] : [loadLine(eta, nowMs)];
  const now = work === null ? load : [workLine(work, nowMs)];
  const after = [
    ...(work !== null || areBuilt ? [] : [`indexes ${partWords(eta.indexMinutes)}`]),
    ...(work !== null && isComparison(work.step) ? [] : [`comparison ${partWords(eta.compareMinutes ?? null)}`]),
  ];
  const whole = minutesOfRun(eta);
  const end = whole === null ? '' : `; all of it ${at(whole, nowMs)}`;
  return [
    ...now,
    ...(after.length === 0 ? [] : [`${now.length === 0 ? 'still to come' : 'after it'}: ${after.join(', ')}${end}`]),
  ];
}

function loadLine({bytesLeft, bytesTotal, bytesPerSecond, loadMinutes, why}: Eta, nowMs: number): string {
  const left = `load: ${formatBytes(bytesLeft)} of ${formatBytes(bytesTotal)} left`;
  if (loadMinutes === null) return `${left}, its end is not foretold: ${why}`;
  return `${left}${pace(bytesPerSecond)}, ends in ${formatMinutes(loadMinutes)}, ${at(loadMinutes, nowMs)}`;
}

function workLine(work: Work, nowMs: number): string {
  const {bytesLeft, bytesPerSecond, minutes} = estimateWork(work);
  const done = `${work.step === 'full-load' ? 'indexes' : work.step}: ${work.done} of ${work.total} done`;
  if (minutes === null)
    return `${done}, ${isHeld(work) ? 'held: longhaul resume --start' : 'its end is being measured'}`;
  return `${done}, ${formatBytes(bytesLeft)} left${pace(bytesPerSecond)}, ends in ${formatMinutes(minutes)}, ${at(minutes, nowMs)}`;
}

function pace(bytesPerSecond: number | null): string {
  return bytesPerSecond === null ? '' : ` at ${formatBytes(bytesPerSecond)}/s`;
}

function partWords(minutes: number | null): string {
  return minutes === null ? 'not measured yet' : formatMinutes(minutes);
}

/** `at 2026-11-24 05:43 UTC`. */
function at(minutes: number, nowMs: number): string {
  return `at ${isoTime(nowMs + minutes * 60_000)
    .slice(0, 16)
    .replace('T', ' ')} UTC`;
}
