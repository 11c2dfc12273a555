import {claimedSentinels} from '../run/claimed.ts';
import {isCutoverUnderWay, isTargetOpened} from '../run/cutover/cutover.ts';
import {formatRelation, parseRelation, sameRelation} from '../pg/relation.ts';
import {isOwnSentinel} from '../run/capture/sentinel-table.ts';
import type {RunState} from '../run/run-state.ts';
import {refusal, type Refusal} from './refusal.ts';

/** Why this cannot be done to a slot's change capture now; null where it can. Whether the engine can do it at all it says itself. Pure. */
export function whyNotOfSlot(
  state: Pick<RunState, 'cdcStarted' | 'capture' | 'cutover' | 'back'>,
  word: 'pause-cdc' | 'resume-cdc' | 'kick-cdc' | 'skip-cdc',
  slot: string,
): Refusal | null {
  const {cdcStarted, capture} = state;
  if (cdcStarted === null) return NOT_BEGUN;
  const turning = whyTurning(state);
  if (turning !== null) return turning;
  const pausedBy = capture.paused.find((one) => one.slot === slot)?.by;
  if (word === 'pause-cdc')
    return pausedBy === undefined
      ? null
      : refusal(`${slot} is paused already, by ${pausedBy}`, `longhaul cdc resume ${slot}`);
  const {sourceLost} = capture;
  if (sourceLost !== null) return refusal(sourceLost.failure.message, sourceLost.failure.remedy);
  // One that somebody has stopped beside Longhaul is resumed as well: whether it runs is the engine's to say.
  if (word === 'resume-cdc' || pausedBy === undefined) return null;
  return refusal(`${slot} is paused, by ${pausedBy}`, `longhaul cdc resume ${slot}`);
}

const NOT_BEGUN = refusal('change capture has not begun', 'longhaul run begins it once the load is in');

/**
 * A cutover has drained it, ended it, and rests on it that all has arrived: what is skipped meanwhile is lost, and what goes on again is applied to a side that is being opened. Null while there is none.
 */
function whyTurning({cutover, back}: Pick<RunState, 'cutover' | 'back'>): Refusal | null {
  const [way, command, one] = isCutoverUnderWay(back)
    ? (['a way back', 'back', back] as const)
    : (['a cutover', 'cutover', cutover] as const);
  if (!isCutoverUnderWay(one)) return null;
  return refusal(
    `${way} is under way, which ends and begins change capture itself`,
    isTargetOpened(one) ? 'longhaul status shows how far it is' : `longhaul ${command} --back-out takes it back`,
  );
}

/** Why this table cannot be adopted now; null where it can: one that is not captured, or that may differ and is to be copied anew. Pure. */
export function whyNotAdopted(
  state: Pick<RunState, 'cdcStarted' | 'capture' | 'cutover' | 'back' | 'claimed'>,
  name: string,
): Refusal | null {
  const {newTables, owed, sourceLost} = state.capture;
  if (state.cdcStarted === null) return NOT_BEGUN;
  const notNow = whyTurning(state);
  if (notNow !== null) return notNow;
  if (sourceLost !== null) return refusal(sourceLost.failure.message, sourceLost.failure.remedy);
  const table = parseRelation(name);
  if (table === null) return refusal(`${name} is no table`, 'name it with its schema: public.events');
  if ([...newTables, ...owed].some((one) => sameRelation(one.table, table))) return null;
  // Those that are lost are told by an alarm, and by nothing that is owed.
  if (isOwnSentinel(table, state.claimed)) return null;
  const names = [...newTables, ...owed].map((one) => formatRelation(one.table));
  return refusal(
    `${formatRelation(table)} is not among the tables that are not captured, or may differ`,
    names.length === 0
      ? 'every table is captured; one that was made a moment ago is seen within a minute'
      : `these are: ${names.join(', ')}`,
  );
}

/** Why rows cannot be compared while change capture runs: at P compare-rows compares them, and after the cutover they are others. Pure. */
export function whyNotAgain({cdcStarted, status, claimed, capture, cutover}: RunState): Refusal | null {
  if (cdcStarted === null)
    return refusal('change capture has not started', 'longhaul compare compares while the replica is at P');
  const {sourceLost} = capture;
  if (sourceLost !== null) return refusal(sourceLost.failure.message, sourceLost.failure.remedy);
  if (isTargetOpened(cutover))
    return refusal('the target is written to by the application', 'compare by hand what nobody writes to');
  if (claimedSentinels(claimed).length === 0)
    return refusal(
      'this engine of change capture writes no sentinels, without which nothing says what has arrived',
      'compare by hand once the writers are stopped',
    );
  return status === 'running' || isCutoverUnderWay(cutover)
    ? refusal('the steps are running', 'longhaul status shows what they wait for; compare-again is one of them')
    : null;
}
