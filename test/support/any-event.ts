import * as fc from 'fast-check';
import type {RunEvent} from '../../src/domain/run/event.ts';
import {parseLsn, type Lsn} from '../../src/domain/pg/lsn.ts';
import {STEP_IDS} from '../../src/domain/run/step-id.ts';

type EventOf<Type extends RunEvent['type']> = Extract<RunEvent, {type: Type}>;
/** For each type of event, everything that such an event may hold. */
type Bodies = {readonly [Type in RunEvent['type']]: fc.Arbitrary<Omit<EventOf<Type>, 'type'>>};

const text = fc.oneof(fc.constantFrom('a', 'b', 'slot a', '__proto__', ''), fc.string({maxLength: 8}));
const count = fc.nat(5);
const by = text;
const unit = fc.constantFrom('a', 'b', 'c');
const step = fc.constantFrom(...STEP_IDS);
const lsn: fc.Arbitrary<Lsn> = fc.nat(0xfff).map((number) => parseLsn(`0/${number.toString(16)}`));
const when = fc.nat(1_000_000).map((seconds) => new Date(seconds * 1000).toISOString());
const table = fc.record({schema: text, name: text});
const failure = fc.record({message: text, remedy: text, unreachable: fc.boolean()});
const finding = fc.record({
  check: text,
  severity: fc.constantFrom('blocker' as const, 'warning' as const, 'note' as const),
  subject: text,
  seen: text,
  remedy: text,
});
const boundary = fc.record({
  lsn,
  postmasterStart: text,
  timeline: fc.option(count),
  systemIdentifier: fc.option(text),
  capturedAt: when,
});
const difference = fc.record({object: text, differs: text, why: text, query: fc.option(text), remedy: text});
/** A step with evidence of its own. */
const stepWithEvidence = fc.oneof(
  fc.record({step, evidence: fc.constant({served: 'over'})}),
  fc.record({
    step: fc.constant('add-tables' as const),
    evidence: fc.record({afterTablesLsn: lsn, insertOnly: fc.array(text)}),
  }),
  fc.record({
    step: fc.constantFrom('full-load' as const, 'build-indexes' as const, 'resume-replay' as const),
    evidence: fc.record({boundary: lsn}),
  }),
);
const visitor = fc.record({role: text, address: fc.option(text), applicationName: text, sessions: count, lastAt: when});
const attempt = {unit, attempt: count};
const nothing = fc.constant({});

const BODIES: Bodies = {
  'run.started': fc.record({run: text, version: text, steps: fc.shuffledSubarray([...STEP_IDS])}),
  'run.done': nothing,
  'run.stopped': fc.record({reason: text, end: fc.constantFrom('reached' as const, 'failed' as const)}),
  'run.aborted': fc.record({by, evidence: nothing}),
  'supervisor.started': fc.record({pid: count, bootId: text}),
  'supervisor.stopped': fc.record({reason: text}),
  'command.received': fc.record({by, command: fc.record({type: text})}),
  'step.started': fc.record({step}),
  'step.waiting': fc.record({step, question: text, actions: fc.array(text)}),
  'step.confirmed': fc.record({step, by}),
  'step.done': fc.tuple(stepWithEvidence, fc.boolean()).map(([of, already]) => ({...of, already})),
  'step.failed': fc.record({step, failure}),
  'step.unfinished': fc.tuple(stepWithEvidence, failure).map(([of, why]) => ({...of, failure: why})),
  'differences.found': fc.record({step, differences: fc.array(difference, {maxLength: 3})}),
  'differences.accepted': fc.record({by, objects: fc.array(text, {maxLength: 3})}),
  'step.skipped': fc.record({step, reason: text}),
  'step.progressed': fc.record({step, done: count, total: count, what: text}),
  'finding.seen': fc.record({step, finding}),
  'objects.claimed': fc.record({objects: fc.array(text, {maxLength: 3})}),
  'slots.released': fc.record({by, dropped: fc.array(text, {maxLength: 3})}),
  'replay.paused': fc.record({by}),
  'replay.resumed': fc.record({by}),
  'boundary.captured': fc.record({boundary}),
  'boundary.proved': fc.record(
    {evidence: nothing, slots: fc.array(text, {maxLength: 3})},
    {requiredKeys: ['evidence']},
  ),
  'boundary.disproved': fc.record({failure, evidence: nothing}),
  'boundary.moved': fc.record({failure}),
  'cdc.started': fc.record({by, evidence: nothing}),
  'cdc.paused': fc.record({slot: text, by}),
  'cdc.resumed': fc.record({slot: text, by}),
  'cdc.skipping': fc.record({
    slot: text,
    by,
    xid: text,
    commitLsn: lsn,
    endLsn: lsn,
    tables: fc.array(table, {maxLength: 2}),
    changes: fc.array(text, {maxLength: 2}),
  }),
  'tables.uncaptured': fc.record({tables: fc.array(table, {maxLength: 2})}),
  'tables.gone': fc.record({tables: fc.array(table, {maxLength: 2})}),
  'table.adopting': fc.record({table, slot: text, by}),
  'table.not-adopted': fc.record({table, failure}),
  'table.adopted': fc.record({table, slot: text, rows: count}),
  'comparison.owed': fc.record({tables: fc.array(table, {maxLength: 2}), why: text}),
  'comparison.made': fc.record({tables: fc.array(table, {maxLength: 2})}),
  'source.lost': fc.record({from: fc.option(lsn), failure, evidence: nothing}),
  'objects.returned': fc.record({objects: fc.array(text, {maxLength: 3})}),
  'cutover.begun': fc.record({by, steps: fc.shuffledSubarray([...STEP_IDS])}),
  'cutover.stopping': fc.record(
    {
      setting: fc.option(fc.record({database: text, before: fc.option(text), since: when})),
      jobs: fc.array(fc.record({source: fc.nat(), target: fc.option(fc.nat())}), {maxLength: 2}),
    },
    {requiredKeys: ['setting']},
  ),
  'cutover.command': fc.record({
    command: text,
    moment: fc.constantFrom('started' as const, 'done' as const, 'undone' as const),
    output: text,
  }),
  'cutover.triggers-firing': fc.record({
    triggers: fc.array(fc.record({schema: text, table: text, name: text}), {maxLength: 2}),
  }),
  'cutover.writes-stopped': fc.record({lsn, evidence: nothing}),
  'cutover.opening': fc.record({by}),
  'cutover.handed-over': fc.record({by, evidence: nothing}),
  'cutover.comparison-over': fc.record({
    by,
    why: fc.option(text),
    left: fc.array(text, {maxLength: 3}),
  }),
  'cutover.visited': fc.record({visitors: fc.array(visitor)}),
  'cutover.gone-back': fc.record({by, reason: text}),
  'back.begun': fc.record({by, steps: fc.shuffledSubarray([...STEP_IDS])}),
  'back.stopping': fc.record({
    setting: fc.option(fc.record({database: text, before: fc.option(text), since: when})),
  }),
  'back.command': fc.record({
    command: text,
    moment: fc.constantFrom('started' as const, 'done' as const, 'undone' as const),
    output: text,
  }),
  'back.writes-stopped': fc.record({lsn, evidence: nothing}),
  'back.opening': fc.record({by}),
  'back.handed-over': fc.record({by, evidence: nothing}),
  'back.visited': fc.record({visitors: fc.array(visitor)}),
  'back.gone-back': fc.record({by, reason: text}),
  'load.planned': fc.record({
    boundary: lsn,
    lanes: count,
    units: fc.uniqueArray(
      fc.record({id: unit, kind: fc.constant('table' as const), tables: fc.array(table, {maxLength: 2}), bytes: count}),
      {selector: ({id}) => id},
    ),
  }),
  'load.resized': fc.record({by, lanes: count, instead: count}),
  'load.throttled': fc.record({by, bytesPerSecond: fc.option(count), instead: fc.option(count)}),
  'load.held': fc.record({by}),
  'load.released': fc.record({by}),
  'unit.started': fc.record({...attempt, lane: count, folder: text}),
  'unit.committed': fc.record({...attempt, rows: count, bytes: count, tookMs: count}),
  'unit.failed': fc.record({
    ...attempt,
    retryAt: fc.option(when),
    failure: fc.record({
      cause: fc.constantFrom('producer' as const, 'fence' as const, 'cancelled' as const),
      message: text,
      table: fc.option(table),
      sqlstate: fc.option(text),
      remedy: text,
      heals: fc.boolean(),
    }),
  }),
  'unit.paused': fc.record({unit, by}),
  'unit.resumed': fc.record({unit, by}),
  'unit.cancelled': fc.record({unit, by}),
  'unit.retried': fc.record({unit, by}),
  'table.compared': fc.record({
    table,
    replicaRows: count,
    targetRows: count,
    monthsThatDiffer: fc.array(text, {maxLength: 2}),
    months: count,
  }),
  'schema.drifted': fc.record({
    total: count,
    changes: fc.array(
      fc.record({
        object: text,
        change: text,
        why: text,
        statement: fc.option(text),
        table: fc.option(table),
        fills: fc.option(text),
      }),
      {maxLength: 2},
    ),
    filled: fc.array(fc.record({table, how: text, mark: text}), {maxLength: 2}),
  }),
  'again.begun': fc.record(
    {
      by,
      how: fc.constantFrom('fence' as const, 'converging' as const),
      tables: count,
      leftOut: fc.array(table, {maxLength: 2}),
    },
    {requiredKeys: ['by', 'how', 'tables']},
  ),
  'again.compared': fc.record({
    table,
    how: fc.constantFrom('fence' as const, 'converging' as const),
    replicaRows: count,
    targetRows: count,
    undecided: count,
  }),
  'again.ended': fc.record({by, failure: fc.option(failure)}),
  'fence.raised': fc.record({slots: fc.array(text, {maxLength: 2})}),
  'fence.lowered': fc.record({by}),
  'alarm.raised': fc.record({
    alarm: fc.record({
      id: text,
      severity: fc.constantFrom('warning' as const, 'critical' as const),
      subject: text,
      seen: text,
      remedy: text,
    }),
  }),
  'alarm.cleared': fc.record({id: text}),
};

/** Any event that a journal may hold, also one that no run would write at that moment. */
export const anyEvent: fc.Arbitrary<RunEvent> = fc.oneof(
  ...Object.entries(BODIES).map(([type, body]) =>
    // A body is made for its own type.
    (body as fc.Arbitrary<object>).map((rest) => ({type, ...rest}) as RunEvent),
  ),
);
