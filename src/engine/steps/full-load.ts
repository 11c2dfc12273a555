import {fenceBroken, type Boundary} from '../../domain/boundary.ts';
import type {Finding} from '../../domain/finding.ts';
import type {JsonObject} from '../../domain/json.ts';
import {LonghaulError} from '../../domain/longhaul-error.ts';
import {formatRelation, quoteRelation, type RelationName} from '../../domain/relation.ts';
import {createLedger} from '../../pg/ledger.ts';
import {readReplicaPosition} from '../../pg/replica.ts';
import {renderStatement} from '../../pg/statement.ts';
import {countLargeObjects, readMissingTables, readTablesWithRows} from '../../pg/target-tables.ts';
import {lookIntoLedger, rowOf, tablesInTwice} from '../load/ledger-look.ts';
import {runLoad} from '../load/load.ts';
import {planDryLane} from '../load/start-unit.ts';
import {checkAfterLoad} from '../load-is-over.ts';
import {readPlan} from '../plan/plan-file.ts';
import type {PlannedAction, Step, StepContext} from '../step.ts';

/** Loads every unit from the paused replica into the target. */
export const fullLoad: Step = {
  id: 'full-load',
  phase: 'load',
  title: 'load the tables in parallel lanes',
  why: 'this is the copy at P; the largest tables have lanes of their own, so that the last hour is not one table',
  source: 'runbook, step 9; facts/loading.md',
  confirm: 'no',

  async check(ctx) {
    const over = checkAfterLoad(ctx.state());
    if (over !== null) return over;
    const boundary = boundaryOf(ctx);
    if (boundary === null) return {done: null, findings: [noBoundary]};
    const {units} = await readPlan(ctx.folder);
    const ledger = await lookIntoLedger(await ctx.session('target'), ctx.config.run);
    const open = units.filter((unit) => rowOf(ledger, unit.id, boundary.lsn) === null);
    if (open.length === 0 && ctx.state().loadBoundary === boundary.lsn) {
      return {done: evidence(ctx, boundary), findings: []};
    }
    const twice = tablesInTwice(ledger, units, boundary.lsn);
    const ours = new Set(ledger.flatMap((row) => row.tables));
    const unknown = open.flatMap((unit) => unit.tables).filter((table) => !ours.has(quoteRelation(table)));
    const ownObjects = ledger.some((row) =>
      units.some((unit) => unit.id === row.unit && unit.kind === 'large-objects'),
    );
    return {
      done: null,
      findings: [
        ...(await judgeFence(ctx, boundary)),
        ...twice.map((table) => inTwice(table)),
        ...(await judgeTarget(ctx, unknown)),
        ...(open.some((unit) => unit.kind === 'large-objects') && !ownObjects ? await judgeObjects(ctx) : []),
      ],
    };
  },

  async statements(ctx) {
    const ledger = createLedger().map((statement): PlannedAction => ({
      on: 'target',
      action: renderStatement(statement).replaceAll(/\s+/g, ' ').trim(),
    }));
    const {units} = await readPlan(ctx.folder);
    const lanes = await Promise.all(units.map((unit) => planDryLane(ctx, unit, units)));
    return [...ledger, ...lanes.flat()];
  },

  async run(ctx) {
    const boundary = boundaryOf(ctx);
    if (boundary === null)
      throw new LonghaulError({code: 'failed', message: noBoundary.seen, remedy: noBoundary.remedy});
    await runLoad(ctx, boundary);
    return evidence(ctx, boundary);
  },
};

/** P, as far as it is proved. */
function boundaryOf(ctx: StepContext): Boundary | null {
  const {boundary, boundaryProved} = ctx.state();
  return boundaryProved ? boundary : null;
}

const noBoundary: Finding = {
  check: 'full-load.no-boundary',
  severity: 'blocker',
  subject: 'replica',
  seen: 'there is no proved P: what would be loaded could not be handed to change capture',
  remedy: 'longhaul run --from pause-replay',
};

async function judgeFence(ctx: StepContext, boundary: Boundary): Promise<Finding[]> {
  const replica = await ctx.session('replica');
  const broken = fenceBroken(boundary, await replica.one(readReplicaPosition(replica.version)));
  if (broken === null) return [];
  return [
    {
      check: 'full-load.boundary-moved',
      severity: 'blocker',
      subject: 'replica',
      seen: `P ${boundary.lsn} is lost: ${broken}`,
      remedy: noBoundary.remedy,
    },
  ];
}

function inTwice(table: RelationName): Finding {
  return {
    check: 'full-load.moved-between-units',
    severity: 'blocker',
    subject: `table ${formatRelation(table)}`,
    seen: 'it is in already, loaded by a unit of an earlier plan; its new unit would load it again',
    remedy: 'put the table back into its old unit in plan.yaml, or take a new P: longhaul run --from pause-replay',
  };
}

const AT_ONCE = 200;

/** Rows that the ledger does not know are somebody's; a table that is missing would fail its unit after hours. */
async function judgeTarget(ctx: StepContext, tables: readonly RelationName[]): Promise<Finding[]> {
  const target = await ctx.session('target');
  const limits = {timeoutMs: ctx.config.timeouts.scanMs};
  const missing = new Set((await target.run(readMissingTables(tables))).map(({name}) => name));
  const there = tables.filter((table) => !missing.has(quoteRelation(table)));
  const full = new Set<string>();
  for (let from = 0; from < there.length; from += AT_ONCE) {
    for (const {name} of await target.run(readTablesWithRows(there.slice(from, from + AT_ONCE)), limits))
      full.add(name);
  }
  return tables.flatMap((table) => {
    const name = quoteRelation(table);
    const common = {severity: 'blocker', subject: `table ${formatRelation(table)}`} as const;
    if (missing.has(name))
      return [
        {
          ...common,
          check: 'full-load.missing-table',
          seen: 'the target has no such table',
          remedy: 'longhaul run --from copy-schema, or create it there as it is on the source',
        },
      ];
    if (full.has(name))
      return [
        {
          ...common,
          check: 'full-load.foreign-rows',
          seen: 'the target table holds rows that this run did not load',
          remedy: `when they are not wanted: TRUNCATE ONLY ${formatRelation(table)} on the target; then run again`,
        },
      ];
    return [];
  });
}

async function judgeObjects(ctx: StepContext): Promise<Finding[]> {
  const target = await ctx.session('target');
  const {objects} = await target.one(countLargeObjects());
  if (objects === 0) return [];
  return [
    {
      check: 'full-load.foreign-objects',
      severity: 'blocker',
      subject: 'large objects',
      seen: `the target holds ${objects} large objects that this run did not load; theirs keep their numbers`,
      remedy:
        'when they are not wanted: SELECT lo_unlink(oid) FROM pg_largeobject_metadata on the target; then run again',
    },
  ];
}

function evidence(ctx: StepContext, boundary: Boundary): JsonObject {
  const units = ctx.state().units.map((unit) =>
    unit.state.status === 'committed'
      ? {
          unit: unit.id,
          attempt: unit.state.attempt,
          rows: unit.state.rows,
          bytes: unit.state.bytes,
          tookMs: unit.state.tookMs,
        }
      : {unit: unit.id},
  );
  return {boundary: boundary.lsn, units};
}
