import type {JournalEntry, RunEvent} from '../../src/domain/run/event.ts';
import type {LoadUnit} from '../../src/domain/run/load-unit.ts';
import {parseLsn} from '../../src/domain/pg/lsn.ts';
import type {Reading} from '../../src/domain/reading/reading.ts';
import type {RunState} from '../../src/domain/run/run-state.ts';
import {DMS_STEPS} from '../../test/support/dms-steps.ts';
import type {RunFacts} from '../../src/engine/wire/protocol.ts';

const GB = 1024 ** 3;
const LANES = 20;
const SLOTS = 50;

/** What the bench's supervisor tells of its configuration. */
export const FACTS: RunFacts = {
  run: 'bench',
  servers: {source: 'db1:5432/app', replica: 'db3:5432/app', target: 'rds:5432/app'},
  changeCapture: 'dms',
  rate: {configured: null, off: null},
  folder: '/tmp/bench',
  steps: DMS_STEPS.map((id) => ({id, phase: 'load', title: id.replaceAll('-', ' '), why: 'bench', confirm: 'no'})),
};

/** How large the run is: 40 units of a table each, or ten thousand tables in two thousand units. */
export interface RunSize {
  readonly units: number;
  readonly tablesEach: number;
}

/** Twice as many units as lanes. */
export const USUAL: RunSize = {units: LANES * 2, tablesEach: 1};
/** Ten thousand tables. */
export const MANY: RunSize = {units: 2000, tablesEach: 5};

function unitsOf({units, tablesEach}: RunSize): LoadUnit[] {
  return Array.from({length: units}, (_, i) => ({
    id: `${String(i).padStart(2, '0')}-table`,
    kind: 'table',
    tables: Array.from({length: tablesEach}, (__, n) => ({schema: 'public', name: `table_${i * tablesEach + n}`})),
    bytes: 400 * GB,
  }));
}

/** The journal of a run with 20 lanes at work and all other units in the queue, or of one that is done and still. */
export function busyJournal(size: RunSize, done: boolean, atMs: number): JournalEntry[] {
  const units = unitsOf(size);
  const events: RunEvent[] = [
    {type: 'run.started', run: 'bench', version: '0', steps: DMS_STEPS},
    {type: 'supervisor.started', pid: 1, bootId: 'b'},
    {type: 'step.started', step: 'full-load'},
    {type: 'load.planned', boundary: parseLsn('1/0'), units, lanes: LANES},
    ...units.slice(0, LANES).map((unit, i) => started(unit.id, i + 1)),
  ];
  if (done) {
    for (const unit of units) events.push(committed(unit.id));
    events.push({type: 'step.done', step: 'full-load', evidence: {}, already: false}, {type: 'run.done'});
  }
  const at = new Date(atMs).toISOString();
  return events.map((event, i) => ({...event, seq: i + 1, at}));
}

function started(unit: string, lane: number): RunEvent {
  return {type: 'unit.started', unit, attempt: 1, lane, folder: '/tmp'};
}

function committed(unit: string): RunEvent {
  return {type: 'unit.committed', unit, attempt: 1, rows: 1, bytes: 1, tookMs: 1};
}

/** What happens in a run of many units at every tick: the lane that began first has ended, and has the next unit. */
export function nextEvents({units}: RunState): RunEvent[] {
  const ended = units.find(({state}) => state.status === 'running');
  const next = units.find(({state}) => state.status === 'queued');
  if (ended?.state.status !== 'running') return [];
  return [committed(ended.id), ...(next === undefined ? [] : [started(next.id, ended.state.lane)])];
}

/** The readings of tick number `tick` with these units at work: every slot and every lane has moved since the one before. */
export function busyReadings(tick: number, atMs: number, {units}: Pick<RunState, 'units'>): Reading[] {
  const at = new Date(atMs).toISOString();
  const lsn = parseLsn(`2/${(tick * 4096).toString(16).toUpperCase()}`);
  return [
    {
      at,
      probe: 'slots',
      currentLsn: lsn,
      slots: Array.from({length: SLOTS}, (_, i) => ({
        name: `dms_slot_${String(i).padStart(2, '0')}`,
        kind: 'logical',
        plugin: 'pglogical_output',
        database: 'app',
        active: false,
        ours: true,
        restartLsn: lsn,
        confirmedFlushLsn: lsn,
        retainedBytes: (200 + i) * GB + tick * 7_000_000_000,
        walStatus: 'extended',
        safeWalBytes: null,
        invalidationReason: null,
      })),
    },
    {
      at,
      probe: 'lanes',
      units: units
        .filter(({state}) => state.status === 'running')
        .map((unit, i) => ({
          unit: unit.id,
          bytes: (tick * 4_000_000_000 + i * 17_000_000_000) % unit.bytes,
          bytesPerSecond: 100_000_000 + ((tick * 7919 + i * 104_729) % 50_000_000),
          rows: tick * 1_000_003 + i,
          lastLine: `COPY table_${i}, tick ${tick}`,
        })),
    },
    {
      at,
      probe: 'disk',
      server: 'source',
      disk: {totalBytes: 4000 * GB, freeBytes: (900 - (tick % 300)) * GB, from: 'command'},
    },
    {at, probe: 'wal', server: 'source', walBytes: (210 + tick) * GB, why: null},
  ];
}
