import {fenceBroken, LEAVE_BOUNDARY, newBoundary, type Boundary} from '../../../domain/pg/boundary.ts';
import type {Finding} from '../../../domain/run/finding.ts';
import type {Evidence} from '../../../domain/run/evidence/step-evidence.ts';
import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {tablesOf, type LoadUnit} from '../../../domain/run/load-unit.ts';
import {formatRelation, type RelationName} from '../../../domain/pg/relation.ts';
import {allCommitted} from '../../../domain/run/run-state.ts';
import type {LedgerRow} from '../../../pg/load/ledger.ts';
import {readReplicaPosition} from '../../../pg/replication/replica.ts';
import {terminateBackends} from '../../../pg/load/backends.ts';
import {countLargeObjects} from '../../../pg/load/large-objects.ts';
import {readUnitsIn, rowOf, tablesInTwice} from '../../load/read-ledger.ts';
import {lanesAt} from '../../load/running-units.ts';
import {runLoad} from '../../load/load.ts';
import {objectsLeftOut, readObjectsSeen} from '../../load/object-rights.ts';
import {showLanes} from '../../load/lane/start-unit.ts';
import {columnsDiffer, tablesAltered} from '../../load/judge-columns.ts';
import {judgeOwner, planTakeTarget} from '../../load/take-target.ts';
import {asOnSource} from '../../schema/copy/as-on-source.ts';
import {foreignObjects, foreignRows, readTargetContent} from '../../load/target-content.ts';
import {listed} from '../../preflight/found.ts';
import {readNotStripped} from './strip-target.ts';
import {showBuilds} from '../../schema/beside/show-builds.ts';
import {checkAfterLoad} from '../../run/needs.ts';
import {judgeCuts} from '../../plan/judge-cuts.ts';
import {readPlan} from '../../plan/plan-file.ts';
import type {Action} from '../../action.ts';
import {remark, showStatement} from '../../make-action.ts';
import type {Step, StepContext} from '../../step.ts';

/** Loads every unit from the paused replica into the target, and builds the indexes of each table as soon as it is in. */
export const fullLoad: Step<'full-load'> = {
  id: 'full-load',
  phase: 'load',
  title: 'load the tables in parallel lanes',
  why: 'this is the copy at P; the largest tables have their own lanes, so that the last hour is not one table; the indexes of a table are built beside the others that load',
  source: 'runbook, step 9; facts/loading.md',
  confirm: 'no',

  async check(ctx) {
    const over = await checkAfterLoad(ctx);
    if (over !== null) return over;
    const boundary = boundaryOf(ctx);
    if (boundary === null) return {done: null, findings: [noBoundary]};
    const owned = await judgeOwner(ctx);
    if (owned.length > 0) return {done: null, findings: owned};
    const {units} = await readPlan(ctx);
    const ledger = await readUnitsIn(await ctx.session('target'), ctx.config.run);
    const open = units.filter((unit) => rowOf(ledger, unit.id, boundary.lsn) === null);
    // The ledger may have what the journal has not: a lane ended while no supervisor lived. The load then runs, and takes it over.
    if (open.length === 0 && allCommitted(ctx.state())) {
      return {done: evidence(ctx, boundary), findings: []};
    }
    // A lane may have its table for itself, and was judged before it began.
    const judged = withoutRunning(ctx, open);
    const twice = tablesInTwice(ledger, units, boundary.lsn);
    return {
      done: null,
      findings: [
        ...(await judgeFence(ctx, boundary)),
        ...twice.map((table) => inTwice(table)),
        ...(await judgeCuts(await ctx.session('replica'), open)),
        ...(await judgeStripped(ctx, boundary)),
        ...(await judgeTarget(ctx, judged)),
        ...(await judgeObjects(ctx, judged, ledger)),
      ],
    };
  },

  plan: async (ctx) => planLoad(ctx, await readHeld(ctx)),

  async run(ctx) {
    const boundary = boundaryOf(ctx);
    if (boundary === null)
      throw new LonghaulError({code: 'failed', message: noBoundary.seen, remedy: noBoundary.remedy});
    // The whole of the plan is one piece of work (planLoad). Its texts are for people: of ten thousand tables they take seconds to make, and
    // memory for as long as the load lasts.
    await runLoad(ctx, boundary);
    return evidence(ctx, boundary);
  },
};

/**
 * Lanes and builders work beside each other and share what is theirs: whichever of these actions is executed first loads all units and builds the
 * indexes of their tables, and each of the others waits for the end of that.
 */
async function planLoad(ctx: StepContext, boundary: Boundary | null): Promise<Action[]> {
  const {units} = await readPlan(ctx);
  let load: Promise<void> | null = null;
  const execute = async (): Promise<void> => {
    if (boundary === null) throw new Error('bug: a load is executed before there is a P');
    load ??= runLoad(ctx, boundary);
    await load;
  };
  const late = showStatement(terminateBackends(['<name of the lane>']));
  return [
    ...planTakeTarget(ctx, boundary),
    ...(await showLanes(ctx, units, boundary)),
    ...(await showBuilds(ctx, units, boundary)),
    {on: 'target', text: remark('only where a lane has ended and its backend has not', late)} as const,
    {on: 'replica', text: remark('only where a lane has failed and its backend is still there', late)} as const,
  ].map(({on, text}) => ({on, text, execute}));
}

/** P, as far as it is proved. */
function boundaryOf(ctx: StepContext): Boundary | null {
  const {boundary, boundaryProved} = ctx.state();
  return boundaryProved ? boundary : null;
}

/** P, as far as it is proved and the replica is at it. */
async function readHeld(ctx: StepContext): Promise<Boundary | null> {
  const boundary = boundaryOf(ctx);
  if (boundary === null || ctx.state().boundaryMoved !== null) return null;
  return (await judgeFence(ctx, boundary)).length === 0 ? boundary : null;
}

function withoutRunning(ctx: StepContext, units: readonly LoadUnit[]): LoadUnit[] {
  const running = new Set(lanesAt(ctx.state()).map(({id}) => id));
  return units.filter(({id}) => !running.has(id));
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
  const now = await replica.one(readReplicaPosition(replica.version));
  const broken = fenceBroken(boundary, now);
  if (broken === null) return [];
  return [
    {
      check: 'full-load.boundary-moved',
      severity: 'blocker',
      subject: 'replica',
      seen: `P ${boundary.lsn} is lost: ${broken}`,
      remedy: newBoundary(now),
    },
  ];
}

function inTwice(table: RelationName): Finding {
  return {
    check: 'full-load.moved-between-units',
    severity: 'blocker',
    subject: `table ${formatRelation(table)}`,
    seen: 'it is loaded already, by a unit of an earlier plan; its new unit would load it again',
    remedy: `put the table back into its old unit in plan.yaml; or ${LEAVE_BOUNDARY}`,
  };
}

/** Who begins a load at a new P by itself has not stripped what an older load has built: every index slows it down, a foreign key fails it. Once it has begun, builds are beside it. */
async function judgeStripped(ctx: StepContext, boundary: Boundary): Promise<Finding[]> {
  if (ctx.state().loadBoundary === boundary.lsn) return [];
  const left = await readNotStripped(ctx);
  if (left.length === 0) return [];
  return [
    {
      check: 'full-load.not-stripped',
      severity: 'blocker',
      subject: 'target',
      seen: `its tables are not stripped: left are ${listed(left, 3)}`,
      remedy: 'longhaul run --from strip-target',
    },
  ];
}

/** Rows that the ledger does not know are somebody's; a table that is missing would fail its unit after hours. */
async function judgeTarget(ctx: StepContext, open: readonly LoadUnit[]): Promise<Finding[]> {
  const tables = tablesOf(open);
  const content = await readTargetContent(ctx, tables, {changesNothing: false});
  return [
    ...content.missing.map((table): Finding => ({
      check: 'full-load.missing-table',
      severity: 'blocker',
      subject: `table ${formatRelation(table)}`,
      seen: 'the target has no such table',
      remedy: `create it there as it is on the source: ${asOnSource([formatRelation(table)])}; then run again`,
    })),
    ...foreignRows('full-load', content),
    // Our own of an older P, too: they are emptied and filled again as they are.
    ...(await tablesAltered(ctx, tables)).map((table): Finding => ({
      check: 'full-load.columns-differ',
      severity: 'blocker',
      subject: `table ${formatRelation(table)}`,
      ...columnsDiffer(table),
    })),
  ];
}

/** Large objects keep their numbers: those that are there and not ours would be in the way. */
async function judgeObjects(
  ctx: StepContext,
  open: readonly LoadUnit[],
  ledger: readonly LedgerRow[],
): Promise<Finding[]> {
  const unit = open.find(({kind}) => kind === 'large-objects');
  if (unit === undefined) return [];
  const target = await ctx.session('target');
  const isOurs = ledger.some((row) => row.unit === unit.id);
  const {objects} = isOurs ? {objects: 0} : await target.one(countLargeObjects());
  return [
    ...foreignObjects('full-load', objects),
    ...objectsLeftOut(await readObjectsSeen(ctx, {foreseen: false})).map((seen): Finding => ({
      check: 'full-load.object-roles',
      severity: 'note',
      subject: 'large objects',
      seen,
      remedy: '',
    })),
  ];
}

function evidence(ctx: StepContext, boundary: Boundary): Evidence<'full-load'> {
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
