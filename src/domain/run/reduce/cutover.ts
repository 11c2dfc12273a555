import type {Cutover} from '../cutover/cutover.ts';
import type {JournalEntry} from '../event.ts';
import {phaseOf} from '../final-steps.ts';
import type {RunState, StepState} from '../run-state.ts';

type CutoverEntry = Extract<JournalEntry, {type: `cutover.${string}`}>;
type BackEntry = Extract<JournalEntry, {type: `back.${string}`}>;

/** The part of `reduce` that is about the cutover. */
export function reduceCutover(state: RunState, entry: CutoverEntry, phase: 'cutover' | 'back' = 'cutover'): RunState {
  if (entry.type === 'cutover.begun') return begun(state, entry);
  // Of one that was never begun nothing is known.
  if (state.cutover === null) return state;
  const next = withEvent(state.cutover, entry);
  return entry.type === 'cutover.gone-back' ? {...taken(state, phase), cutover: next} : {...state, cutover: next};
}

/** Its steps begin anew; those of the run before it stay as they are. */
function begun(state: RunState, {at, by, steps}: Extract<CutoverEntry, {type: 'cutover.begun'}>): RunState {
  const others = state.steps.filter(({id}) => !steps.includes(id));
  return {
    ...state,
    steps: [...others, ...steps.map((id) => ({id, state: PENDING}))],
    evidence: Object.fromEntries(Object.entries(state.evidence).filter(([id]) => !steps.some((step) => step === id))),
    findings: state.findings.filter(({step}) => !steps.includes(step)),
    // Of a cutover before it.
    back: null,
    cutover: {
      status: 'under-way',
      attempt: (state.cutover?.attempt ?? 0) + 1,
      begun: {at, by},
      stoppingAt: null,
      setting: null,
      commands: [],
      firing: [],
      stopped: null,
      openingAt: null,
      handedOverAt: null,
      goneBack: null,
    },
  };
}

const PENDING: StepState = {status: 'pending'};

function withEvent(cutover: Cutover, entry: Exclude<CutoverEntry, {type: 'cutover.begun'}>): Cutover {
  switch (entry.type) {
    case 'cutover.stopping':
      // What was found by an earlier attempt is not what there was before it.
      return {
        ...cutover,
        stoppingAt: cutover.stoppingAt ?? entry.at,
        setting: cutover.setting ?? entry.setting,
        ...withJobs(cutover.jobs ?? entry.jobs),
      };
    case 'cutover.command':
      return {...cutover, commands: withCommand(cutover.commands, entry), ...withUndo(cutover, entry)};
    case 'cutover.triggers-firing':
      return {...cutover, firing: entry.triggers};
    case 'cutover.writes-stopped':
      return {...cutover, stopped: {at: entry.at, lsn: entry.lsn}};
    case 'cutover.opening':
      return {...cutover, status: 'opening', openingAt: cutover.openingAt ?? entry.at};
    case 'cutover.handed-over':
      return {...cutover, status: 'handed-over', handedOverAt: entry.at};
    case 'cutover.comparison-over':
      return {...cutover, comparisonOver: {why: entry.why, left: entry.left}};
    case 'cutover.visited':
      return {...cutover, visitors: entry.visitors};
    case 'cutover.gone-back':
      return withoutStop({...cutover, goneBack: {at: entry.at, by: entry.by, reason: entry.reason}});
  }
}

function withJobs(jobs: Cutover['jobs']): Pick<Cutover, 'jobs'> {
  return jobs === undefined || jobs.length === 0 ? {} : {jobs};
}

function withoutStop(cutover: Cutover): Cutover {
  const {jobs: _, undos: __, ...without} = cutover;
  return {...without, status: 'gone-back', setting: null, commands: [], firing: [], stopped: null};
}

function withCommand(
  commands: readonly string[],
  {command, moment}: Extract<CutoverEntry, {type: 'cutover.command'}>,
): readonly string[] {
  const others = commands.filter((one) => one !== command);
  return moment === 'undone' ? others : [...others, command];
}

/** Kept with its command, which may be another one in longhaul.yaml by the time that it is undone. */
function withUndo(
  {undos = {}}: Pick<Cutover, 'undos'>,
  {command, undo}: Extract<CutoverEntry, {type: 'cutover.command'}>,
): Pick<Cutover, 'undos'> {
  return undo === undefined ? {} : {undos: {...undos, [command]: undo}};
}

/** Whatever its steps had come to holds no more; what has failed stays, for it says why. */
function taken(state: RunState, phase: 'cutover' | 'back'): RunState {
  return {
    ...state,
    steps: state.steps.map((step) =>
      phaseOf(step.id) === phase && step.state.status !== 'failed' ? {id: step.id, state: PENDING} : step,
    ),
  };
}

/** The part of `reduce` that is about the way back: a cutover the other way round, which ends the one before. */
export function reduceBack(state: RunState, entry: BackEntry): RunState {
  const {cutover} = state;
  const {back, ...seen} = withBack(state, entry);
  // The source is production's again: another cutover may begin.
  if (entry.type !== 'back.handed-over' || cutover === null) return {...seen, back, cutover};
  const goneBack = {at: entry.at, by: entry.by, reason: 'longhaul back'};
  return {...seen, back, cutover: withoutStop({...cutover, goneBack})};
}

function withBack(state: RunState, entry: BackEntry): RunState {
  const {cutover: back, ...next} = reduceCutover({...state, cutover: state.back}, asCutover(entry), 'back');
  return {...next, back, cutover: state.cutover};
}

function asCutover(entry: BackEntry): CutoverEntry {
  switch (entry.type) {
    case 'back.begun':
      return {...entry, type: 'cutover.begun'};
    case 'back.stopping':
      return {...entry, type: 'cutover.stopping'};
    case 'back.command':
      return {...entry, type: 'cutover.command'};
    case 'back.writes-stopped':
      return {...entry, type: 'cutover.writes-stopped'};
    case 'back.opening':
      return {...entry, type: 'cutover.opening'};
    case 'back.handed-over':
      return {...entry, type: 'cutover.handed-over'};
    case 'back.visited':
      return {...entry, type: 'cutover.visited'};
    case 'back.gone-back':
      return {...entry, type: 'cutover.gone-back'};
  }
}
