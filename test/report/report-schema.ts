import {z} from 'zod';
import {deed, fault, forecasts, raised, table} from './measured-schema.ts';

const time = z.iso.datetime().describe('ISO 8601, UTC');
const relation = z
  .strictObject({schema: z.string(), name: z.string()})
  .describe('A table as the catalog has it, unquoted');
const failure = z.strictObject({message: z.string(), remedy: z.string(), unreachable: z.boolean()});
const lsn = z.string().regex(/^[0-9A-F]+\/[0-9A-F]+$/);
const role = z.enum(['source', 'replica', 'target']);

const summary = z
  .strictObject({
    run: z.string().nullable(),
    status: z.enum(['new', 'running', 'stopped', 'done', 'aborted']),
    begunAt: time.nullable(),
    doneAt: time.nullable(),
    tookMs: z.number().nullable(),
    servers: z.array(
      z.strictObject({role, name: z.string(), version: z.string().nullable().describe('As preflight has seen it')}),
    ),
    p: z.strictObject({words: z.string(), isLost: z.boolean()}).nullable().describe('P, the point of the load'),
    load: z
      .strictObject({
        units: z.int(),
        committed: z.int(),
        failed: z.int(),
        rows: z.int(),
        bytes: z.number().describe('Bytes that went down the pipelines'),
        tookMs: z.number().describe('By the clock, lanes side by side'),
        bytesPerSecond: z.number().nullable(),
      })
      .nullable(),
    replay: z.strictObject({words: z.string(), pausedMs: z.number()}).describe('What the owner of the replica asks'),
    writeStopMs: z
      .number()
      .nullable()
      .describe('How long production could not write, in all cutovers and ways back; null until then'),
  })
  .describe("The run's figures; null is not known, or not so yet");

const stepState = z.discriminatedUnion('status', [
  z.strictObject({status: z.literal('pending')}),
  z.strictObject({status: z.literal('waiting'), since: time, question: z.string(), actions: z.array(z.string())}),
  z.strictObject({
    status: z.literal('running'),
    startedAt: time,
    progress: z.strictObject({done: z.int(), total: z.int(), what: z.string()}).nullable(),
  }),
  z.strictObject({
    status: z.literal('done'),
    startedAt: time,
    endedAt: time,
    evidence: z.record(z.string(), z.json()),
    already: z.boolean(),
  }),
  z.strictObject({
    status: z.literal('failed'),
    startedAt: time,
    endedAt: time,
    failure,
    unfinished: z.literal(true).optional().describe('The steps after it go on all the same'),
  }),
  z.strictObject({status: z.literal('skipped'), reason: z.string()}),
]);

const step = z.strictObject({
  id: z.string().describe('As longhaul steps has it: full-load'),
  state: stepState,
  evidence: z.record(z.string(), z.json()).nullable().describe('What it came to when it was last done'),
  began: time.nullable().describe('When it began first'),
  spentMs: z.number().describe('In all of its attempts, without waiting for a word'),
});

const unitState = z.discriminatedUnion('status', [
  z.strictObject({status: z.literal('queued'), attempts: z.int()}),
  z.strictObject({
    status: z.literal('running'),
    attempt: z.int(),
    tries: z.int(),
    lane: z.int(),
    folder: z.string(),
    startedAt: time,
    paused: z.strictObject({since: time, by: z.string()}).nullable(),
  }),
  z.strictObject({
    status: z.literal('committed'),
    attempt: z.int(),
    rows: z.int(),
    bytes: z.number(),
    tookMs: z.number(),
    endedAt: time,
  }),
  z.strictObject({
    status: z.literal('failed'),
    attempt: z.int(),
    tries: z.int(),
    failure: z.strictObject({
      cause: z.string(),
      message: z.string(),
      table: relation.nullable(),
      sqlstate: z.string().nullable(),
      remedy: z.string(),
      heals: z.boolean(),
    }),
    failedAt: time,
    retryAt: time.nullable(),
  }),
]);

const unit = z.strictObject({
  id: z.string(),
  kind: z.enum(['table', 'rest', 'large-objects']),
  tables: z.array(relation),
  also: z.array(relation).optional(),
  range: z.json().optional().describe("The range of its table's key"),
  bytes: z.number().describe('Heap and TOAST on the source when the plan was made'),
  state: unitState,
});

const difference = z.strictObject({
  object: z.string(),
  differs: z.string(),
  why: z.string(),
  query: z.string().nullable(),
  remedy: z.string(),
  step: z.string(),
  accepted: z.strictObject({by: z.string(), at: time}).nullable(),
});

const state = z.strictObject({
  boundary: z
    .strictObject({
      lsn,
      postmasterStart: z.string(),
      timeline: z.int().nullable().optional(),
      systemIdentifier: z.string().nullable().optional(),
      capturedAt: time,
    })
    .nullable(),
  boundaryMoved: failure.nullable(),
  boundaryDisproved: failure.nullable(),
  claimed: z.array(z.string()).describe('What the run made on the servers: slot dms_slot_01'),
  units: z.array(unit),
  alarms: z.array(
    z.strictObject({
      id: z.string(),
      severity: z.enum(['warning', 'critical']),
      subject: z.string(),
      seen: z.string(),
      remedy: z.string(),
      since: time,
    }),
  ),
  differences: z.array(difference),
  findings: z.array(
    z.strictObject({
      check: z.string(),
      severity: z.enum(['blocker', 'warning', 'note']),
      subject: z.string(),
      seen: z.string(),
      remedy: z.string(),
      step: z.string(),
    }),
  ),
  rowsCompared: z.strictObject({
    tables: z.int(),
    differing: z.array(z.string()),
    full: z.int().optional().describe('So many of them row by row'),
  }),
  schemaDrift: z
    .strictObject({
      total: z.int(),
      changes: z.array(
        z.strictObject({
          object: z.string(),
          change: z.string(),
          why: z.string(),
          statement: z.string().nullable().describe('SQL that makes the target follow'),
          table: relation.nullable(),
          fills: z.string().nullable().describe('How it wrote rows, which no change capture carries'),
        }),
      ),
      accepted: z.array(z.string()).optional(),
      filled: z.array(z.strictObject({table: relation, how: z.string(), mark: z.string()})),
    })
    .describe("What has changed in the source's schema since P, as far as the target has not followed"),
});

const stop = z
  .strictObject({
    what: z.enum(['cutover', 'back']),
    begunAt: time,
    by: z.string(),
    stoppedAt: time.nullable().describe('The first statement, or command, that refuses a write'),
    allowedAt: time.nullable().describe('When writes were allowed again, here or there'),
    stoppedMs: z.number().nullable().describe('How long nobody could write'),
    end: z.enum(['handed over', 'taken back', 'goes on']),
    reason: z.string().nullable(),
    visitors: z
      .array(
        z.strictObject({
          role: z.string(),
          address: z.string().nullable(),
          applicationName: z.string(),
          sessions: z.int(),
          lastAt: time,
        }),
      )
      .describe('Who was seen afterwards on the side that was left, whoever was seen last first; 50 at most'),
    parts: z.array(
      z.strictObject({
        name: z.string(),
        fromMs: z.number().describe('From the first refused write'),
        tookMs: z.number().nullable(),
        failed: z.boolean(),
      }),
    ),
  })
  .describe('A cutover, or a way back');

/** `longhaul report --json`, as docs/report.schema.json has it. An event is as the journal has it: its type, its number, its time and what is its own. */
export const REPORT = z
  .strictObject({
    writtenAt: time,
    afterEvent: z.int().describe('The number of the last event of the journal that is in here'),
    summary,
    whatNow: z.array(z.string()).describe('What the operator does next, the most pressing first'),
    steps: z.array(step),
    state,
    proof: z.array(z.string()).describe('Why every commit is in exactly one of load and change capture, in words'),
    tables: z.array(table).describe('What is in, the largest first'),
    forecasts,
    alarmsRaised: z.array(raised).describe('Every alarm, also those that are over'),
    faults: z.array(fault),
    whoDidWhat: z.array(deed),
    capture: z.array(z.string()).describe('Change capture, in words'),
    cutovers: z.array(stop),
    events: z.array(z.looseObject({type: z.string(), seq: z.int(), at: time})).describe('What happened, in order'),
  })
  .describe('A run of Longhaul as a document: longhaul report --json');
