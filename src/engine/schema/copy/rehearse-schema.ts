import {mkdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {toLibpq} from '../../../config/conninfo/conninfo.ts';
import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import type {Finding} from '../../../domain/run/finding.ts';
import {readExtensions, readTableNames} from '../../../pg/catalog/inventory.ts';
import {terminateBackendsLike} from '../../../pg/load/backends.ts';
import {
  createScratchDatabase,
  dropScratchDatabase,
  readMayCreateDatabase,
  type ScratchRights,
} from '../../../pg/load/scratch-database.ts';
import type {Session} from '../../../pg/session/session.ts';
import {readDatabase} from '../../../pg/session/settings.ts';
import {isWanted} from '../../inventory/is-wanted.ts';
import {found} from '../../preflight/found.ts';
import type {StepContext} from '../../step.ts';
import {bothOver} from '../../waiting/both-over.ts';
import {runTool, runToolWhole} from '../../tools/run-tool.ts';
import {toolSession} from '../../tools/tool-session.ts';
import {tablesThere} from '../goal/tables-there.ts';
import type {Statement} from '../../../pg/session/statement.ts';
import type {Action} from '../../action.ts';
import {byThen, showStatement} from '../../make-action.ts';
import {shellCommand} from '../../tools/shell-quote.ts';
import {listEntries, partArgs, schemaDumpArgs, schemaFolder, writePart} from './dump-schema.ts';
import {judgeRefusals, parseRefusals, type Judged, type Refusal} from './refusals.ts';
import {fitsOneTransaction, readLockTable} from './lock-room.ts';
import {rehearsedEntries, type TocEntry} from './toc.ts';

/** Ten thousand tables with their indexes take some minutes. */
const LIMIT_MS = 30 * 60_000;
const NAME = 'rehearsal';

/** The scratch database of a run: `longhaul_rehearsal_acme-prod`, cut to what a name may have. */
export function scratchDatabase({config}: Pick<StepContext, 'config'>): string {
  return `longhaul_rehearsal_${config.run}`.slice(0, 63);
}

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
 * before anything is made for good. First in one transaction, which takes half the time; where anything is refused, every object on its own.
 * The schema is read on the replica.
 */
export async function rehearseSchema(ctx: StepContext): Promise<Finding[]> {
  const target = await ctx.open('target', 'rehearsal');
  try {
    const why = whyNot(await target.one(readMayCreateDatabase(target.version)));
    if (why !== null) return [unrehearsed(why)];
    return judgeRehearsal(await rehearseOn(ctx, target), rehearsalPath(ctx));
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

async function rehearseOn(ctx: StepContext, target: Session): Promise<Judged> {
  const name = scratchDatabase(ctx);
  // What a rehearsal that was cut off has left.
  await dropScratch(ctx, target, name);
  try {
    const create = target.run(await createScratch(target, name), {timeoutMs: LIMIT_MS});
    const [{path, entries}] = await bothOver([writeRehearsal(ctx), create]);
    const atOnce = fitsOneTransaction(entries, await readLockTable(target));
    if (atOnce && (await isTakenAtOnce(ctx, name, path))) return {reasons: [], followers: 0, unknown: []};
    const said = await restoreInto(ctx, name, path);
    const there = (await target.run(readExtensions())).map((extension) => extension.name);
    return judgeRefusals(parseRefusals(said, await readFile(path, 'utf8')), there);
  } finally {
    await dropScratch(ctx, target, name);
  }
}

async function createScratch(target: Session, name: string): Promise<Statement> {
  return createScratchDatabase(name, await target.one(readDatabase()));
}

/** What a rehearsal does, in order; nothing where the role may not create a database. Executing the first does all, and hands over what was found. */
export async function planRehearsal(ctx: StepContext, hear: (findings: Finding[]) => Promise<void>): Promise<Action[]> {
  const target = await ctx.session('target');
  const execute = async (): Promise<void> => hear(await rehearsed(ctx));
  const name = scratchDatabase(ctx);
  const dump = shellCommand([ctx.tools.pgDump.path, ...(await schemaDumpArgs(ctx, DUMP))]);
  if (whyNot(await target.one(readMayCreateDatabase(target.version))) !== null)
    return [{on: 'jump box', text: 'rehearse nothing', execute}];
  const drop = terminateBackendsLike([named(ctx)]);
  const {args} = await restoreCall(ctx, name, rehearsalPath(ctx));
  const psql = (how: readonly string[]): string => shellCommand([ctx.tools.psql.path, ...how]);
  const restore = `${rehearsalCommand(ctx)} \\\n  && { ${psql([...AT_ONCE, ...args])} \\\n  || ${psql(args)}; }`;
  return [
    {on: 'jump box', text: dump, execute},
    ...[drop, dropScratchDatabase(name), await createScratch(target, name)].map(byThenOnTarget),
    {on: 'jump box', text: restore, execute: byThen},
    ...[drop, dropScratchDatabase(name)].map(byThenOnTarget),
  ];
}

function byThenOnTarget(statement: Statement): Action {
  return {on: 'target', text: showStatement(statement), execute: byThen};
}

const DUMP = {from: 'replica', file: `${NAME}.dump`} as const;

function rehearsalPath(ctx: StepContext): string {
  return join(schemaFolder(ctx), `${NAME}.sql`);
}

function rehearsalCommand(ctx: StepContext): string {
  return shellCommand([ctx.tools.pgRestore.path, ...partArgs(ctx, {name: NAME, again: false}, DUMP.file)]);
}

async function writeRehearsal(ctx: StepContext): Promise<{path: string; entries: readonly TocEntry[]}> {
  await mkdir(schemaFolder(ctx), {recursive: true, mode: 0o700});
  const {file} = DUMP;
  const args = await schemaDumpArgs(ctx, DUMP);
  const server = ctx.config.servers.replica;
  const purpose = 'dump the schema on the replica';
  await runTool(ctx, {path: ctx.tools.pgDump.path, args, server, limitMs: LIMIT_MS, purpose});
  const entries = rehearsedEntries(await listEntries(ctx, join(schemaFolder(ctx), file), '-v'));
  await writePart(ctx, {name: NAME, entries, again: false}, file);
  return {path: rehearsalPath(ctx), entries};
}

/** One transaction, which ends at the first error. */
const AT_ONCE = ['-1', '-v', 'ON_ERROR_STOP=1'];

/** Whether the target takes all of it. Nothing is left where it does not. */
async function isTakenAtOnce(ctx: StepContext, database: string, path: string): Promise<boolean> {
  const {server, args} = await restoreCall(ctx, database, path);
  const purpose = `restore the schema into the scratch database ${database} of the target`;
  const whole = [...AT_ONCE, ...args];
  try {
    await runToolWhole(ctx, {path: ctx.tools.psql.path, args: whole, server, limitMs: LIMIT_MS, purpose});
    return true;
  } catch (error) {
    ctx.signal.throwIfAborted();
    if (!(error instanceof LonghaulError) || error.code !== 'failed') throw error;
    return false;
  }
}

/** Everything that the target says, statement after statement. */
async function restoreInto(ctx: StepContext, database: string, path: string): Promise<string> {
  const {server, args} = await restoreCall(ctx, database, path);
  const purpose = `restore the schema into the scratch database ${database} of the target`;
  return (await runToolWhole(ctx, {path: ctx.tools.psql.path, args, server, limitMs: LIMIT_MS, purpose})).stderr;
}

async function restoreCall(ctx: StepContext, database: string, path: string) {
  const target = ctx.config.servers.target;
  const server = {...target, params: {...target.params, dbname: database}};
  const session = await toolSession(ctx, 'target', named(ctx));
  const how = ['-X', '--no-password', '-q', '-v', 'VERBOSITY=verbose', '-o', '/dev/null'];
  return {server, args: [...how, '-c', 'SET synchronous_commit = off', '-f', path, '-d', toLibpq(server, session)]};
}

function named({config}: StepContext): string {
  return `longhaul/${config.run}/rehearsal-schema`;
}

async function dropScratch(ctx: StepContext, target: Session, name: string): Promise<void> {
  await target.run(terminateBackendsLike([named(ctx)]));
  await target.run(dropScratchDatabase(name), {timeoutMs: LIMIT_MS});
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
