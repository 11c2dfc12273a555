import {quoteRelation, type RelationName} from '../pg/relation.ts';
import type {Alarm} from '../reading/alarm.ts';
import type {AgainState, FenceState} from './again/again-state.ts';
import type {Boundary} from '../pg/boundary.ts';
import {isTakenBack, type Cutover} from './cutover/cutover.ts';
import {NOTHING_CAPTURED, type CaptureState} from './capture/capture-state.ts';
import type {KnownDifference} from './difference.ts';
import type {Actor, Failure, WalkEnd} from './event.ts';
import type {Finding} from './finding.ts';
import type {EvidenceOfSteps, KnownEvidence} from './evidence/step-evidence.ts';
import type {Lsn} from '../pg/lsn.ts';
import {tablesOf, type LoadUnit, type UnitFailure} from './load-unit.ts';
import {NO_DRIFT, type SchemaDrift} from './drift/schema-change.ts';
import type {StepId} from './step-id.ts';

/** How far a step is. `since`, `startedAt` and the like are the jump box's clock in ISO 8601. */
export type StepState =
  | {readonly status: 'pending'}
  | {readonly status: 'waiting'; readonly since: string; readonly question: string; readonly actions: readonly string[]}
  | {readonly status: 'running'; readonly startedAt: string; readonly progress: StepProgress | null}
  | {
      readonly status: 'done';
      readonly startedAt: string;
      readonly endedAt: string;
      readonly evidence: KnownEvidence;
      readonly already: boolean;
    }
  | {
      readonly status: 'failed';
      readonly startedAt: string;
      readonly endedAt: string;
      readonly failure: Failure;
      /** Set where the steps after it go on all the same: what is left is in the run's differences. */
      readonly unfinished?: true;
    }
  | {readonly status: 'skipped'; readonly reason: string};

/** How many of a step's objects are done: 38 of 612 indexes. */
export interface StepProgress {
  readonly done: number;
  readonly total: number;
  /** The object in hand: `index users_email_key`. */
  readonly what: string;
}

/**
 * How far a unit is. `attempt` counts from 1 over the whole run, so that no attempt's folder is used twice; `tries` counts those since the
 * unit was queued or the operator asked for a retry.
 */
export type UnitStatus =
  | {
      readonly status: 'queued';
      /** Attempts at an older P. */
      readonly attempts: number;
    }
  | {
      readonly status: 'running';
      readonly attempt: number;
      readonly tries: number;
      readonly lane: number;
      readonly folder: string;
      readonly startedAt: string;
      /** Set while the pipeline is stopped by SIGSTOP. */
      readonly paused: {readonly since: string; readonly by: Actor} | null;
    }
  | {
      readonly status: 'committed';
      readonly attempt: number;
      readonly rows: number;
      readonly bytes: number;
      readonly tookMs: number;
      readonly endedAt: string;
    }
  | {
      readonly status: 'failed';
      readonly attempt: number;
      readonly tries: number;
      readonly failure: UnitFailure;
      readonly failedAt: string;
      readonly retryAt: string | null;
    };

/** A unit and how far it is. */
export type UnitState = LoadUnit & {readonly state: UnitStatus};

/** Everything that is known of a run: `reduce` over its journal. The same in the supervisor, the console, status and report. */
export interface RunState {
  readonly run: string | null;
  readonly status: 'new' | 'running' | 'stopped' | 'done' | 'aborted';
  readonly startedAt: string | null;
  /** Why the last walk ended before the run was done; null while one goes on. A journal of format 0 has no `end`. */
  readonly stopped: {readonly reason: string; readonly end: WalkEnd | null} | null;
  /** When the run was done last, ISO 8601; null while it is not. */
  readonly doneAt: string | null;
  /** Number and time of the last event that is in here. */
  readonly seq: number;
  readonly at: string | null;
  readonly supervisor: {readonly pid: number; readonly bootId: string} | null;
  readonly steps: readonly {readonly id: StepId; readonly state: StepState}[];
  /** What each step came to when it was last done; it stays while the step is checked again. */
  readonly evidence: EvidenceOfSteps;
  readonly findings: readonly (Finding & {readonly step: StepId})[];
  /** What of the target is not as it is on the source, open or accepted. */
  readonly differences: readonly KnownDifference[];
  /** Slots, sets and the node that this run made or was about to make: `slot dms_slot_01`, `set idms_slot_01`, `node longhaul`. */
  readonly claimed: readonly string[];
  readonly boundary: Boundary | null;
  /** Whether P is proved against every slot; false again once it has moved, or a slot has. */
  readonly boundaryProved: boolean;
  /** The last proof of this P, which stays when it holds no more: its time, and the slots that it was about; null before the first. */
  readonly lastProof: {readonly at: string; readonly slots: readonly string[]} | null;
  /** Why the proof of P holds no more; null while it does, and before there is one. */
  readonly boundaryDisproved: Failure | null;
  /** Who said when that change capture has begun; null before. */
  readonly cdcStarted: {readonly at: string; readonly by: Actor} | null;
  /** What was done to change capture while it runs, and what has come in its way. */
  readonly capture: CaptureState;
  readonly boundaryMoved: Failure | null;
  /** The last cutover that was begun; null before the first. */
  readonly cutover: Cutover | null;
  /** The last way back to the source since the hand-over; null before. */
  readonly back: Cutover | null;
  readonly replayPaused: boolean;
  /** The P that the units below are loaded at; null before the load. */
  readonly loadBoundary: Lsn | null;
  readonly lanes: number;
  /** The lanes that somebody has asked for while longhaul.yaml had `instead`; null before. */
  readonly lanesAsked: {readonly lanes: number; readonly instead: number} | null;
  /** The rate that somebody has asked for while longhaul.yaml had `instead`, in bytes a second of all lanes together; null in either is no limit. Null before. */
  readonly rateAsked: {readonly bytesPerSecond: number | null; readonly instead: number | null} | null;
  /** Whether new units wait (drain); what runs goes on. */
  readonly held: boolean;
  readonly units: readonly UnitState[];
  /** Tables that the last comparison has done; `full` of them row by row, the others by their counts. */
  readonly rowsCompared: {readonly tables: number; readonly differing: readonly string[]; readonly full?: number};
  /** What has changed in the source's schema since P. */
  readonly schemaDrift: SchemaDrift;
  /** The last comparison while change capture runs, or the one that goes on; null before the first. */
  readonly again: AgainState | null;
  /** Apply and replay are held for it, or are about to be; null where they are not. */
  readonly fence: FenceState | null;
  readonly alarms: readonly (Alarm & {readonly since: string})[];
}

/** A comparison begins: what an earlier one has found is no more. */
export const NONE_COMPARED: RunState['rowsCompared'] = {tables: 0, differing: []};

/** The state before the first event. */
export const NEW_RUN: RunState = {
  run: null,
  status: 'new',
  startedAt: null,
  stopped: null,
  doneAt: null,
  seq: 0,
  at: null,
  supervisor: null,
  steps: [],
  evidence: {},
  findings: [],
  differences: [],
  claimed: [],
  boundary: null,
  boundaryProved: false,
  lastProof: null,
  boundaryDisproved: null,
  cdcStarted: null,
  capture: NOTHING_CAPTURED,
  boundaryMoved: null,
  cutover: null,
  back: null,
  replayPaused: false,
  loadBoundary: null,
  lanes: 0,
  lanesAsked: null,
  rateAsked: null,
  held: false,
  units: [],
  rowsCompared: NONE_COMPARED,
  schemaDrift: NO_DRIFT,
  again: null,
  fence: null,
  alarms: [],
};

/** Whether the load at P is whole: it was planned, for this P, and every unit of it is in. A database of code alone has none. Pure. */
export function allCommitted({boundary, loadBoundary, units}: RunState): boolean {
  return isPlanned({boundary, loadBoundary}) && units.every((unit) => unit.state.status === 'committed');
}

/** The tables that are in: of a table that is loaded in parts, every one of them. Pure. */
export function loadedTables(units: readonly UnitState[]): RelationName[] {
  const isIn = ({state}: UnitState): boolean => state.status === 'committed';
  const open = new Set(tablesOf(units.filter((unit) => !isIn(unit))).map(quoteRelation));
  return tablesOf(units.filter(isIn)).filter((table) => !open.has(quoteRelation(table)));
}

/** Why the replica must still be paused at P, in words; null when the load is in and its rows are compared. Pure. */
export function whatNeedsBoundary(state: RunState): string | null {
  if (!isPlanned(state)) return 'the load at P has not begun';
  const open = state.units.filter((unit) => unit.state.status !== 'committed').length;
  if (open > 0) return open === 1 ? '1 unit is not loaded yet' : `${open} units are not loaded yet`;
  const compared = state.steps.find((step) => step.id === 'compare-rows')?.state.status;
  return compared === 'done' || compared === 'skipped' ? null : 'the rows are not compared yet';
}

function isPlanned({boundary, loadBoundary}: Pick<RunState, 'boundary' | 'loadBoundary'>): boolean {
  return boundary !== null && loadBoundary === boundary.lsn;
}

/** Whether the walk has stopped, so that somebody has to say that it goes on: it was stopped, or a step has failed and kept the others waiting. */
export function isStanding(run: Pick<RunState, 'status' | 'steps' | 'cutover' | 'back'>): boolean {
  return (
    run.status === 'stopped' ||
    run.steps.some(({id, state}) => state.status === 'failed' && state.unfinished !== true && !isTakenBack(run, id))
  );
}

/** How many bytes a second all lanes together may carry: what an operator has asked for, until longhaul.yaml has another than it had then; null is no limit. Pure. */
export function rateOf({rateAsked}: Pick<RunState, 'rateAsked'>, configured: number | null): number | null {
  return rateAsked !== null && rateAsked.instead === configured ? rateAsked.bytesPerSecond : configured;
}

/** The rates that longhaul.yaml has; null is no limit. */
export interface ConfiguredRates {
  readonly load: {readonly rateBytes: number | null};
  readonly compare: {readonly rateBytes: number | null};
}

/** How many bytes of tables a comparison may read on each server in a second: as longhaul.yaml has it, and no more than an operator has asked for of the lanes; null is no limit. Pure. */
export function scanRateOf({rateAsked}: Pick<RunState, 'rateAsked'>, {load, compare}: ConfiguredRates): number | null {
  const asked = rateAsked?.instead === load.rateBytes ? rateAsked.bytesPerSecond : null;
  const limits = [compare.rateBytes, asked].filter((limit) => limit !== null);
  return limits.length === 0 ? null : Math.min(...limits);
}
