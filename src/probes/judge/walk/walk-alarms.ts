import type {Alarm} from '../../../domain/reading/alarm.ts';
import {cdcNotExpected} from '../../../domain/pg/hand-over.ts';
import {formatMinutes} from '../../../domain/base/minutes.ts';
import {alarmsOfFailedUnits} from './failed-units.ts';
import {whatNow} from '../../../domain/rules/what-now.ts';
import {wantedOf, type Wanted} from '../../../domain/rules/wanted.ts';
import {claimedSlots} from '../../../domain/run/claimed.ts';
import type {RunState} from '../../../domain/run/run-state.ts';
import type {Judge, Observed} from '../observed.ts';

/** What does not go on before the operator does something: a failed unit or step, a question, change capture that is to be started. */
export const judgeWalk: Judge = (observed) => {
  const wanted = wantedOf(observed.state);
  const units = wanted.filter((one) => one.kind === 'unit');
  return [
    ...wanted.flatMap((one) => (one.kind === 'unit' ? [] : alarmOf(observed, one))),
    ...alarmsOfFailedUnits(units, observed.state.units),
  ];
};

function alarmOf(observed: Observed, wanted: Exclude<Wanted, {kind: 'unit'}>): Alarm[] {
  const {state} = observed;
  switch (wanted.kind) {
    case 'answer':
      return waiting(observed, wanted);
    case 'step':
      // With P everything ends that needs it: slots and replica have their own alarms, and no step helps before that is mended.
      if (state.boundaryMoved !== null || state.boundaryDisproved !== null) return [];
      return [
        {
          id: `step.failed:${wanted.step}`,
          severity: wanted.endsWalk ? whileHolding(state) : 'warning',
          subject: `step ${wanted.step}`,
          seen: wanted.endsWalk
            ? `has failed, and the run does not go on: ${wanted.failure.message}`
            : `is unfinished: ${wanted.failure.message}`,
          remedy: wanted.endsWalk ? `${wanted.failure.remedy}; then C, or longhaul run` : wanted.failure.remedy,
        },
      ];
    case 'walk':
      return [
        {
          id: 'run.stopped',
          severity: whileHolding(state),
          subject: `run ${state.run ?? ''}`,
          seen: `has stopped by itself: ${wanted.reason}`,
          remedy: 'see supervisor.log in the run folder; then C, or longhaul run',
        },
      ];
    case 'capture':
      return [
        {
          id: 'cdc.start',
          severity: 'warning',
          subject: `run ${state.run ?? ''}`,
          seen: `is done, and the slots keep the primary's WAL until change capture reads them`,
          remedy: whatNow(state)[0] ?? '',
        },
      ];
  }
}

/** Slots that grow and a replica that is paused make an hour without anybody expensive. */
function whileHolding({claimed, replayPaused}: RunState): Alarm['severity'] {
  return claimedSlots(claimed).length > 0 || replayPaused ? 'critical' : 'warning';
}

function waiting({state, thresholds, nowMs}: Observed, wanted: Extract<Wanted, {kind: 'answer'}>): Alarm[] {
  const minutes = (nowMs - Date.parse(wanted.since)) / 60_000;
  if (minutes < thresholds.waitingMinutes) return [];
  return [
    {
      id: `step.waiting:${wanted.step}`,
      severity: 'warning',
      subject: `step ${wanted.step}`,
      seen: `waits for your answer for ${formatMinutes(minutes)} (warn ${formatMinutes(thresholds.waitingMinutes)}): ${wanted.question}`,
      remedy: `answer it: c, or longhaul confirm ${wanted.step} ${state.run ?? ''}`,
    },
  ];
}

/** How long a run that is done, with nothing left to do, is told as such. */
const DONE_MINUTES = 10;

/** Good news that somebody waits for: told once, and over by itself. */
export const judgeDone: Judge = ({state, nowMs}) => {
  if (state.status !== 'done' || cdcNotExpected(state) === null || wantedOf(state).length > 0) return [];
  const doneMs = Date.parse(state.doneAt ?? '');
  // A run that was done before its time was kept has been told of.
  if (!(nowMs - doneMs < DONE_MINUTES * 60_000) || state.cdcStarted !== null) return [];
  return [
    {
      id: 'run.done',
      severity: 'warning',
      subject: `run ${state.run ?? ''}`,
      seen: 'is done: everything is loaded and compared',
      remedy: 'nothing is to be done; longhaul report has the figures, longhaul shutdown ends the supervisor',
    },
  ];
};
