import {counted} from '../base/units.ts';
import {cdcNotExpected} from '../pg/hand-over.ts';
import type {Command} from '../run/command.ts';
import {openDifferences} from '../run/difference.ts';
import {openChanges} from '../run/drift/schema-change.ts';
import {whyNoAbort, whyNoBackOut, whyNoCutover, whyNoEndOfComparison, whyNoWayBack} from './cutover.ts';
import {needsOf} from './needs.ts';
import {refusal, type Refusal} from './refusal.ts';
import {whyNotAgain, whyNotAdopted, whyNotOfSlot} from './refused-in-cdc.ts';
import type {RunState, UnitState} from '../run/run-state.ts';

/**
 * Why this command cannot be given in this state, as far as the state tells: the supervisor asks it before it acts, and what only a server
 * or a process can tell is asked after it. Null where it can. Pure.
 */
export function whyRefused(state: RunState, command: Command, run: string): Refusal | null {
  switch (command.type) {
    case 'pause-unit':
    case 'resume-unit':
    case 'retry-unit':
    case 'cancel-unit':
      return refusedOfUnit(state, command.type, command.unit);
    case 'pause-all':
    case 'resume-all':
      return noneIs(state, 'running') ? refusal('no lane is running', 'longhaul status lists the units') : null;
    case 'retry-all':
      return noneIs(state, 'failed')
        ? refusal('no unit has failed', 'longhaul status lists the units')
        : whyNoUnit(state);
    case 'resume-replay':
      return whyPaused(state);
    case 'confirm-step':
      return whyNotWaiting(state, command.step) ?? wrongName(command.typed, run);
    case 'accept-differences':
      return wrongName(command.typed, run) ?? whyNotOpen(state, command.objects);
    case 'cdc-started':
      return wrongName(command.typed, run) ?? whyNotBegun(state);
    case 'release':
      return wrongName(command.typed, run);
    case 'compare-again':
      return whyNotAgain(state);
    case 'abort':
      return wrongName(command.typed, run) ?? whyNoAbort(state);
    case 'cutover':
      return wrongName(command.typed, run) ?? whyNoCutover(state);
    case 'back':
      return wrongName(command.typed, run) ?? whyNoWayBack(state);
    case 'back-out':
      return whyNoBackOut(state);
    case 'end-comparison':
      return whyNoEndOfComparison(state);
    case 'continue':
      return whyNotOn(state, run);
    case 'pause-cdc':
    case 'resume-cdc':
    case 'kick-cdc':
      return whyNotOfSlot(state, command.type, command.slot);
    case 'skip-cdc':
      return wrongName(command.typed, run) ?? whyNotOfSlot(state, command.type, command.slot);
    case 'adopt-table':
      return wrongName(command.typed, run) ?? whyNotAdopted(state, command.table);
    case 'set-lanes':
      return whyNotSoMany(state, command.lanes);
    case 'set-rate':
      return whyNotSoFast(state, command.bytesPerSecond);
    case 'cancel-all':
    case 'hold':
    case 'release-hold':
    case 'pause-replay':
    case 'shutdown':
      return null;
  }
}

function wrongName(typed: string, run: string): Refusal | null {
  return typed === run ? null : refusal('what was typed is not the name of the run', `type ${run}`);
}

function noneIs({units}: RunState, status: UnitState['state']['status']): boolean {
  return units.every(({state}) => state.status !== status);
}

const MOST_LANES = 64;

function whyNotSoMany({lanes, loadBoundary}: RunState, wanted: number): Refusal | null {
  if (loadBoundary === null) return refusal('the load has not been planned yet', 'set load.lanes in longhaul.yaml');
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > MOST_LANES)
    return refusal(`${wanted} is no number of lanes`, `name one from 1 to ${MOST_LANES}`);
  return wanted === lanes
    ? refusal(`there ${lanes === 1 ? 'is' : 'are'} ${counted(lanes, 'lane')} already`, 'there is nothing to do')
    : null;
}

function whyNotSoFast({loadBoundary}: RunState, wanted: number | null): Refusal | null {
  if (loadBoundary === null) return refusal('the load has not been planned yet', 'set load.rate in longhaul.yaml');
  return wanted === null || (Number.isSafeInteger(wanted) && wanted > 0)
    ? null
    : refusal(`${wanted} is no rate`, 'name one in bytes a second, above 0, or none');
}

type UnitWord = 'pause-unit' | 'resume-unit' | 'retry-unit' | 'cancel-unit';

function refusedOfUnit(state: RunState, word: UnitWord, id: string): Refusal | null {
  const unit = state.units.find((one) => one.id === id);
  if (unit === undefined) {
    const ids = state.units.map((one) => one.id);
    return refusal(
      `there is no unit ${id}`,
      ids.length === 0 ? 'the load has not been planned yet' : `the units are ${ids.join(', ')}`,
    );
  }
  const {status} = unit.state;
  const is = `${id} is ${status}`;
  switch (word) {
    case 'pause-unit':
      if (unit.state.status !== 'running') return refusal(is, 'only a running unit can be paused');
      return unit.state.paused === null ? null : refusal(`${id} is paused already`, `longhaul resume ${id}`);
    case 'resume-unit':
      if (unit.state.status !== 'running') return refusal(is, 'only a paused unit can be resumed');
      return unit.state.paused === null ? refusal(`${id} is not paused`, 'nothing to resume') : null;
    case 'retry-unit':
      return status === 'failed' ? whyNoUnit(state) : refusal(is, 'only a failed unit can be tried again');
    case 'cancel-unit':
      // Of a failed one the next try is called off.
      return status === 'running' || status === 'failed' ? null : refusal(is, 'only a running unit can be cancelled');
  }
}

/** Why no unit can be loaded at this P any more. */
function whyNoUnit({boundaryMoved}: RunState): Refusal | null {
  if (boundaryMoved === null) return null;
  return refusal('P is lost: no unit can be loaded at it any more', 'longhaul continue (C) takes a new P');
}

function whyPaused(state: RunState): Refusal | null {
  const {replica} = needsOf(state);
  return replica === null
    ? null
    : refusal(`P would be lost: ${replica}`, 'finish the load, or give it up: longhaul abort resumes replay');
}

function whyNotWaiting({steps}: RunState, step: string): Refusal | null {
  if (steps.find(({id}) => id === step)?.state.status === 'waiting') return null;
  return refusal(`${step} does not wait to be confirmed`, 'longhaul status shows what does');
}

function whyNotOpen(state: RunState, objects: readonly string[]): Refusal | null {
  const open = [...openDifferences(state), ...openChanges(state.schemaDrift)].map(({object}) => object);
  const unknown = objects.filter((object) => !open.includes(object));
  if (unknown.length === 0) return null;
  return refusal(
    `there is no open difference of ${unknown.join(', ')}`,
    open.length === 0 ? 'there is nothing to accept' : `these are open: ${[...new Set(open)].join(', ')}`,
  );
}

function whyNotBegun(state: RunState): Refusal | null {
  const why = cdcNotExpected(state);
  if (why === null) return null;
  return refusal(why, state.cdcStarted === null ? 'finish the load first: longhaul run' : 'there is nothing to do');
}

function whyNotOn({status, steps}: RunState, run: string): Refusal | null {
  if (status === 'aborted') return refusal('the run was given up', 'longhaul run begins it again, from the first step');
  const waits = steps.find(({state}) => state.status === 'waiting')?.id;
  return waits === undefined ? null : refusal(`${waits} waits to be confirmed`, `longhaul confirm ${waits} ${run}`);
}
