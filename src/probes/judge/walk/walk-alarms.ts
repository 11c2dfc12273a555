import type {Alarm} from '../../../domain/reading/alarm.ts';
import {cdcNotExpected} from '../../../domain/pg/hand-over.ts';
import {formatMinutes} from '../../../domain/base/minutes.ts';
import {alarmsOfFailedUnits} from './failed-units.ts';
import {whatNow} from '../../../domain/rules/what-now.ts';
import {wantedOf, type Wanted} from '../../../domain/rules/wanted.ts';
import {phaseOf} from '../../../domain/run/final-steps.ts';
import type {StepId} from '../../../domain/run/step-id.ts';
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
          remedy: wanted.endsWalk
            ? `${wanted.failure.remedy}; then ${goesOnBy(wanted.step, state)}`
            : wanted.failure.remedy,
        },
      ];
    case 'taken-back':
      return [takenBack(state, wanted)];
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
          // One alarm is no remedy of another.
          remedy: whatNow({...state, alarms: []})[0] ?? '',
        },
      ];
  }
}

/** What goes on with a step that has failed: those of a cutover, a way back and a clean-up are walked by themselves. */
function goesOnBy(step: StepId, {run}: Pick<RunState, 'run'>): string {
  switch (phaseOf(step)) {
    case 'cutover':
      return `longhaul cutover --yes ${run ?? ''}`;
    case 'back':
      return `longhaul back --yes ${run ?? ''}`;
    case 'clean-up':
      return `longhaul clean-up --yes ${run ?? ''}`;
    case 'prepare':
    case 'anchor':
    case 'load':
    case 'cdc':
      return 'C, or longhaul run';
  }
}

/** Nobody who sleeps knows that production was not moved. */
function takenBack({run}: RunState, {isBack, reason}: Extract<Wanted, {kind: 'taken-back'}>): Alarm {
  const [what, side, command] = isBack ? ['way back', 'target', 'back'] : ['cutover', 'source', 'cutover'];
  return {
    id: 'cutover.taken-back',
    severity: 'warning',
    subject: `the ${what}`,
    seen: `was taken back, and the ${side} takes writes: ${reason}`,
    remedy: `once that is mended: longhaul ${command} --yes ${run ?? ''}`,
  };
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
