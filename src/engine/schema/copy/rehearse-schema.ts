import {mkdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {formatCount} from '../../../domain/base/units.ts';
import type {Finding} from '../../../domain/run/finding.ts';
import {readExtensions, readTableNames} from '../../../pg/catalog/inventory.ts';
import {raiseWhereTaken, readMayCreateDatabase, type ScratchRights} from '../../../pg/load/scratch-database.ts';
import type {Session} from '../../../pg/session/session.ts';
import {renderStatement, type Statement} from '../../../pg/session/statement.ts';
import {isWanted} from '../../inventory/is-wanted.ts';
import {found} from '../../preflight/found.ts';
import type {StepContext} from '../../step.ts';
import {allOver} from '../../waiting/all-over.ts';
import {runTool} from '../../tools/run-tool.ts';
import {leaveAlikeOut, type Tried} from '../alike/leave-alike-out.ts';
import {tablesThere} from '../goal/tables-there.ts';
import type {Action} from '../../action.ts';
import {byThen, showStatement} from '../../make-action.ts';
import {shellCommand} from '../../tools/shell-quote.ts';
import {listEntries, partArgs, schemaDumpArgs, schemaFolder, writePart, SCHEMA_LIMIT_MS} from './dump-schema.ts';
import {judgeRefusals, parseRefusals, type Judged, type Refusal} from './refusals.ts';
import {fitsOneTransaction, readLockTable} from './lock-room.ts';
import {
  dropScratch,
  isTaken,
  makeScratch,
  restoreEach,
  scratchArgs,
  scratchCreated,
  scratchDropped,
} from './scratch.ts';
import {inStages, type Stage} from './stages.ts';
import {rehearsedEntries, type TocEntry} from './toc.ts';

const NAME = 'rehearsal';

/** Whether the target has every table that is wanted, so that no schema is copied. */
export async function schemaIsThere(ctx: StepContext): Promise<boolean> {
  const source = await ctx.session('source');
  const wanted = (await source.run(readTableNames(source.version))).filter((table) =>
    isWanted(table, ctx.config.tables),
  );
  return wanted.length > 0 && (await tablesThere(await ctx.session('target'), wanted)).missing.length === 0;
}

/**
 * Restores the whole schema into a scratch database of the target and drops that again: a finding for each object that the target refuses,
 * before anything is made for good. First in one transaction, which takes half the time, and of very many tables that are alike one; where
 * anything is refused, every object on its own. The schema is read on the replica.
 */
export async function rehearseSchema(ctx: StepContext): Promise<Finding[]> {
  const target = await ctx.open('target', 'rehearsal');
  try {
    const why = whyNot(await target.one(readMayCreateDatabase(target.version)));
    if (why !== null) return [unrehearsed(why)];
    const {judged, alike} = await rehearseOn(ctx, target);
    return [...judgeRehearsal(judged, rehearsalPath(ctx)), ...(alike === 0 ? [] : [notTried(alike)])];
  } finally {
    await target.close();
  }
}

/** Why there is no scratch database; null where there can be one. Pure. */
export function whyNot({may, hangs}: ScratchRights): string | null {
  if (!may) return 'the role may not create a database on the target';
  return hangs
    ? 'pglogical is loaded on the target, and from 15 on a database cannot be dropped there before the server is restarted'
    : null;
}

async function rehearseOn(ctx: StepContext, target: Session): Promise<{judged: Judged; alike: number}> {
  try {
    const [entries] = await allOver([dumpRehearsal(ctx), makeScratch(ctx, target)]);
    const tried = await chooseTried(ctx, entries);
    if (fitsOneTransaction(tried.entries, await readLockTable(target))) {
      if ((await areTaken(ctx, inStages(tried.entries))) && (await areFree(ctx, tried)))
        return {judged: {reasons: [], followers: 0, unknown: []}, alike: tried.alike};
      await makeScratch(ctx, target);
    }
    const path = rehearsalPath(ctx);
    await writePart(ctx, {name: NAME, entries, again: false}, DUMP.file);
    const said = await restoreEach(ctx, path);
    const there = (await target.run(readExtensions())).map((extension) => extension.name);
    return {judged: judgeRefusals(parseRefusals(said, await readFile(path, 'utf8')), there), alike: 0};
  } finally {
    await dropScratch(ctx, target);
  }
}

/** Fewer tables are all made: it takes seconds. */
const MANY_TABLES = 1000;

/** Of very many tables one of each shape. Where it is refused, all are tried, each on its own, so that every object is named. */
async function chooseTried(ctx: StepContext, entries: readonly TocEntry[]): Promise<Tried> {
  if (entries.filter(({kind}) => kind === 'TABLE').length < MANY_TABLES) return {entries, alike: 0, notMade: []};
  await writePart(ctx, {name: NAME, entries, again: false}, DUMP.file);
  return leaveAlikeOut(entries, await readFile(rehearsalPath(ctx), 'utf8'));
}

/** Whether the names of all that was not tried are free: an extension of the target may make relations that the source's release of it does not. */
async function areFree(ctx: StepContext, {notMade}: Tried): Promise<boolean> {
  if (notMade.length === 0) return true;
  const path = rehearsalPath(ctx, `${NAME}-names`);
  await writeFile(path, `${renderStatement(raiseWhereTaken(notMade))}\n`, {mode: 0o600});
  return isTaken(ctx, path);
}

/** Whether the scratch database takes each stage at once, its parts beside each other. */
async function areTaken(ctx: StepContext, stages: readonly Stage[]): Promise<boolean> {
  const named = stages.map((stage, at) =>
    stage.map((entries, part) => ({entries, again: false, name: `${NAME}-${at + 1}${part === 0 ? '' : '-beside'}`})),
  );
  await allOver(named.flat().map(async (part) => writePart(ctx, part, DUMP.file)));
  for (const parts of named) {
    const taken = await allOver(parts.map(async ({name}) => isTaken(ctx, rehearsalPath(ctx, name))));
    if (taken.includes(false)) return false;
  }
  return true;
}

/** What a rehearsal does, in order; nothing where the role may not create a database. Executing the first does all, and hands over what was found. */
export async function planRehearsal(ctx: StepContext, hear: (findings: Finding[]) => Promise<void>): Promise<Action[]> {
  const target = await ctx.session('target');
  const execute = async (): Promise<void> => hear(await rehearsed(ctx));
  const dump = shellCommand([ctx.tools.pgDump.path, ...(await schemaDumpArgs(ctx, DUMP))]);
  if (whyNot(await target.one(readMayCreateDatabase(target.version))) !== null)
    return [{on: 'jump box', text: 'rehearse nothing', execute}];
  return [
    {on: 'jump box', text: dump, execute},
    ...[...scratchDropped(ctx), await scratchCreated(ctx, target)].map(byThenOnTarget),
    {on: 'jump box', text: await restoreCommands(ctx), execute: byThen},
    ...scratchDropped(ctx).map(byThenOnTarget),
  ];
}

/**
 * A thousand keys or indexes and more are files of their own, rehearsal-2 and on, two of them beside each other; of a thousand tables and more
 * rehearsal-1 has one of those that are alike, and rehearsal-names asks for the names of the others.
 */
async function restoreCommands(ctx: StepContext): Promise<string> {
  const whole = rehearsalPath(ctx);
  const first = `${NAME}-1`;
  const write = (name: string): string =>
    shellCommand([ctx.tools.pgRestore.path, ...partArgs(ctx, {name, again: false}, DUMP.file)]);
  const psql = async (...of: Parameters<typeof scratchArgs>): Promise<string> =>
    shellCommand([ctx.tools.psql.path, ...(await scratchArgs(...of))]);
  const atOnce = await psql(ctx, rehearsalPath(ctx, first), 'at once');
  return `${write(first)} \\\n  && ${atOnce} \\\n  || { ${write(NAME)} \\\n  && ${await psql(ctx, whole, 'each')}; }`;
}

function byThenOnTarget(statement: Statement): Action {
  return {on: 'target', text: showStatement(statement), execute: byThen};
}

const DUMP = {from: 'replica', file: `${NAME}.dump`} as const;

function rehearsalPath(ctx: StepContext, name: string = NAME): string {
  return join(schemaFolder(ctx), `${name}.sql`);
}

async function dumpRehearsal(ctx: StepContext): Promise<TocEntry[]> {
  await mkdir(schemaFolder(ctx), {recursive: true, mode: 0o700});
  const {file} = DUMP;
  const args = await schemaDumpArgs(ctx, DUMP);
  const server = ctx.config.servers.replica;
  const purpose = 'dump the schema on the replica';
  await runTool(ctx, {path: ctx.tools.pgDump.path, args, server, limitMs: SCHEMA_LIMIT_MS, purpose});
  return rehearsedEntries(await listEntries(ctx, join(schemaFolder(ctx), file), '-v'));
}

/** So many are told one by one; all of them are in the file. */
const MOST = 50;

/** A finding for each reason; what only follows from them is counted. Pure. */
export function judgeRehearsal({reasons, followers, unknown}: Judged, path: string): Finding[] {
  const target = found('rehearsal', 'target');
  const findings = reasons.slice(0, MOST).map((refusal) => findingOf(refusal, path));
  const rest = reasons.length - findings.length;
  if (rest > 0) findings.push(target.note('more', `it refuses ${rest} more objects`, ''));
  if (followers > 0) findings.push(target.note('followers', `${followers} more objects need what it refuses`, ''));
  if (unknown.length > 0) {
    const needing = `what needs the ${unknown.length === 1 ? 'extension' : 'extensions'} ${unknown.join(', ')}`;
    findings.push(
      target.note('extensions', `${needing} was not rehearsed: only a superuser may create it in another database`, ''),
    );
  }
  return findings;
}

/** Indexes, constraints and triggers are made after the load, one by one: without one, a run is unfinished and not impossible. */
const AFTER_LOAD: ReadonlySet<string> = new Set([
  'INDEX',
  'INDEX ATTACH',
  'CONSTRAINT',
  'FK CONSTRAINT',
  'TRIGGER',
  'RULE',
  'POLICY',
  'ROW SECURITY',
  'STATISTICS',
]);

function findingOf({object, kind, line, sqlstate, words, hint}: Refusal, path: string): Finding {
  const target = found('rehearsal', 'target');
  const after = AFTER_LOAD.has(kind);
  const seen = `it refuses ${object}: ${words} (${sqlstate}; line ${line} of ${path})`;
  const own = 'change it on the source, or leave its schema out: tables.exclude_schemas';
  const remedy = `${hint === '' ? '' : `the server says: ${hint}; `}give the target what it needs, ${own}`;
  return after ? target.warning('refused', seen, remedy) : target.blocker('refused', seen, remedy);
}

function notTried(alike: number): Finding {
  const seen = `${formatCount(alike)} tables were not made in the rehearsal: each differs from one that was by names alone, with its keys, indexes and sequences, and their names are free`;
  return found('rehearsal', 'target').note('alike', seen, '');
}

function unrehearsed(why: string): Finding {
  return found('rehearsal', 'target').note('not-rehearsed', `the schema was not rehearsed: ${why}`, '');
}

/** Preflight's findings of a rehearsal that could not be made are no reason to stop: copy-schema says what it is refused, one object at a time. */
export async function rehearsed(ctx: StepContext): Promise<Finding[]> {
  try {
    return await rehearseSchema(ctx);
  } catch (error) {
    if (!(error instanceof LonghaulError) || error.code !== 'failed') throw error;
    return [unrehearsed(error.message)];
  }
}
