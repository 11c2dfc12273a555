import {join} from 'node:path';
import {toLibpq} from '../../../config/conninfo/conninfo.ts';
import type {Boundary} from '../../../domain/pg/boundary.ts';
import {partOf} from '../../../domain/run/table-part.ts';
import type {LedgerEntry} from '../../../pg/load/ledger.ts';
import {takeTable, takingScript} from '../take-table.ts';
import {isoTime} from '../../../domain/base/iso-time.ts';
import type {LoadUnit, UnitFailure} from '../../../domain/run/load-unit.ts';
import {quoteLiteral} from '../../../domain/pg/identifier.ts';
import {parseLsn} from '../../../domain/pg/lsn.ts';
import type {UnitState} from '../../../domain/run/run-state.ts';
import {quoteRelation, sameRelation, type RelationName} from '../../../domain/pg/relation.ts';
import {readDataColumns, type DataColumns} from '../../../pg/load/copy-data.ts';
import type {Action} from '../../action.ts';
import {remark} from '../../make-action.ts';
import {isForeseen, type Foreseeing} from '../../schema/copy/coming-roles.ts';
import {frameRowSecurity, tablesThatHide} from '../../schema/copy/row-security.ts';
import {tablesThere} from '../../schema/goal/tables-there.ts';
import type {StepContext} from '../../step.ts';
import type {Session} from '../../../pg/session/session.ts';
import {toolSession} from '../../tools/tool-session.ts';
import {laneFiles} from '../pipeline/lane-files.ts';
import {pipelineNamed} from '../pipeline/pipelines.ts';
import {chooseMethod, wantsBinary} from '../pipeline/choose-method.ts';
import {readWhyNotBinary} from '../read-types.ts';
import {readMayFreeze} from '../../../pg/load/binary/freeze.ts';
import {readUnitsIn, rowOf} from '../read-ledger.ts';
import {isWaiting, mayStillStart, nextAttempt, retryDelayMs} from '../schedule.ts';
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
  const ledger = await readUnitsIn(await ctx.session('target'), ctx.config.run);
  const foreseen = await isForeseen(ctx);
  const lanes: Pick<Action, 'on' | 'text'>[] = [];
  for (const unit of units.filter(({id}) => rowOf(ledger, id, boundary.lsn) === null)) {
    const known = ctx.state().units.find(({id}) => id === unit.id);
    const attempt = known === undefined ? 1 : nextAttempt(known);
    const files = await planLane(ctx, {unit, all: units, attempt, boundary, foreseen});
    const text = (name: string): string =>
      (at === null ? withoutBoundary(files[name] ?? '') : (files[name] ?? '')).trim();
    if (partOf(unit.id) !== null) lanes.push(await showTaking(ctx, unit, {attempt, boundary}, at === null));
    const opening = remark(
      `${unit.id}: again with the next attempt's number after a failure that heals`,
      text('opening.sql'),
    );
    lanes.push(
      {on: 'target', text: opening},
      {on: 'jump box', text: text('cmd')},
      {on: 'target', text: text('closing.sql')},
    );
  }
  return lanes;
}

async function showTaking(
  ctx: StepContext,
  unit: LoadUnit,
  start: Pick<UnitStart, 'attempt' | 'boundary'>,
  withoutP: boolean,
): Promise<Pick<Action, 'on' | 'text'>> {
  const text = takingScript(entryOf(ctx, unit, start), await frameTables(ctx, unit.tables));
  return {on: 'target', text: remark('once per table, before its first part', withoutP ? withoutBoundary(text) : text)};
}

function withoutBoundary(text: string): string {
  return text.replaceAll(quoteLiteral(NO_BOUNDARY.lsn).trimStart(), "'<P>'");
}

async function planLane(
  ctx: StepContext,
  start: Omit<UnitStart, 'lane' | 'unit'> & {readonly unit: LoadUnit; readonly all: readonly LoadUnit[]} & Foreseeing,
): Promise<Record<string, string>> {
  const {unit, all, boundary, foreseen} = start;
  const {config} = ctx;
  const applicationName = laneApplicationName(config.run, unit.id);
  const replica = await ctx.session('replica');
  const {pipeline} = chooseMethod(unit, config.load, await whyNotBinary(ctx, unit));
  return laneFiles({
    unit,
    all,
    wanted: config.tables,
    entry: entryOf(ctx, unit, start),
    boundary,
    pipeline,
    replicaVersion: replica.version,
    columns: pipeline.wantsColumns ? await columnsOf(replica, [...unit.tables, ...(unit.also ?? [])]) : [],
    targetVersion: (await ctx.session('target')).version,
    freeze: pipeline.freezes && (await mayFreeze(ctx, unit)),
    frame:
      unit.kind === 'large-objects'
        ? frameObjects(await readObjectsSeen(ctx, {foreseen}))
        : await frameTables(ctx, unit.tables),
    tools: ctx.tools,
    replica: toLibpq(config.servers.replica, await toolSession(ctx, 'replica', applicationName)),
    target: toLibpq(config.servers.target, await toolSession(ctx, 'target', applicationName)),
  });
}

function entryOf(
  {config}: StepContext,
  {id, tables}: LoadUnit,
  {attempt, boundary}: Pick<UnitStart, 'attempt' | 'boundary'>,
): LedgerEntry {
  const names = tables.map((table) => quoteRelation(table));
  return {run: config.run, boundary: boundary.lsn, unit: id, attempt, tables: names};
}

/** As the replica has them; of a table that it lacks the lane itself will say so. */
async function columnsOf(replica: Session, tables: readonly RelationName[]): Promise<DataColumns[]> {
  const there = await replica.run(readDataColumns(replica.version, tables));
  return tables.map((table) => there.find((one) => sameRelation(one, table)) ?? {...table, columns: [], sequences: []});
}

/** One table that is loaded whole is emptied in its transaction. */
async function mayFreeze(ctx: StepContext, {id, tables}: LoadUnit): Promise<boolean> {
  const [table, ...others] = tables;
  if (table === undefined || others.length > 0 || partOf(id) !== null) return false;
  const target = await ctx.session('target');
  return (await target.run(readMayFreeze(target.version, table)))[0]?.mayFreeze === true;
}

async function whyNotBinary(ctx: StepContext, {tables}: LoadUnit): Promise<string | null> {
  const [table, ...others] = tables;
  if (table === undefined || others.length > 0 || !wantsBinary(ctx.config.load)) return null;
  return (await readWhyNotBinary(ctx, [table])).get(quoteRelation(table)) ?? null;
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

async function takeFor(ctx: StepContext, start: UnitStart): Promise<UnitFailure | null> {
  const {unit} = start;
  return takeTable(ctx, unit, entryOf(ctx, unit, start), await frameTables(ctx, unit.tables));
}

/** A table that cannot be taken lets none of its parts begin, and each would wait for the same. */
async function failParts(ctx: StepContext, {unit, attempt}: UnitStart, failure: UnitFailure): Promise<void> {
  const delayMs = failure.heals ? retryDelayMs(attempt, ctx.config.load) : null;
  const retryAt = delayMs === null ? null : isoTime(ctx.now() + delayMs);
  const own = new Set(unit.tables.map(quoteRelation));
  const isPart = ({id, tables}: UnitState): boolean =>
    partOf(id) !== null && tables.some((table) => own.has(quoteRelation(table)));
  const parts = ctx.state().units.filter((part) => isWaiting(part) && isPart(part));
  for (const part of parts)
    await ctx.record({type: 'unit.failed', unit: part.id, attempt: nextAttempt(part), failure, retryAt});
}

async function startOne(ctx: StepContext, start: UnitStart): Promise<void> {
  const {unit, attempt, lane} = start;
  const folder = join(ctx.folder.lanes, laneFolderName(unit.id, attempt));
  if (!mayStillStart(ctx.state(), start)) return;
  const failure = partOf(unit.id) === null ? null : await takeFor(ctx, start);
  if (failure !== null) return failParts(ctx, start, failure);
  const files = await planLane(ctx, {...start, all: ctx.state().units, foreseen: false});
  await ctx.lanes.host.prepare(folder, files);
  if (ctx.signal.aborted || !mayStillStart(ctx.state(), start)) return;
  await ctx.record({type: 'unit.started', unit: unit.id, attempt, lane, folder});
  ctx.lanes.startedAt.set(folder, ctx.steady());
  const {replica, target} = ctx.config.servers;
  const secrets = {replica: replica.password?.reveal() ?? null, target: target.password?.reveal() ?? null};
  await ctx.lanes.host.start(folder, pipelineNamed(files['method'] ?? '').environment(secrets));
}
