import type {JournalEntry, RunEvent} from '../../src/domain/event.ts';
import type {LoadUnit} from '../../src/domain/load-unit.ts';
import {parseLsn} from '../../src/domain/lsn.ts';
import {reduceAll} from '../../src/domain/reduce.ts';
import type {RunState} from '../../src/domain/run-state.ts';
import {STEP_IDS} from '../../src/domain/step-id.ts';
import type {RunFacts} from '../../src/engine/wire/protocol.ts';

/** The moment at which the run of the tests is looked at. */
export const NOW = Date.parse('2026-11-24T04:31:40.000Z');

/** A gigabyte. */
export const GB = 1024 ** 3;
/** P of the run. */
export const P = parseLsn('35FE3/B63D4718');

/** What the supervisor tells of the configuration. */
export const FACTS: RunFacts = {
  run: 'acme-prod',
  servers: {
    source: 'db1.internal:5432/app as longhaul',
    replica: 'db1-maint.internal:5432/app as longhaul',
    target: 'acme.abc.rds.amazonaws.com:5432/app as longhaul',
  },
  cdcEngine: 'dms',
  folder: '/var/lib/longhaul/acme-prod',
  steps: STEP_IDS.map((id) => ({
    id,
    phase: [
      'create-slots',
      'create-node',
      'create-replication-sets',
      'add-tables',
      'pause-replay',
      'capture-boundary',
      'prove-boundary',
    ].includes(id)
      ? 'anchor'
      : ['strip-target', 'full-load', 'build-indexes', 'compare-rows', 'resume-replay'].includes(id)
        ? 'load'
        : 'prepare',
    title: id === 'pause-replay' ? 'pause replay on the replica' : id.replaceAll('-', ' '),
    why: `what ${id} is for`,
    confirm: ['create-slots', 'pause-replay', 'strip-target', 'resume-replay'].includes(id) ? 'typed' : 'no',
  })),
};

function table(index: number, name: string, gigabytes: number): LoadUnit {
  return {
    id: `${String(index).padStart(2, '0')}-${name}`,
    kind: 'table',
    tables: [{schema: 'public', name}],
    bytes: gigabytes * GB,
  };
}

/** The load's units: five at work or failed, the rest of the tables, a queue, and two that are in. */
export const UNITS: readonly LoadUnit[] = [
  table(1, 'events', 1114),
  table(2, 'order_items', 520),
  table(3, 'audit_log', 310),
  table(4, 'payments', 247),
  table(5, 'users', 88),
  {
    id: 'rest',
    kind: 'rest',
    tables: Array.from({length: 412}, (_, i) => ({schema: 'public', name: `t${i}`})),
    bytes: 83 * GB,
  },
  ...Array.from({length: 9}, (_, i) => table(i + 6, `invoices_2025_${String(i + 1).padStart(2, '0')}`, 40 - i)),
  table(15, 'sessions', 60),
  table(16, 'mails', 20),
];

/** Numbers events and gives them times, one minute apart, ending a minute before NOW. */
export function journal(events: readonly RunEvent[], first = 1): JournalEntry[] {
  return events.map((event, i) => ({
    ...event,
    seq: first + i,
    at: new Date(NOW - (events.length - i) * 60_000).toISOString(),
  }));
}

const ANCHORED: readonly RunEvent[] = STEP_IDS.slice(0, 13).flatMap((step): RunEvent[] => [
  {type: 'step.started', step},
  ...(step === 'preflight'
    ? [
        {
          type: 'finding.seen',
          step,
          finding: {
            check: 'source.wal-keep',
            severity: 'warning',
            subject: 'source',
            seen: 'max_slot_wal_keep_size is 500 GB: a slot that retains more is lost',
            remedy: 'ALTER SYSTEM SET max_slot_wal_keep_size = -1; SELECT pg_reload_conf()',
          },
        } satisfies RunEvent,
      ]
    : []),
  ...(step === 'create-slots'
    ? [{type: 'objects.claimed', objects: ['slot dms_slot_01', 'slot dms_slot_02']} satisfies RunEvent]
    : []),
  ...(step === 'pause-replay' ? [{type: 'replay.paused', by: 'run'} satisfies RunEvent] : []),
  ...(step === 'capture-boundary'
    ? [
        {
          type: 'boundary.captured',
          boundary: {
            lsn: P,
            postmasterStart: '2026-11-20 02:00:00.123456',
            timeline: 1,
            systemIdentifier: '7301234567890123456',
            capturedAt: '2026-11-20T02:20:00.000Z',
          },
        } satisfies RunEvent,
      ]
    : []),
  ...(step === 'prove-boundary' ? [{type: 'boundary.proved', evidence: {slots: 6}} satisfies RunEvent] : []),
  {type: 'step.done', step, evidence: step === 'create-slots' ? {slots: 6, gap: 0} : {}, already: false},
]);

/** A journal in the middle of the load: a lane is paused, one has failed, an alarm lasts. */
export const LOADING: readonly JournalEntry[] = journal([
  {type: 'run.started', run: 'acme-prod', version: '0.1.0', steps: [...STEP_IDS]},
  {type: 'supervisor.started', pid: 4242, bootId: 'b'},
  ...ANCHORED,
  {type: 'step.started', step: 'full-load'},
  {type: 'load.planned', boundary: P, units: UNITS, lanes: 6},
  {
    type: 'unit.started',
    unit: '15-sessions',
    attempt: 1,
    lane: 1,
    folder: '/var/lib/longhaul/acme-prod/lanes/15-sessions-1',
  },
  {type: 'unit.committed', unit: '15-sessions', attempt: 1, rows: 81_000_000, bytes: 60 * GB, tookMs: 900_000},
  {type: 'unit.started', unit: '16-mails', attempt: 1, lane: 2, folder: '/var/lib/longhaul/acme-prod/lanes/16-mails-1'},
  {type: 'unit.committed', unit: '16-mails', attempt: 1, rows: 9_100_000, bytes: 20 * GB, tookMs: 300_000},
  ...UNITS.slice(0, 6).map((unit, i): RunEvent => ({
    type: 'unit.started',
    unit: unit.id,
    attempt: 1,
    lane: i + 1,
    folder: `/var/lib/longhaul/acme-prod/lanes/${unit.id}-1`,
  })),
  {
    type: 'unit.failed',
    unit: '05-users',
    attempt: 1,
    failure: {
      cause: 'consumer',
      message: 'value too long for type character varying(80)',
      table: {schema: 'public', name: 'users'},
      sqlstate: '22001',
      remedy: 'compare the column types of public.users on both sides, then R',
      heals: false,
    },
    retryAt: null,
  },
  {type: 'unit.paused', unit: '03-audit_log', by: 'ana@jump1 (console)'},
  {
    type: 'alarm.raised',
    alarm: {
      id: 'slot.retained:dms_slot_01',
      severity: 'warning',
      subject: 'slot dms_slot_01',
      seen: 'holds 212 GB (warn 200 GB)',
      remedy: 'full in 19 h; let the load end, or give the source more disk',
    },
  },
]);

/** The state of that journal. */
export const LOADING_STATE: RunState = reduceAll(LOADING);
