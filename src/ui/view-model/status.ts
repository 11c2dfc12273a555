import {isBoundaryLost} from '../../domain/pg/hand-over.ts';
import {isReadyForCutover} from '../../domain/rules/cutover.ts';
import {isCaptureDue, wantedInShort, wantedOf} from '../../domain/rules/wanted.ts';
import {isCutoverUnderWay, isLatestUnderWay, stoppedSince, takenBackByRun} from '../../domain/run/cutover/cutover.ts';
import {minutesOfRun} from '../../domain/reading/eta.ts';
import {formatDuration} from '../../domain/base/units.ts';
import {lastComparison, snapshotsInShort} from '../../domain/run/cutover/last-comparison.ts';
import {screenText} from '../screen/screen-text.ts';
import type {Live} from '../store/live.ts';
import {captureRows} from './capture-rows.ts';
import {alarmsNow} from './findings.ts';
import {msSince, timeOfDay} from './iso-time.ts';
import {lanesView, type LanesView} from './lane-rows.ts';
import {failedProbes, oldestReadingMs, readingOfEta, silentServers} from './readings.ts';
import {currentStep, stepRows} from './step-rows.ts';
import {retainedWal, type RetainedWal} from './retained-wal.ts';

/** The lines that are always visible. */
export interface StatusView {
  readonly run: string;
  readonly runStatus: string;
  /** What waits for the operator, in capitals: `WAITS FOR YOU`; empty where nothing does. */
  readonly wants: string;
  /** What comes after a run that is done: `start change capture at P 16/B374D848`; empty before, and once it was said to have begun. */
  readonly next: string;
  /** Whether `longhaul cutover` is what comes next, when the operator wants it. */
  readonly mayCutOver: boolean;
  /** Whether the target takes the writes by now. */
  readonly handedOver: boolean;
  /** `LOAD 14/17`. */
  readonly phase: string;
  readonly boundary: {readonly lsn: string; readonly state: BoundaryStatus; readonly provedAt: string | null};
  readonly elapsed: string;
  /** Set while the supervisor cannot be heard: since when, in words. */
  readonly blind: string | null;
  readonly wal: RetainedWal | null;
  readonly lanes: Omit<LanesView, 'rows'>;
  readonly hasLoad: boolean;
  /** The slot whose changes are furthest behind on the target, and how many are not applied now; null where change capture is not watched. */
  readonly capture: CaptureView | null;
  /** How old the snapshots of the last comparison are, behind the hand-over; empty where none are held. */
  readonly snapshots: string;
  /** Of the load, as the supervisor reckons. */
  readonly leftBytes: number;
  /** Until the load is complete; null with the reason in `etaWhy`. */
  readonly etaMs: number | null;
  readonly etaWhy: string;
  /** The index phase and the comparison after it; null while no attempt has shown them. */
  readonly indexMs: number | null;
  readonly compareMs: number | null;
  /** All three together; null while a part is not known. */
  readonly wholeMs: number | null;
  readonly nowMs: number;
  readonly probeAgeMs: number | null;
  readonly failedProbes: number;
  readonly alarms: {readonly critical: number; readonly warning: number};
}

interface CaptureView {
  readonly behindBytes: number | null;
  readonly behindSeconds: number | null;
  readonly troubled: number;
  /** Held at one commit by a comparison of ours, not troubled. */
  readonly held: number;
}

type BoundaryStatus = 'none' | 'captured' | 'proved' | 'unseen' | 'moved' | 'disproved' | 'handed over';

/** What the status lines say. */
export function statusView(live: Live, nowMs: number): StatusView {
  const {run} = live;
  const {rows: _, ...lanes} = lanesView(live, nowMs);
  const eta = readingOfEta(live)?.eta ?? null;
  // What was foretold goes on ageing where nobody is heard.
  const ahead = live.link.status === 'lost' ? null : eta;
  const alarms = alarmsNow(live).filter(({over}) => !over);
  const ended = run.status === 'done' || run.status === 'aborted';
  return {
    run: screenText(run.run ?? live.facts?.run ?? ''),
    // The run before a cutover is done, which nobody wants to know while writers wait, nor where it was taken back.
    runStatus:
      run.status === 'done' && (isLatestUnderWay(run) || takenBackByRun(run) !== null) ? 'running' : run.status,
    wants: wantsOf(run, nowMs),
    handedOver:
      run.cutover?.status === 'handed-over' && !isCutoverUnderWay(run.back) && run.back?.status !== 'handed-over',
    next: isCaptureDue(run) ? `start change capture at P ${run.boundary?.lsn ?? '?'}` : '',
    mayCutOver: isReadyForCutover(run),
    phase: phaseOf(live, nowMs),
    boundary: {lsn: run.boundary?.lsn ?? '', state: boundaryState(live), provedAt: run.lastProof?.at ?? null},
    elapsed: ended ? '' : formatDuration(msSince(run.startedAt, nowMs)),
    blind: blindness(live, nowMs),
    wal: retainedWal(live),
    lanes,
    hasLoad: run.units.length > 0,
    capture: captureView(live),
    snapshots: snapshotsOf(run, nowMs),
    leftBytes: isLoaded(lanes) && live.run.boundaryMoved === null ? 0 : (eta?.bytesLeft ?? lanes.leftBytes),
    etaMs: minutesToMs(ahead?.loadMinutes ?? null),
    etaWhy: live.link.status === 'lost' ? 'not watched' : (eta?.why ?? 'being measured'),
    indexMs: minutesToMs(ahead?.indexMinutes ?? null),
    compareMs: minutesToMs(ahead?.compareMinutes ?? null),
    wholeMs: ahead === null ? null : minutesToMs(minutesOfRun(ahead)),
    nowMs,
    probeAgeMs: oldestReadingMs(live, nowMs),
    failedProbes: failedProbes(live).length,
    alarms: {
      critical: alarms.filter((alarm) => alarm.severity === 'critical').length,
      warning: alarms.filter((alarm) => alarm.severity === 'warning').length,
    },
  };
}

/** Failed units are counted among the lanes, and change capture has its own words: both in the second line. */
function wantsOf(run: Live['run'], nowMs: number): string {
  const since = stoppedSince(run);
  if (since !== null) return `WRITES STOPPED ${formatDuration(msSince(since, nowMs) ?? 0)}`;
  const kind = wantedOf(run)[0]?.kind;
  return kind === 'unit' || kind === 'capture' ? '' : wantedInShort(run);
}

function snapshotsOf(run: Live['run'], nowMs: number): string {
  const last = lastComparison(run);
  return last === null ? '' : snapshotsInShort(last, nowMs);
}

function captureView(live: Live): CaptureView | null {
  const rows = captureRows(live);
  // What leads to the target has ended with the hand-over; what leads back is in the pane.
  if (rows.length === 0 || live.run.cutover?.status === 'handed-over') return null;
  const bytes = rows.map(({behindBytes}) => behindBytes);
  const seconds = rows.map(({behindSeconds}) => behindSeconds);
  return {
    behindBytes: bytes.includes(null) ? null : Math.max(...bytes.map(Number)),
    behindSeconds: seconds.includes(null) ? null : Math.max(...seconds.map(Number)),
    troubled: rows.filter(({trouble}) => trouble !== null).length,
    held: rows.filter(({trouble, held}) => trouble === null && held).length,
  };
}

function isLoaded({queued, running, paused, failed}: StatusView['lanes']): boolean {
  return queued.units + running + paused + failed === 0;
}

function minutesToMs(minutes: number | null): number | null {
  return minutes === null ? null : minutes * 60_000;
}

function phaseOf(live: Live, nowMs: number): string {
  const rows = stepRows(live, nowMs);
  const row = currentStep(rows);
  if (row === undefined) return '';
  const phase = live.facts?.steps.find((step) => step.id === row.id)?.phase ?? '';
  return `${phase.toUpperCase()} ${row.number}/${rows.length}`.trim();
}

function boundaryState(live: Live): BoundaryStatus {
  if (isBoundaryLost(live.run)) return 'moved';
  if (live.run.boundary === null) return 'none';
  if (live.run.boundaryDisproved !== null) return 'disproved';
  if (live.run.cdcStarted !== null) return 'handed over';
  if (!live.run.boundaryProved) return 'captured';
  if (live.run.status === 'done') return 'proved';
  const seen = live.link.status === 'connected' && !silentServers(live).some(({server}) => server === 'replica');
  return seen ? 'proved' : 'unseen';
}

function blindness(live: Live, nowMs: number): string | null {
  switch (live.link.status) {
    case 'connected':
      return null;
    case 'connecting':
      return 'connecting to the supervisor';
    case 'refused':
      return `refused: ${screenText(live.link.message)}`;
    case 'lost': {
      const age = formatDuration(msSince(live.link.since, nowMs));
      // One that was ended on purpose is no accident; nothing is watched all the same.
      const what = live.run.supervisor === null ? 'NO SUPERVISOR' : 'BLIND';
      return `${what} since ${timeOfDay(live.link.since)} (${age})`;
    }
  }
}
