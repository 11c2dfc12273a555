import {mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import {toLibpq} from '../../../config/conninfo/conninfo.ts';
import {formatRelation, quoteRelation, sameRelation, type RelationName} from '../../../domain/pg/relation.ts';
import {createSchema} from '../../../pg/catalog/schemas.ts';
import {listEntries, restorePart, schemaFolder} from '../../schema/copy/dump-schema.ts';
import {
  keyOf,
  readGoal,
  readManifestFile,
  writeManifestFile,
  type Manifest,
  type Named,
} from '../../schema/goal/manifest.ts';
import type {TocEntry} from '../../schema/copy/toc.ts';
import type {StepContext} from '../../step.ts';
import {runTool} from '../../tools/run-tool.ts';
import {toolSession} from '../../tools/tool-session.ts';

const LIMIT_MS = 10 * 60_000;
const ARCHIVE = 'adopt.dump';
/** What finds rows, and what keeps others out. Foreign keys and triggers come with those of all other tables. */
const INDEXES: readonly string[] = ['INDEX', 'CONSTRAINT', 'INDEX ATTACH'];

/** Makes the table on the target as it is on the source, without indexes, keys and triggers. */
export async function makeTable(ctx: StepContext, table: RelationName): Promise<void> {
  await (await ctx.session('target')).run(createSchema(table.schema));
  const {before} = await dump(ctx, table);
  await restorePart(
    ctx,
    {name: 'adopt-table', entries: before, again: false},
    `create ${formatRelation(table)}`,
    ARCHIVE,
  );
}

/** Builds its indexes, and notes in the manifest what of it is still to come. An earlier attempt may have built them. */
export async function makeIndexes(ctx: StepContext, table: RelationName): Promise<void> {
  const goal = ofTable(await readGoal(await ctx.session('source'), ctx.config.tables), table);
  const there = ofTable(await readGoal(await ctx.session('target'), ctx.config.tables), table);
  if (there.indexes.length < goal.indexes.length) {
    const {after} = await dump(ctx, table);
    await restorePart(
      ctx,
      {name: 'adopt-indexes', entries: after, again: false},
      `build the indexes of ${formatRelation(table)}`,
      ARCHIVE,
    );
  }
  await writeManifestFile(ctx.folder, withTable(await readManifestFile(ctx.folder), goal));
}

async function dump(ctx: StepContext, table: RelationName): Promise<{before: TocEntry[]; after: TocEntry[]}> {
  const {config, tools} = ctx;
  await mkdir(schemaFolder(ctx), {recursive: true, mode: 0o700});
  const session = await toolSession(ctx, 'source', `longhaul/${config.run}/schema`);
  const server = config.servers.source;
  const archive = join(schemaFolder(ctx), ARCHIVE);
  await runTool(ctx, {
    path: tools.pgDump.path,
    args: [
      '--schema-only',
      '--format=custom',
      '--no-password',
      '--no-tablespaces',
      '--no-security-labels',
      `--lock-wait-timeout=${config.timeouts.lockMs}`,
      '-t',
      quoteRelation(table),
      '-f',
      archive,
      '-d',
      toLibpq(server, session),
    ],
    server,
    limitMs: LIMIT_MS,
    purpose: `dump the definition of ${formatRelation(table)}`,
  });
  const all = await listEntries(ctx, archive, '-v');
  const later = new Set((await listEntries(ctx, archive, '--section=post-data')).map(({id}) => id));
  return {
    before: all.filter(
      ({id, kind}) => !later.has(id) && !['ACL', 'SCHEMA', 'SEQUENCE SET', 'TABLE DATA'].includes(kind),
    ),
    after: all.filter(({kind}) => INDEXES.includes(kind)),
  };
}

/** Pure. */
function ofTable(manifest: Manifest, table: RelationName): Manifest {
  const own = <Row extends {readonly schema: string; readonly table: string}>(rows: readonly Row[]): Row[] =>
    rows.filter((row) => sameRelation({schema: row.schema, name: row.table}, table));
  const {indexes, foreignKeys, triggers, checks, comments, tables} = manifest;
  return {
    indexes: own(indexes),
    foreignKeys: own(foreignKeys),
    triggers: own(triggers),
    checks: own(checks),
    comments: own(comments),
    tables: own(tables),
  };
}

/** The manifest with what one table has; what it knew of that table before is replaced. Pure. */
export function withTable(manifest: Manifest, own: Manifest): Manifest {
  const others = <Row extends {readonly schema: string; readonly table: string}>(rows: readonly Row[]): Row[] =>
    rows.filter((row) => !own.tables.some(({schema, table}) => schema === row.schema && table === row.table));
  return {
    indexes: joined(manifest.indexes, own.indexes),
    foreignKeys: joined(manifest.foreignKeys, own.foreignKeys),
    triggers: joined(manifest.triggers, own.triggers),
    checks: joined(manifest.checks, own.checks),
    comments: [...others(manifest.comments), ...own.comments],
    tables: [...others(manifest.tables), ...own.tables],
  };
}

function joined<Row extends Named>(rows: readonly Row[], more: readonly Row[]): Row[] {
  const known = new Set(more.map((row) => keyOf(row)));
  return [...rows.filter((row) => !known.has(keyOf(row))), ...more];
}
