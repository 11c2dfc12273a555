import {existsSync} from 'node:fs';
import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {toLibpq} from '../../../config/conninfo/conninfo.ts';
import {schemaScope} from './dump-scope.ts';
import type {StepContext} from '../../step.ts';
import {allOver} from '../../waiting/all-over.ts';
import {shellCommand} from '../../tools/shell-quote.ts';
import {toolSession} from '../../tools/tool-session.ts';
import {runTool} from '../../tools/run-tool.ts';
import {parseToc, selectToc, type TocEntry, type TocSelection} from './toc.ts';

/** How long a tool may be at the schema: ten thousand tables with their indexes take some minutes, and what takes longer hangs on a lock. */
export const SCHEMA_LIMIT_MS = 30 * 60_000;

/** Where a schema dump and what was made of it lie: `RUN/schema/schema.dump`. */
export function schemaFolder(ctx: Pick<StepContext, 'folder'>): string {
  return join(ctx.folder.path, 'schema');
}

/** Whose schema is dumped, and into which file of the schema folder. */
export interface SchemaDump {
  readonly from: 'source' | 'replica';
  readonly file: string;
}

const WHOLE: SchemaDump = {from: 'source', file: 'schema.dump'};

/** pg_dump's arguments for the schema, without secrets. */
export async function schemaDumpArgs(ctx: StepContext, {from, file}: SchemaDump = WHOLE): Promise<string[]> {
  const {config} = ctx;
  return [
    '--schema-only',
    '--format=custom',
    '--no-password',
    '--no-tablespaces',
    '--no-security-labels',
    // pg_dump locks every table against DDL while it reads the catalog; it must not queue behind somebody's.
    `--lock-wait-timeout=${config.timeouts.lockMs}`,
    ...(await schemaScope(ctx)),
    '-f',
    archiveOf(ctx, file),
    '-d',
    toLibpq(config.servers[from], await toolSession(ctx, from, `longhaul/${config.run}/schema`)),
  ];
}

/** Dumps the source's schema into the run folder and divides it. From the source, where its locks keep the schema still meanwhile. */
export async function dumpSchema(ctx: StepContext): Promise<TocSelection> {
  await mkdir(schemaFolder(ctx), {recursive: true, mode: 0o700});
  const server = ctx.config.servers.source;
  const args = await schemaDumpArgs(ctx);
  const purpose = 'dump the schema of the source';
  await runTool(ctx, {path: ctx.tools.pgDump.path, args, server, limitMs: SCHEMA_LIMIT_MS, purpose});
  return readSelection(ctx);
}

/** Divides the dump that is in the run folder. */
export async function readSelection(ctx: StepContext): Promise<TocSelection> {
  const archive = archiveOf(ctx);
  const [all, afterData] = await allOver([
    listEntries(ctx, archive, '-v'),
    listEntries(ctx, archive, '--section=post-data'),
  ]);
  return selectToc(all, new Set(afterData.map(({id}) => id)));
}

/** The entries of an archive, in its order. */
export async function listEntries(ctx: StepContext, archive: string, ...how: readonly string[]): Promise<TocEntry[]> {
  const purpose = 'list the schema dump';
  const args = ['-l', ...how, archive];
  return parseToc(
    await runTool(ctx, {path: ctx.tools.pgRestore.path, args, server: null, limitMs: SCHEMA_LIMIT_MS, purpose}),
  );
}

/** Entries of the schema dump, in their order; `name` is the file's. With `again` they replace what is there. */
export interface SchemaPart {
  readonly name: string;
  readonly entries: readonly TocEntry[];
  readonly again: boolean;
}

/**
 * Restores entries of the dump on the target, all or none, as ours: owners and grants come after them (ownership.ts). pg_restore's SQL goes to
 * psql as it is, for nothing that searches it for lines can tell a line from a name with a line break.
 */
export async function restorePart(
  ctx: StepContext,
  {name, entries, again}: SchemaPart,
  purpose: string,
  archive: string = WHOLE.file,
): Promise<void> {
  if (entries.length === 0) return;
  const {server, args} = await restoreCall(ctx, name);
  await writePart(ctx, {name, entries, again}, archive);
  await runTool(ctx, {path: ctx.tools.psql.path, args, server, limitMs: SCHEMA_LIMIT_MS, purpose});
}

/** The commands that restore a part, as a shell would run them, without secrets. */
export async function partCommands(
  ctx: StepContext,
  name: string,
  {again}: Pick<SchemaPart, 'again'>,
): Promise<string> {
  const {args} = await restoreCall(ctx, name);
  const write = shellCommand([ctx.tools.pgRestore.path, ...partArgs(ctx, {name, again})]);
  return `${write} \\\n  && ${shellCommand([ctx.tools.psql.path, ...args])}`;
}

/** Whether the run folder has a dump of the schema. */
export function hasSchemaDump(ctx: Pick<StepContext, 'folder'>): boolean {
  return existsSync(archiveOf(ctx));
}

function archiveOf(ctx: Pick<StepContext, 'folder'>, file: string = WHOLE.file): string {
  return join(schemaFolder(ctx), file);
}

/** psql's call that runs a part on the target, without secrets. */
async function restoreCall(ctx: StepContext, name: string) {
  const server = ctx.config.servers.target;
  const session = await toolSession(ctx, 'target', `longhaul/${ctx.config.run}/schema`);
  const quiet = ['-X', '--no-password', '-q', '-1', '-v', 'ON_ERROR_STOP=1', '-o', '/dev/null'];
  return {server, args: [...quiet, '-f', join(schemaFolder(ctx), `${name}.sql`), '-d', toLibpq(server, session)]};
}

/** Writes entries of an archive of the schema folder as SQL beside it, `NAME.sql`. */
export async function writePart(
  ctx: StepContext,
  {name, entries, again}: SchemaPart,
  archive: string = WHOLE.file,
): Promise<void> {
  const list = join(schemaFolder(ctx), `${name}.list`);
  // pg_restore reads the numbers and nothing else of a line.
  await writeFile(list, entries.map(({id}) => `${id};\n`).join(''), {mode: 0o600});
  const purpose = `write ${name}.sql`;
  const args = partArgs(ctx, {name, again}, archive);
  await runTool(ctx, {path: ctx.tools.pgRestore.path, args, server: null, limitMs: SCHEMA_LIMIT_MS, purpose});
}

/** pg_restore's arguments that write entries of an archive as SQL. */
export function partArgs(
  ctx: StepContext,
  {name, again}: Pick<SchemaPart, 'name' | 'again'>,
  archive: string = WHOLE.file,
): string[] {
  const file = (ending: string): string => join(schemaFolder(ctx), `${name}.${ending}`);
  // An archive keeps tablespaces, whatever pg_dump was told.
  const how = ['--no-owner', '--no-acl', '--no-tablespaces', ...(again ? ['--clean', '--if-exists'] : [])];
  return [...how, '-L', file('list'), '-f', file('sql'), archiveOf(ctx, archive)];
}
