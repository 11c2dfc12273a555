import {join} from 'node:path';
import {toLibpq, type ToolSession} from '../../../config/conninfo/conninfo.ts';
import type {Boundary} from '../../../domain/pg/boundary.ts';
import {partOf} from '../../../domain/run/table-part.ts';
import type {LedgerEntry} from '../../../pg/load/ledger.ts';
import {takingScript} from '../take-table.ts';
import {judgeColumns} from '../judge-columns.ts';
import {tablesOf, type LoadUnit} from '../../../domain/run/load-unit.ts';
import {quoteLiteral} from '../../../domain/pg/identifier.ts';
import {parseLsn} from '../../../domain/pg/lsn.ts';
import type {UnitState} from '../../../domain/run/run-state.ts';
import type {ServerVersion} from '../../../domain/pg/server-version.ts';
import {quoteRelation, type RelationName} from '../../../domain/pg/relation.ts';
import {readDataColumns, type DataColumns} from '../../../pg/load/copy-data.ts';
import type {Action} from '../../action.ts';
import {remark} from '../../make-action.ts';
import {isForeseen, type Foreseeing} from '../../schema/copy/coming-roles.ts';
import {frameRowSecurity, tablesThatHide} from '../../schema/copy/row-security.ts';
import {tablesThere} from '../../schema/goal/tables-there.ts';
import type {StepContext} from '../../step.ts';
import {toolSession} from '../../tools/tool-session.ts';
import {laneFiles} from '../pipeline/lane-files.ts';
import {pipelineNamed} from '../pipeline/pipelines.ts';
import type {Pipeline} from '../pipeline/pipeline.ts';
import {chooseMethod, wantsBinary} from '../pipeline/choose-method.ts';
import {readWhyNotBinary} from '../read-types.ts';
import {readMayFreeze} from '../../../pg/load/binary/freeze.ts';
import {readUnitsIn, rowOf} from '../read-ledger.ts';
import {mayStillStart, nextAttempt} from '../schedule.ts';
import {throttleAtStart} from './throttle.ts';
import {frameObjects, readObjectsSeen, type ObjectFrame} from '../object-rights.ts';
import {laneApplicationName, laneFolderName} from '../host/lane-name.ts';

/** One unit, where and from which P it is to be loaded. */
export interface UnitStart {
  readonly unit: UnitState;
  readonly lane: number;
  readonly attempt: number;
  readonly boundary: Boundary;
}

/** In place of P before there is one. */
const NO_BOUNDARY: Boundary = {
  lsn: parseLsn('0/0'),
  postmasterStart: 'the start of the replica',
  timeline: null,
  systemIdentifier: null,
  capturedAt: '',
};

/** What the lanes of units would run that are not in, for people; `<P>` is in place of a P that there is not (yet, or any more). */
export async function showLanes(
  ctx: StepContext,
  units: readonly LoadUnit[],
  at: Boundary | null,
): Promise<readonly Pick<Action, 'on' | 'text'>[]> {
  const boundary = at ?? NO_BOUNDARY;
  const asShown = (text: string): string => (at === null ? withoutBoundary(text) : text).trim();
  const ledger = await readUnitsIn(await ctx.session('target'), ctx.config.run);
  const open = units.filter(({id}) => rowOf(ledger, id, boundary.lsn) === null);
  const seen = await readSeen(ctx, open, {foreseen: await isForeseen(ctx)});
  const taken = new Set<string>();
  return open.flatMap((unit) => {
    const known = ctx.state().units.find(({id}) => id === unit.id);
    const start = {unit, all: units, attempt: known === undefined ? 1 : nextAttempt(known), boundary};
    const files = planLane(ctx, start, seen);
    const words = `${unit.id}: again with the next attempt's number after a failure that heals`;
    const table = unit.tables.map((one) => quoteRelation(one)).join();
    const isFirst = partOf(unit.id) !== null && !taken.has(table);
    if (isFirst) taken.add(table);
    const taking = isFirst ? asShown(takingScript(entryOf(ctx, unit, start), seen.frameOf(unit))) : null;
    return [
      ...(taking === null
        ? []
        : [{on: 'target', text: remark('once, before the first part of the table', taking)} as const]),
      {on: 'target', text: remark(words, asShown(files['opening.sql'] ?? ''))} as const,
      {on: 'jump box', text: asShown(files['cmd'] ?? '')} as const,
      {on: 'target', text: asShown(files['closing.sql'] ?? '')} as const,
    ];
  });
}

function withoutBoundary(text: string): string {
  return text.replaceAll(quoteLiteral(NO_BOUNDARY.lsn).trimStart(), "'<P>'");
}

/** What the servers say of some units, asked once for all of them. */
interface Seen {
  readonly replicaVersion: ServerVersion;
  readonly targetVersion: ServerVersion;
  readonly tools: Readonly<Record<'replica' | 'target', Omit<ToolSession, 'applicationName'>>>;
  /** As the replica has them; of a table that it lacks the lane itself will say so. */
  readonly columnsOf: (unit: LoadUnit) => DataColumns[];
  readonly pipelineOf: (unit: LoadUnit) => Pipeline;
  readonly mayFreeze: (unit: LoadUnit) => boolean;
  readonly frameOf: (unit: LoadUnit) => ObjectFrame;
}

function carriedBy({tables, also}: LoadUnit): readonly RelationName[] {
  return [...tables, ...(also ?? [])];
}

async function readSeen(ctx: StepContext, units: readonly LoadUnit[], foreseeing: Foreseeing): Promise<Seen> {
  const [replica, target] = [await ctx.session('replica'), await ctx.session('target')];
  const why = await whyNotBinary(ctx, units);
  const whyNot = ({tables: [table]}: LoadUnit): string | null =>
    table === undefined ? null : (why.get(quoteRelation(table)) ?? null);
  const pipelineOf = (unit: LoadUnit): Pipeline => chooseMethod(unit, ctx.config.load, whyNot(unit)).pipeline;
  const frozen = new Set<string>();
  for (const unit of units) if (pipelineOf(unit).freezes && (await mayFreeze(ctx, unit))) frozen.add(unit.id);
  const copied = tablesOf(
    units.filter((unit) => pipelineOf(unit).wantsColumns).map((unit) => ({tables: carriedBy(unit)})),
  );
  const columns = copied.length === 0 ? [] : await replica.run(readDataColumns(replica.version, copied));
  const columnsByName = new Map(columns.map((one) => [quoteRelation(one), one]));
  const {there} = await tablesThere(target, tablesOf(units));
  const hiding = new Set((await tablesThatHide(target, there)).map((table) => quoteRelation(table)));
  const objects = units.some(({kind}) => kind === 'large-objects') ? await readObjectsSeen(ctx, foreseeing) : null;
  return {
    replicaVersion: replica.version,
    targetVersion: target.version,
    tools: {replica: await toolSession(ctx, 'replica', ''), target: await toolSession(ctx, 'target', '')},
    pipelineOf,
    mayFreeze: ({id}) => frozen.has(id),
    columnsOf: (unit) =>
      carriedBy(unit).map((table) => columnsByName.get(quoteRelation(table)) ?? {...table, columns: [], sequences: []}),
    frameOf: ({kind, tables}) =>
      kind === 'large-objects' && objects !== null
        ? frameObjects(objects)
        : frameRowSecurity(tables.filter((table) => hiding.has(quoteRelation(table)))),
  };
}

type LaneStart = Omit<UnitStart, 'lane' | 'unit'> & {readonly unit: LoadUnit; readonly all: readonly LoadUnit[]};

function planLane(ctx: StepContext, start: LaneStart, seen: Seen): Record<string, string> {
  const {unit, all, boundary} = start;
  const {config} = ctx;
  const applicationName = laneApplicationName(config.run, unit.id);
  const pipeline = seen.pipelineOf(unit);
  return laneFiles({
    unit,
    all,
    wanted: config.tables,
    entry: entryOf(ctx, unit, start),
    boundary,
    pipeline,
    replicaVersion: seen.replicaVersion,
    columns: pipeline.wantsColumns ? seen.columnsOf(unit) : [],
    targetVersion: seen.targetVersion,
    freeze: seen.mayFreeze(unit),
    frame: seen.frameOf(unit),
    throttle: throttleAtStart(ctx),
    tools: ctx.tools,
    replica: toLibpq(config.servers.replica, {...seen.tools.replica, applicationName}),
    target: toLibpq(config.servers.target, {...seen.tools.target, applicationName}),
  });
}

/** What the unit's row in the ledger will be. Pure. */
export function entryOf(
  {config}: Pick<StepContext, 'config'>,
  {id, tables}: LoadUnit,
  {attempt, boundary}: Pick<UnitStart, 'attempt' | 'boundary'>,
): LedgerEntry {
  const names = tables.map((table) => quoteRelation(table));
  return {run: config.run, boundary: boundary.lsn, unit: id, attempt, tables: names};
}

/** Below it a TRUNCATE, which makes new files, takes longer than what is saved later: of ten thousand tables of a page nobody freezes the rows. */
const LEAST_FROZEN = 256 * 1024;

/** Tables that are loaded whole are emptied in their transaction, several of them where they are worth it, and where all may be. */
async function mayFreeze(ctx: StepContext, {id, tables, bytes}: LoadUnit): Promise<boolean> {
  if (tables.length === 0 || partOf(id) !== null) return false;
  if (tables.length > 1 && bytes / tables.length < LEAST_FROZEN) return false;
  const target = await ctx.session('target');
  for (const table of tables)
    if ((await target.run(readMayFreeze(target.version, table)))[0]?.mayFreeze !== true) return false;
  return true;
}

/** What keeps the tables that are alone in their units from travelling in binary form, by their quoted names. */
async function whyNotBinary(ctx: StepContext, units: readonly LoadUnit[]): Promise<ReadonlyMap<string, string>> {
  const alone = tablesOf(units.filter(({tables}) => tables.length === 1));
  return alone.length === 0 || !wantsBinary(ctx.config.load) ? new Map() : readWhyNotBinary(ctx, alone);
}

/** What makes every row of these tables visible in a transaction on the target. */
export async function frameTables(ctx: StepContext, tables: readonly RelationName[]): Promise<ObjectFrame> {
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
  if (!mayStillStart(ctx.state(), start)) return;
  const failure = await judgeColumns(ctx, unit);
  if (failure !== null) return ctx.record({type: 'unit.failed', unit: unit.id, attempt, failure, retryAt: null});
  const seen = await readSeen(ctx, [unit], {foreseen: false});
  const files = planLane(ctx, {...start, all: ctx.state().units}, seen);
  await ctx.lanes.host.prepare(folder, files);
  if (ctx.signal.aborted || !mayStillStart(ctx.state(), start)) return;
  await ctx.record({type: 'unit.started', unit: unit.id, attempt, lane, folder});
  ctx.lanes.startedAt.set(folder, ctx.steady());
  const {replica, target} = ctx.config.servers;
  const secrets = {replica: replica.password?.reveal() ?? null, target: target.password?.reveal() ?? null};
  const {host, bell} = ctx.lanes;
  await host.start(folder, pipelineNamed(files['method'] ?? '').environment(secrets), () => bell.ring());
}
