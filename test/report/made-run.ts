import type {Reading} from '../../src/domain/reading/reading.ts';
import type {JournalEntry, RunEvent} from '../../src/domain/run/event.ts';
import type {LoadUnit} from '../../src/domain/run/load-unit.ts';
import {seededRandom} from '../faults/random.ts';
import {DMS_STEPS} from '../support/dms-steps.ts';
import {GB, HOUR, isoAt, loadOf, lsnAt, readingsOf, SLOTS} from './made-readings.ts';

/** A run that never was. */
export interface MadeRun {
  readonly journal: readonly JournalEntry[];
  readonly readings: readonly Reading[];
  /** ISO 8601. */
  readonly endedAt: string;
}

/** How a made run is. */
export interface Made {
  readonly hours: number;
  /** A unit each; what follows is as in longhaul.yaml. */
  readonly tables: number;
  readonly lanes: number;
  readonly nameOf?: (table: number) => string;
  /** This share of the units fails first. */
  readonly failing?: number;
}

/** A run from its beginning to the end of the comparison: the load takes three quarters of its time, lanes side by side. */
export function makeRun(made: Made): MadeRun {
  const units = unitsOf(made);
  const timed: [number, RunEvent][] = [...before(), ...load(made, units), ...after(made, units), ...around(made)];
  const journal = timed
    .toSorted(([a], [b]) => a - b)
    .map(([ms, event], index) => ({...event, seq: index + 1, at: isoAt(ms)}));
  return {journal, readings: readingsOf(made.hours), endedAt: isoAt(made.hours * HOUR)};
}

const P = lsnAt(0);

function unitsOf({tables, nameOf = (n) => `table_${n}`}: Made): LoadUnit[] {
  return Array.from({length: tables}, (_, n): LoadUnit => {
    const bytes = Math.round((1200 * GB) / (n + 1) ** 1.1) + 1_000_000;
    return {
      id: `${String(n + 1).padStart(2, '0')}-t`,
      kind: 'table',
      tables: [{schema: 'public', name: nameOf(n)}],
      bytes,
    };
  });
}

function before(): [number, RunEvent][] {
  const anchored = DMS_STEPS.slice(0, DMS_STEPS.indexOf('full-load'));
  return [
    [0, {type: 'run.started', run: 'acme-prod', version: '0.1.0', steps: DMS_STEPS}],
    [0, {type: 'supervisor.started', pid: 4242, bootId: 'b'}],
    ...anchored.flatMap((step, at): [number, RunEvent][] => [
      [100 + at * 500, {type: 'step.started', step}],
      ...(step === 'capture-boundary'
        ? [
            [
              150 + at * 500,
              {
                type: 'boundary.captured',
                boundary: {
                  lsn: P,
                  postmasterStart: '2026-11-20 02:00:00',
                  timeline: 1,
                  systemIdentifier: '7',
                  capturedAt: isoAt(0),
                },
              },
            ] satisfies [number, RunEvent],
          ]
        : []),
      [400 + at * 500, {type: 'step.done', step, evidence: step === 'prove-boundary' ? PROOF : {}, already: false}],
      ...(step === 'prove-boundary'
        ? [[401 + at * 500, {type: 'boundary.proved', evidence: {}, slots: SLOTS}] satisfies [number, RunEvent]]
        : []),
    ]),
  ];
}

const PROOF = {
  boundary: {lsn: P, postmasterStart: '2026-11-20 02:00:00', timeline: 1, systemIdentifier: '7', capturedAt: isoAt(0)},
  slots: SLOTS.map((name) => ({
    name,
    createdAt: lsnAt(-9000),
    restartLsn: lsnAt(-9100),
    confirmedFlushLsn: lsnAt(-9000),
    walStatus: 'reserved',
  })),
  afterTablesLsn: lsnAt(-800),
  conditions: SLOTS.map((name) => `slot ${name}: P >= confirmed_flush_lsn`),
};

function load(made: Made, units: readonly LoadUnit[]): [number, RunEvent][] {
  const random = seededRandom(7);
  const [fromMs, toMs] = loadOf(made.hours);
  const all = units.reduce((sum, {bytes}) => sum + bytes, 0);
  const msPerByte = ((toMs - fromMs) * made.lanes * 0.9) / all;
  const free = Array.from({length: made.lanes}, () => fromMs);
  const events: [number, RunEvent][] = [
    [fromMs - 2, {type: 'step.started', step: 'full-load'}],
    [fromMs - 1, {type: 'load.planned', boundary: P, units, lanes: made.lanes}],
  ];
  let endMs = fromMs;
  for (const unit of units) {
    const lane = free.indexOf(Math.min(...free));
    const tookMs = Math.min(unit.bytes * msPerByte, (toMs - fromMs) * 0.6) * (0.8 + 0.4 * random());
    const begin = free[lane] ?? fromMs;
    const fails = random() < (made.failing ?? 0);
    const lost = fails ? tookMs / 3 : 0;
    const start = (attempt: number, ms: number): [number, RunEvent] => [
      ms,
      {type: 'unit.started', unit: unit.id, attempt, lane: lane + 1, folder: 'f'},
    ];
    events.push(start(1, begin));
    if (fails) events.push([begin + lost, failedUnit(unit.id, isoAt(begin + lost + 1))], start(2, begin + lost + 1));
    const ended = begin + lost + tookMs;
    const rows = Math.round(unit.bytes / 150);
    events.push([
      ended,
      {type: 'unit.committed', unit: unit.id, attempt: fails ? 2 : 1, rows, bytes: unit.bytes, tookMs},
    ]);
    free[lane] = ended;
    endMs = Math.max(endMs, ended);
  }
  return [...events, [endMs + 1, {type: 'step.done', step: 'full-load', evidence: {}, already: false}]];
}

const failedUnit = (unit: string, retryAt: string): RunEvent => ({
  type: 'unit.failed',
  unit,
  attempt: 1,
  retryAt,
  failure: {
    cause: 'producer',
    message: 'SSL connection has been closed unexpectedly',
    table: null,
    sqlstate: null,
    remedy: 'none',
    heals: true,
  },
});

function after({hours}: Made, units: readonly LoadUnit[]): [number, RunEvent][] {
  const fromMs = hours * HOUR * 0.9;
  const eachMs = (hours * HOUR * 0.05) / units.length;
  return [
    [hours * HOUR * 0.89, {type: 'step.started', step: 'build-indexes'}],
    [fromMs - 2, {type: 'step.done', step: 'build-indexes', evidence: {}, already: false}],
    [fromMs - 1, {type: 'step.started', step: 'compare-rows'}],
    ...units.map(({tables: [table = {schema: 's', name: 't'}]}, n): [number, RunEvent] => [
      fromMs + n * eachMs,
      {type: 'table.compared', table, replicaRows: 7, targetRows: 7, months: 0, monthsThatDiffer: [], how: 'rows'},
    ]),
    [fromMs + hours * HOUR * 0.06, {type: 'step.done', step: 'compare-rows', evidence: {}, already: false}],
    [hours * HOUR - 1, {type: 'run.done'}],
  ];
}

/** What people did, what was wrong and what was told meanwhile. */
function around({hours, failing = 0}: Made): [number, RunEvent][] {
  const at = (share: number): number => hours * HOUR * share;
  const alarm = {
    id: 'slot.retained:dms_slot_01',
    severity: 'warning',
    subject: 'slot dms_slot_01',
    seen: 'holds 212 GB (warn 200 GB)',
    remedy: 'let the load end',
  } as const;
  const told: [number, RunEvent][] = [
    [at(0.3), {type: 'alarm.raised', alarm}],
    [at(0.31), {type: 'command.received', by: 'ana@jump1 (console)', command: {type: 'set-lanes', lanes: 6}}],
    [at(0.31) + 1, {type: 'load.resized', lanes: 6, instead: 8, by: 'ana@jump1 (console)'}],
    [at(0.5), {type: 'alarm.cleared', id: alarm.id}],
  ];
  if (failing === 0) return told;
  const failure = {
    message: 'could not connect to the target: Connection refused',
    remedy: 'start it',
    unreachable: true,
  };
  return [
    ...told,
    [at(0.4), {type: 'supervisor.started', pid: 4343, bootId: 'b'}],
    [at(0.895), {type: 'step.failed', step: 'build-indexes', failure}],
    [at(0.896), {type: 'step.started', step: 'build-indexes'}],
  ];
}
