import {isBoundaryLost} from '../pg/hand-over.ts';
import {byGravity, describeAlarm} from '../reading/alarm.ts';
import {isTakenBack} from '../run/cutover/cutover.ts';
import type {RunState} from '../run/run-state.ts';

/** An alarm as the state has it; where it was put beside the newest readings, `over` says that it is no longer so. */
type Raised = RunState['alarms'][number] & {readonly over?: boolean};

/** What waits for the operator is said by itself, and that all is done is good news. */
const SAID_OTHERWISE = /^(?:step\.waiting:|unit\.failed:|cdc\.start$|run\.done$)/;
/** What has taken P away, of which P's own words tell. */
const OF_P = /^(?:boundary\.moved$|slot\.(?:gone|moved|lost):)/;

/**
 * The gravest of the alarms that are raised and that nothing else tells of, with its remedy, and how many more there are; null where none is raised. `isQuiet`: nothing else is said to be done.
 * Pure.
 */
export function describeGravest(
  state: RunState,
  isQuiet: boolean,
): {readonly isCritical: boolean; readonly words: string} | null {
  const [gravest, ...more] = state.alarms
    .filter((alarm: Raised) => alarm.over !== true && !isSaidOtherwise(alarm, state, isQuiet))
    .toSorted(byGravity);
  if (gravest === undefined) return null;
  const isCritical = gravest.severity === 'critical';
  const others =
    more.length === 0
      ? ''
      : `; ${more.length} more ${more.length === 1 ? 'alarm is' : 'alarms are'} raised: longhaul status`;
  return {isCritical, words: `${isCritical ? 'CRITICAL' : 'ALARM'}: ${describeAlarm(gravest)}${others}`};
}

function isSaidOtherwise({id, since}: Raised, state: RunState, isQuiet: boolean): boolean {
  const step = state.steps.find((one) => id === `step.failed:${one.id}`);
  if (step !== undefined) {
    // The journal has an alarm for a moment longer than it is so.
    if (step.state.status !== 'failed' || isTakenBack(state, step.id)) return true;
    return state.cutover === null && !isQuiet;
  }
  // Beside a cutover its own words are all that is said.
  if (state.cutover !== null || state.back !== null) return id === 'cutover.taken-back';
  // A proof that came after it has found all that P rests on.
  if (OF_P.test(id)) return isBoundaryLost(state) || state.boundaryDisproved !== null || isProvedSince(state, since);
  return SAID_OTHERWISE.test(id);
}

function isProvedSince({lastProof}: RunState, since: string): boolean {
  return lastProof !== null && lastProof.at > since;
}
