import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {toLibpq} from '../../config/conninfo.ts';
import {dumpScope} from '../dump-scope.ts';
import type {StepContext} from '../step.ts';
import {runTool} from './run-tool.ts';
import {parseToc, selectToc, type TocEntry, type TocSelection} from './toc.ts';

/** The schema is small; what takes longer hangs on a lock. */
const LIMIT_MS = 30 * 60_000;

/** Where a schema dump and what was made of it lie: `RUN/schema/schema.dump`. */
export function schemaFolder(ctx: Pick<StepContext, 'folder'>): string {
  return join(ctx.folder.path, 'schema');
}

/** pg_dump's arguments for the source's schema, without secrets. */
export function schemaDumpArgs(ctx: Pick<StepContext, 'config' | 'folder'>): string[] {
  const {config} = ctx;
  return [
    '--schema-only',
    '--format=custom',
    '--no-password',
    '--no-tablespaces',
    '--no-security-labels',
    // pg_dump locks every table against DDL while it reads the catalog; it must not queue behind somebody's.
    `--lock-wait-timeout=${config.timeouts.lockMs}`,
    ...dumpScope(config.tables),
    '-f',
    join(schemaFolder(ctx), 'schema.dump'),
    '-d',
    toLibpq(config.servers.source, {applicationName: `longhaul/${config.run}/schema`}),
  ];
}

/**
 * Dumps the source's schema into the run folder and divides it. From the source and not from the replica: a standby cannot take the
 * locks that keep the schema still meanwhile.
 */
export async function dumpSchema(ctx: StepContext): Promise<TocSelection> {
  await mkdir(schemaFolder(ctx), {recursive: true, mode: 0o700});
  const server = ctx.config.servers.source;
  const purpose = 'dump the schema of the source';
  await runTool(ctx, {path: ctx.tools.pgDump.path, args: schemaDumpArgs(ctx), server, limitMs: LIMIT_MS, purpose});
  return readSelection(ctx);
}

/** Divides the dump that is in the run folder. */
export async function readSelection(ctx: StepContext): Promise<TocSelection> {
  const archive = join(schemaFolder(ctx), 'schema.dump');
  const list = async (...args: string[]): Promise<string> =>
    runTool(ctx, {
      path: ctx.tools.pgRestore.path,
      args: ['-l', ...args, archive],
      server: null,
      limitMs: LIMIT_MS,
      purpose: 'list the schema dump',
    });
  const afterData = new Set(parseToc(await list('--section=post-data')).map((entry) => entry.line));
  return selectToc(parseToc(await list()), afterData);
}

/** Writes the SQL of some entries of the dump to `NAME.sql` and gives its path. With `again` it replaces what is there already. */
export async function writePart(
  ctx: StepContext,
  {
    name,
    entries,
    again = false,
  }: {readonly name: string; readonly entries: readonly TocEntry[]; readonly again?: boolean},
): Promise<string> {
  const folder = schemaFolder(ctx);
  const list = join(folder, `${name}.list`);
  const path = join(folder, `${name}.sql`);
  await writeFile(list, `${entries.map((entry) => entry.line).join('\n')}\n`, {mode: 0o600});
  const replacing = again ? ['--clean', '--if-exists'] : [];
  const args = [...replacing, '-L', list, '-f', path, join(folder, 'schema.dump')];
  await runTool(ctx, {path: ctx.tools.pgRestore.path, args, server: null, limitMs: LIMIT_MS, purpose: `write ${path}`});
  return path;
}

/** Runs SQL files on the target, all of them or none. */
export async function applyParts(ctx: StepContext, paths: readonly string[], purpose: string): Promise<void> {
  const server = ctx.config.servers.target;
  const args = [
    '-X',
    '--no-password',
    '-q',
    '-1',
    '-v',
    'ON_ERROR_STOP=1',
    '-o',
    '/dev/null',
    ...paths.flatMap((path) => ['-f', path]),
    '-d',
    toLibpq(server, {applicationName: `longhaul/${ctx.config.run}/schema`}),
  ];
  await runTool(ctx, {path: ctx.tools.psql.path, args, server, limitMs: LIMIT_MS, purpose});
}
