import {describeBoundary, isBoundaryLost} from '../domain/pg/hand-over.ts';
import {SERVER_ROLES, type ServerRole} from '../domain/pg/server-role.ts';
import type {JsonObject} from '../domain/base/json.ts';
import {withSeenNow} from '../domain/reading/alarm.ts';
import type {Reading} from '../domain/reading/reading.ts';
import type {JournalEntry} from '../domain/run/event.ts';
import {differsIn} from '../domain/run/row-difference.ts';
import {reduceAll} from '../domain/run/reduce.ts';
import type {RunState, StepState} from '../domain/run/run-state.ts';
import {proofLines} from './proof-lines.ts';
import {stepTimes, type StepTime} from './step-times.ts';
import {alarmsRaised, type RaisedAlarm} from './happened/alarms-raised.ts';
import {faultsOf, type Fault} from './happened/faults.ts';
import {whoDidWhat, type Deed} from './happened/who-did-what.ts';
import {diskSeries, judgeDisks, type DiskForecast} from './measured/disk-forecast.ts';
import {endForecasts, judgeLoads, type LoadForecast} from './measured/load-forecast.ts';
import {loadedTables, type LoadedTable} from './measured/loaded-tables.ts';
import {captureLines} from './cutover/capture-lines.ts';
import {stoppedInAll, writeStopsOf, type WriteStop} from './cutover/write-stops.ts';
import {whatNow} from '../domain/rules/what-now.ts';

/** What a report is made of beside the journal. */
export interface ReportFacts {
  /** When it is written, ISO 8601. */
  readonly at: string;
  /** `db1.internal:5432/app as longhaul`. */
  readonly servers: Readonly<Record<ServerRole, string>>;
  /** What was read while it went on, oldest first; none where the file is gone. */
  readonly readings: readonly Reading[];
}

/** A run as a document: what Markdown shows and JSON holds. */
export interface Report {
  readonly writtenAt: string;
  readonly afterEvent: number;
  readonly summary: Summary;
  /** What the operator does next, the most pressing first. */
  readonly whatNow: readonly string[];
  readonly steps: readonly (StepTime & {
    readonly id: string;
    readonly state: StepState;
    readonly evidence: JsonObject | null;
  })[];
  readonly state: Pick<
    RunState,
    | 'boundary'
    | 'boundaryMoved'
    | 'boundaryDisproved'
    | 'claimed'
    | 'units'
    | 'alarms'
    | 'differences'
    | 'findings'
    | 'rowsCompared'
    | 'schemaDrift'
  >;
  /** Why every commit is in exactly one of load and change capture; for people, in words. */
  readonly proof: readonly string[];
  /** What is in, table by table, the largest first. */
  readonly tables: readonly LoadedTable[];
  /** What was forecast beside what came, as far as readings were kept. */
  readonly forecasts: {readonly load: readonly LoadForecast[]; readonly disks: readonly DiskForecast[]};
  /** Every alarm, also those that are over. */
  readonly alarmsRaised: readonly RaisedAlarm[];
  readonly faults: readonly Fault[];
  readonly whoDidWhat: readonly Deed[];
  /** Change capture; for people, in words. */
  readonly capture: readonly string[];
  /** Every cutover and way back, in order. */
  readonly cutovers: readonly WriteStop[];
  /** What happened, in order; without what is told elsewhere. */
  readonly events: readonly JournalEntry[];
}

/** The run's figures. Times are ISO 8601; null is not known, or not so yet. */
export interface Summary {
  readonly run: string | null;
  readonly status: RunState['status'];
  readonly begunAt: string | null;
  readonly doneAt: string | null;
  readonly tookMs: number | null;
  readonly servers: readonly {readonly role: ServerRole; readonly name: string; readonly version: string | null}[];
  readonly p: {readonly words: string; readonly isLost: boolean} | null;
  readonly load: LoadFigures | null;
  readonly replay: {readonly words: string; readonly pausedMs: number};
  /** How long production could not write, in all cutovers and ways back; null where no write was ever refused. */
  readonly writeStopMs: number | null;
}

/** The load in figures; bytes are those that went down the pipelines, and the time is the clock's, lanes side by side. */
export interface LoadFigures {
  readonly units: number;
  readonly committed: number;
  readonly failed: number;
  readonly rows: number;
  readonly bytes: number;
  readonly tookMs: number;
  readonly bytesPerSecond: number | null;
}

/** The report of a journal. Pure; nothing secret is in a journal. */
export function reportOf(journal: readonly JournalEntry[], facts: ReportFacts): Report {
  const state = reduceAll(journal);
  const times = stepTimes(journal);
  const cutovers = writeStopsOf(journal, Date.parse(facts.at));
  return {
    writtenAt: facts.at,
    afterEvent: state.seq,
    summary: {...summaryOf(state, journal, facts), writeStopMs: stoppedInAll(cutovers)},
    whatNow: whatNow({...state, alarms: withSeenNow(state.alarms, newestAlarms(facts.readings))}),
    steps: state.steps.map(({id, state: step}) => ({
      id,
      state: step,
      evidence: state.evidence[id] ?? null,
      ...(times.get(id) ?? {began: null, spentMs: 0}),
    })),
    state: shownOf(state),
    proof: proofLines(state),
    tables: loadedTables(state.units),
    forecasts: {
      load: judgeLoads(endForecasts(facts.readings, journal)),
      disks: judgeDisks(diskSeries(facts.readings)),
    },
    alarmsRaised: alarmsRaised(journal),
    faults: faultsOf(journal),
    whoDidWhat: whoDidWhat(journal),
    capture: captureLines(state),
    cutovers,
    events: journal.filter(isTold),
  };
}

/** What is true by now of each alarm, and what to do, as console and status say it. */
function newestAlarms(readings: ReportFacts['readings']): Reading | undefined {
  return readings.findLast(({probe}) => probe === 'alarms');
}

function shownOf({boundary, boundaryMoved, boundaryDisproved, claimed, units, ...rest}: RunState): Report['state'] {
  const {alarms, differences, findings, rowsCompared, schemaDrift} = rest;
  return {
    boundary,
    boundaryMoved,
    boundaryDisproved,
    claimed,
    units,
    alarms,
    differences,
    findings,
    rowsCompared,
    schemaDrift,
  };
}

function summaryOf(
  state: RunState,
  journal: readonly JournalEntry[],
  facts: ReportFacts,
): Omit<Summary, 'writeStopMs'> {
  const doneAt = state.status === 'done' ? (journal.findLast(({type}) => type === 'run.done')?.at ?? null) : null;
  return {
    run: state.run,
    status: state.status,
    begunAt: state.startedAt,
    doneAt,
    tookMs: state.startedAt === null ? null : Date.parse(doneAt ?? facts.at) - Date.parse(state.startedAt),
    servers: SERVER_ROLES.map((role) => ({
      role,
      name: facts.servers[role],
      version: state.findings.find(({check}) => check === `${role}.server`)?.seen ?? null,
    })),
    p: state.boundary === null ? null : {words: describeBoundary(state), isLost: isBoundaryLost(state)},
    load: loadFigures(state, journal, facts.at),
    replay: replayFigures(journal, state.replayPaused, facts.at),
  };
}

function loadFigures({units}: RunState, journal: readonly JournalEntry[], at: string): LoadFigures | null {
  if (units.length === 0) return null;
  const committed = units.flatMap(({state}) => (state.status === 'committed' ? [state] : []));
  const planned = journal.findLastIndex(({type}) => type === 'load.planned');
  const began = journal.slice(planned).find(({type}) => type === 'unit.started')?.at ?? at;
  const last =
    committed
      .map(({endedAt}) => endedAt)
      .toSorted()
      .at(-1) ?? at;
  const ended = committed.length === units.length ? last : at;
  const tookMs = Math.max(0, Date.parse(ended) - Date.parse(began));
  const bytes = committed.reduce((sum, one) => sum + one.bytes, 0);
  return {
    units: units.length,
    committed: committed.length,
    failed: units.filter(({state}) => state.status === 'failed').length,
    rows: committed.reduce((sum, one) => sum + one.rows, 0),
    bytes,
    tookMs,
    bytesPerSecond: tookMs === 0 ? null : bytes / (tookMs / 1000),
  };
}

/** When this run paused and resumed replay, the last time that it did: what the replica's owner asks. */
function replayFigures(journal: readonly JournalEntry[], isPaused: boolean, at: string): Summary['replay'] {
  const last = (type: JournalEntry['type']): string | undefined => journal.findLast((entry) => entry.type === type)?.at;
  const paused = last('replay.paused');
  const resumed = last('replay.resumed');
  if (paused === undefined)
    return {words: isPaused ? 'paused, by somebody else' : 'never paused by this run', pausedMs: 0};
  const goesOn = resumed === undefined || resumed < paused;
  return {
    words: goesOn ? `paused since ${paused}` : `paused at ${paused}, resumed at ${resumed}`,
    pausedMs: Date.parse(goesOn ? at : resumed) - Date.parse(paused),
  };
}

/** Told elsewhere in the report, or of no use once it is over. */
const UNTOLD: ReadonlySet<JournalEntry['type']> = new Set(['step.progressed', 'finding.seen', 'unit.started']);

function isTold(entry: JournalEntry): boolean {
  return !UNTOLD.has(entry.type) && !(entry.type === 'table.compared' && !differsIn(entry));
}
