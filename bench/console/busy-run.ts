import type {RunEvent} from '../../src/domain/run/event.ts';
import type {LoadUnit} from '../../src/domain/run/load-unit.ts';
import {parseLsn} from '../../src/domain/pg/lsn.ts';
import type {Reading} from '../../src/domain/reading/reading.ts';
import {reduceAll} from '../../src/domain/run/reduce.ts';
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

const UNITS: readonly LoadUnit[] = Array.from({length: LANES * 2}, (_, i) => ({
  id: `${String(i).padStart(2, '0')}-table`,
  kind: 'table',
  tables: [{schema: 'public', name: `table_${i}`}],
  bytes: 400 * GB,
}));

/** A run with 20 lanes at work and 20 units in the queue, or one that is done and still. */
export function busyRun(done: boolean, atMs: number): RunState {
  const events: RunEvent[] = [
    {type: 'run.started', run: 'bench', version: '0', steps: DMS_STEPS},
    {type: 'supervisor.started', pid: 1, bootId: 'b'},
    {type: 'step.started', step: 'full-load'},
    {type: 'load.planned', boundary: parseLsn('1/0'), units: UNITS, lanes: LANES},
    ...UNITS.slice(0, LANES).map((unit, i): RunEvent => ({
      type: 'unit.started',
      unit: unit.id,
      attempt: 1,
      lane: i + 1,
      folder: '/tmp',
    })),
  ];
  if (done) {
    for (const unit of UNITS)
      events.push({type: 'unit.committed', unit: unit.id, attempt: 1, rows: 1, bytes: 1, tookMs: 1});
    events.push({type: 'step.done', step: 'full-load', evidence: {}, already: false}, {type: 'run.done'});
  }
  const at = new Date(atMs).toISOString();
  return reduceAll(events.map((event, i) => ({...event, seq: i + 1, at})));
}

/** The readings of tick number `tick`: every slot and every lane has moved since the one before. */
export function busyReadings(tick: number, atMs: number): Reading[] {
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
      units: UNITS.slice(0, LANES).map((unit, i) => ({
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
