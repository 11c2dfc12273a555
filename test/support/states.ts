import {parseLsn} from '../../src/domain/pg/lsn.ts';
import type {RunEvent} from '../../src/domain/run/event.ts';
import type {RunState} from '../../src/domain/run/run-state.ts';
import type {StepId} from '../../src/domain/run/step-id.ts';
import {cutoverIds} from '../../src/domain/run/step-id.ts';
import {DMS_STEPS} from './dms-steps.ts';
import {inMemory} from './in-memory.ts';

const P = parseLsn('0/500');
const BOUNDARY = {lsn: P, postmasterStart: 'then', timeline: 1, systemIdentifier: '7', capturedAt: ''};
const FAILURE = {message: 'the replica was restarted', remedy: 'longhaul run', unreachable: false};
const UNIT_FAILURE = {cause: 'producer', message: 'm', table: null, sqlstate: null, remedy: 'r', heals: false} as const;

const DIFFERENCE = {
  object: 'index public.users_email',
  differs: 'is not there',
  why: 'Key (email)=(u7) is duplicated.',
  query: null,
  remedy: 'delete one of the rows',
};

const done = (step: StepId, evidence = {}): RunEvent => ({type: 'step.done', step, evidence, already: false});
const begun = (step: StepId): RunEvent => ({type: 'step.started', step});
const unit = (id: string): RunEvent => ({type: 'unit.started', unit: id, attempt: 1, lane: 1, folder: `/lanes/${id}`});
const loaded = (id: string): RunEvent[] => [
  unit(id),
  {type: 'unit.committed', unit: id, attempt: 1, rows: 3, bytes: 9, tookMs: 5},
];
const upTo = (first: StepId, last: StepId): RunEvent[] =>
  DMS_STEPS.slice(DMS_STEPS.indexOf(first), DMS_STEPS.indexOf(last) + 1).map((id) => done(id));

const STARTED: RunEvent[] = [
  {type: 'supervisor.started', pid: 7, bootId: 'b'},
  {type: 'run.started', run: 'acme', version: '1', steps: DMS_STEPS},
];
const CLAIMED: RunEvent = {type: 'objects.claimed', objects: ['slot dms_slot_01', 'set dms_slot_01', 'node longhaul']};
const BEFORE_P = [...STARTED, ...upTo('preflight', 'plan-slots'), CLAIMED, ...upTo('copy-globals', 'add-tables')];
const CAPTURED: RunEvent[] = [
  ...BEFORE_P,
  {type: 'replay.paused', by: 'run'},
  done('pause-replay'),
  {type: 'boundary.captured', boundary: BOUNDARY},
  done('capture-boundary'),
];
const PROVED: RunEvent[] = [
  ...CAPTURED,
  {type: 'boundary.proved', evidence: {}, slots: ['dms_slot_01']},
  done('prove-boundary'),
];
const PLANNED: RunEvent[] = [
  ...PROVED,
  done('strip-target'),
  begun('full-load'),
  {
    type: 'load.planned',
    boundary: P,
    units: ['01-users', '02-events'].map((id) => ({id, kind: 'table', tables: [], bytes: 1})),
    lanes: 2,
  },
];
const FAILED: RunEvent = {type: 'unit.failed', unit: '01-users', attempt: 1, failure: UNIT_FAILURE, retryAt: null};
const STEP_FAILED = (step: StepId): RunEvent[] => [
  {type: 'step.failed', step, failure: FAILURE},
  {type: 'run.stopped', reason: 'a step failed'},
];
const LOADED: RunEvent[] = [
  ...PLANNED,
  ...loaded('01-users'),
  ...loaded('02-events'),
  done('full-load'),
  done('build-indexes'),
];
const COMPARED: RunEvent[] = [...LOADED, done('compare-rows')];
const RESUMED: RunEvent[] = [
  ...COMPARED,
  begun('resume-replay'),
  {type: 'replay.resumed', by: 'run'},
  done('resume-replay', {boundary: P}),
];
/** Behind change capture that Longhaul has started itself. */
const CAUGHT_UP: RunEvent[] = [
  {type: 'run.started', run: 'acme', version: '1', steps: [...DMS_STEPS, 'start-cdc', 'wait-for-catch-up']},
  {type: 'cdc.started', by: 'start-cdc', evidence: {}},
  done('start-cdc'),
  done('wait-for-catch-up'),
  {type: 'run.done'},
];
const CUTTING_OVER: RunEvent[] = [
  ...RESUMED,
  ...CAUGHT_UP,
  {type: 'cutover.begun', by: 'ana', steps: cutoverIds('native')},
  begun('stop-writes'),
  {type: 'cutover.stopping', setting: {database: 'app', before: null, since: ''}},
];
const OPENING: RunEvent[] = [
  ...CUTTING_OVER,
  {type: 'cutover.writes-stopped', lsn: P, evidence: {}},
  done('stop-writes'),
  begun('hand-over'),
  {type: 'cutover.opening', by: 'ana'},
];
const DONE: RunEvent[] = [...RESUMED, {type: 'run.done'}];

const EVENTS = {
  new: [],
  'before P': BEFORE_P,
  'a step waits': [...BEFORE_P, {type: 'step.waiting', step: 'pause-replay', question: 'Pause?', actions: []}],
  'P captured': CAPTURED,
  'P proved': PROVED,
  loading: [...PLANNED, unit('01-users')],
  'a lane paused': [...PLANNED, unit('01-users'), {type: 'unit.paused', unit: '01-users', by: 'ana'}],
  'a unit failed': [...PLANNED, unit('01-users'), FAILED, ...loaded('02-events'), ...STEP_FAILED('full-load')],
  'load done': LOADED,
  'a difference open': [
    ...LOADED,
    {type: 'differences.found', step: 'build-indexes', differences: [DIFFERENCE]},
    {type: 'step.unfinished', step: 'build-indexes', failure: FAILURE, evidence: {}},
    done('compare-rows'),
  ],
  compared: COMPARED,
  'replay resumed': RESUMED,
  done: DONE,
  'change capture begun': [...DONE, {type: 'cdc.started', by: 'ana', evidence: {}}],
  'caught up': [...RESUMED, ...CAUGHT_UP],
  'cutover under way': CUTTING_OVER,
  'target being opened': OPENING,
  'handed over': [
    ...OPENING,
    {type: 'cutover.handed-over', by: 'run', evidence: {}},
    done('hand-over'),
    done('validate-constraints'),
  ],
  'cutover taken back': [
    ...CUTTING_OVER,
    {type: 'step.failed', step: 'drain', failure: FAILURE},
    {type: 'cutover.gone-back', by: 'run', reason: 'drain: the target is away'},
  ],
  'P lost by the replica': [
    ...PLANNED,
    unit('01-users'),
    {type: 'boundary.moved', failure: FAILURE},
    FAILED,
    ...STEP_FAILED('full-load'),
  ],
  'P no longer proved': [
    ...PLANNED,
    unit('01-users'),
    {type: 'boundary.disproved', failure: FAILURE, evidence: {}},
    {type: 'run.stopped', reason: 'P is no longer proved'},
  ],
  released: [
    ...PLANNED,
    unit('01-users'),
    {type: 'slots.released', by: 'ana', dropped: ['dms_slot_01']},
    FAILED,
    {type: 'run.stopped', reason: 'the slots were released'},
  ],
  aborted: [...PLANNED, unit('01-users'), FAILED, {type: 'run.aborted', by: 'ana', evidence: {}}],
} as const satisfies Record<string, readonly RunEvent[]>;

/** The states of a run that the tables are about, in the order in which a run comes to them. */
export type NamedState = keyof typeof EVENTS;

/** Their names. */
export const NAMED_STATES = Object.keys(EVENTS) as NamedState[];

/** What has happened in a run until it is in this state. */
export function eventsOf(name: NamedState): readonly RunEvent[] {
  return EVENTS[name];
}

/** A run in this state. */
export function stateNamed(name: NamedState): RunState {
  return inMemory(...EVENTS[name]).state();
}
