import {join} from 'node:path';
import {toLibpq} from '../../../config/conninfo/conninfo.ts';
import type {Boundary} from '../../../domain/pg/boundary.ts';
import type {LoadUnit} from '../../../domain/run/load-unit.ts';
import {parseLsn} from '../../../domain/pg/lsn.ts';
import type {UnitState} from '../../../domain/run/run-state.ts';
import {quoteRelation, type RelationName} from '../../../domain/pg/relation.ts';
import {frameRowSecurity, tablesThatHide} from '../../schema/copy/row-security.ts';
import {tablesThere} from '../../schema/goal/tables-there.ts';
import type {PlannedAction, StepContext} from '../../step.ts';
import {toolSession} from '../../tools/tool-session.ts';
import {laneFiles} from '../pipeline/lane-files.ts';
import {pipelineOf} from '../pipeline/pipelines.ts';
import {mayStillStart} from '../schedule.ts';
import {frameObjects, readObjectsSeen, type ObjectFrame} from '../object-rights.ts';
import {laneApplicationName, laneFolderName} from '../host/lane-name.ts';

/** One unit, where and from which P it is to be loaded. */
export interface UnitStart {
  readonly unit: UnitState;
  readonly lane: number;
  readonly attempt: number;
  readonly boundary: Boundary;
}

/** In the place of P before there is one. */
const NO_BOUNDARY: Boundary = {
  lsn: parseLsn('0/0'),
  postmasterStart: 'the start of the replica',
  timeline: null,
  systemIdentifier: null,
  capturedAt: '',
};

/** What the lane of a unit would run, for the dry run; with 0/0 for P while there is none. */
export async function planDryLane(
  ctx: StepContext,
  unit: LoadUnit,
  all: readonly LoadUnit[],
): Promise<PlannedAction[]> {
  const boundary = ctx.state().boundary ?? NO_BOUNDARY;
  const files = await planLane(ctx, {unit, all, attempt: 1, boundary});
  return [
    {on: 'target', action: (files['opening.sql'] ?? '').trim()},
    {on: 'jump box', action: (files['cmd'] ?? '').trim()},
    {on: 'target', action: (files['closing.sql'] ?? '').trim()},
  ];
}

async function planLane(
  ctx: StepContext,
  start: Omit<UnitStart, 'lane' | 'unit'> & {readonly unit: LoadUnit; readonly all: readonly LoadUnit[]},
): Promise<Record<string, string>> {
  const {unit, all, attempt, boundary} = start;
  const {config} = ctx;
  const applicationName = laneApplicationName(config.run, unit.id);
  return laneFiles({
    unit,
    all,
    wanted: config.tables,
    entry: {
      run: config.run,
      boundary: boundary.lsn,
      unit: unit.id,
      attempt,
      tables: unit.tables.map((table) => quoteRelation(table)),
    },
    boundary,
    replicaVersion: (await ctx.session('replica')).version,
    targetVersion: (await ctx.session('target')).version,
    frame:
      unit.kind === 'large-objects' ? frameObjects(await readObjectsSeen(ctx)) : await frameTables(ctx, unit.tables),
    tools: ctx.tools,
    replica: toLibpq(config.servers.replica, await toolSession(ctx, 'replica', applicationName)),
    target: toLibpq(config.servers.target, await toolSession(ctx, 'target', applicationName)),
  });
}

async function frameTables(ctx: StepContext, tables: readonly RelationName[]): Promise<ObjectFrame> {
  const target = await ctx.session('target');
  const {there} = await tablesThere(target, tables);
  return frameRowSecurity(await tablesThatHide(target, there));
}

/**
 * Starts a unit's lane: its folder first, then its place in the journal, then the process, so that no lane runs unknown. Starts nothing where
 * somebody held the load, cancelled the unit or stopped the run while its folder was made.
 */
export async function startUnit(ctx: StepContext, start: UnitStart): Promise<void> {
  await ctx.lanes.keep(start.unit.id, async () => startOne(ctx, start));
}

async function startOne(ctx: StepContext, start: UnitStart): Promise<void> {
  const {unit, attempt, lane} = start;
  const folder = join(ctx.folder.lanes, laneFolderName(unit.id, attempt));
  await ctx.lanes.host.prepare(folder, await planLane(ctx, {...start, all: ctx.state().units}));
  if (ctx.signal.aborted || !mayStillStart(ctx.state(), start, ctx.now())) return;
  await ctx.record({type: 'unit.started', unit: unit.id, attempt, lane, folder});
  const {replica, target} = ctx.config.servers;
  const secrets = {replica: replica.password?.reveal() ?? null, target: target.password?.reveal() ?? null};
  await ctx.lanes.host.start(folder, pipelineOf(unit).environment(secrets));
}
