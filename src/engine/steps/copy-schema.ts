import {join} from 'node:path';
import type {Inventory} from '../../domain/inventory.ts';
import {formatRelation, quoteRelation, type RelationName} from '../../domain/relation.ts';
import {readMissingTables} from '../../pg/target-tables.ts';
import {readInventoryFile} from '../inventory/inventory-file.ts';
import {shellCommand} from '../load/shell-quote.ts';
import {checkAfterLoad} from '../load-is-over.ts';
import {dumpSchema, schemaDumpArgs, schemaFolder} from '../schema/dump-schema.ts';
import {restoreEntries} from '../schema/restore-entries.ts';
import {readManifest, restorable, writeManifestFile} from '../schema/manifest.ts';
import {readIfThere} from '../run-folder.ts';
import type {Step, StepContext} from '../step.ts';

/** Copies the schema without indexes, index constraints, foreign keys and triggers, and writes down what it left for later. */
export const copySchema: Step = {
  id: 'copy-schema',
  phase: 'prepare',
  title: 'copy the schema, without indexes',
  why: 'rows need their tables; an index that is there during the load makes it 2 to 8 times as long',
  source: 'runbook, "Fresh Schema Dump"; facts/loading.md',
  confirm: 'no',

  async check(ctx) {
    const over = checkAfterLoad(ctx.state());
    if (over !== null) return over;
    const tables = wantedTables(await readInventoryFile(ctx.folder));
    const missing = await readMissing(ctx, tables);
    if (missing.length === 0 && (await readIfThere(ctx.folder.manifest)) !== null) {
      return {done: {tables: tables.length, manifest: ctx.folder.manifest}, findings: []};
    }
    if (missing.length === tables.length || missing.length === 0) return {done: null, findings: []};
    const some = missing.slice(0, 10).join(', ');
    return {
      done: null,
      findings: [
        {
          check: 'copy-schema.partly-there',
          severity: 'blocker',
          subject: 'target',
          seen: `${missing.length} of ${tables.length} tables are missing on the target (${some}), and the others are there: somebody has begun a schema of their own`,
          remedy: 'create the missing tables as they are on the source, or drop those that are there; then run again',
        },
      ],
    };
  },

  async statements(ctx) {
    const folder = schemaFolder(ctx);
    const psql = [
      '-X',
      '-1',
      '-v',
      'ON_ERROR_STOP=1',
      ...['first', 'owners', 'objects', 'owners-end', 'grants'].flatMap((part) => ['-f', join(folder, `${part}.sql`)]),
    ];
    return [
      {on: 'source', action: shellCommand([ctx.tools.pgDump.path, ...schemaDumpArgs(ctx)])},
      {on: 'target', action: shellCommand([ctx.tools.psql.path, ...psql])},
    ];
  },

  async run(ctx) {
    const selection = await dumpSchema(ctx);
    const manifest = await readManifest(await ctx.session('source'), ctx.config.tables);
    await writeManifestFile(ctx.folder, restorable(manifest));
    const tables = wantedTables(await readInventoryFile(ctx.folder));
    const leftOut = selection.leftOut.map(({what, why}) => `${what}: ${why}`);
    // A target that holds the schema already is stripped instead.
    if ((await readMissing(ctx, tables)).length === 0) return {tables: tables.length, found: true, leftOut};
    const {first, objects, grants} = selection;
    const keptBack = await restoreEntries(
      ctx,
      {first, objects, grants, again: false},
      'create the schema on the target',
    );
    return {tables: tables.length, objects: selection.objects.length, leftOut: [...leftOut, ...keptBack]};
  },
};

/** Every table of the inventory, partitioned parents and unlogged ones among them. */
function wantedTables(inventory: Inventory): RelationName[] {
  return inventory.tables.map((table) => table.relation);
}

async function readMissing(ctx: StepContext, tables: readonly RelationName[]): Promise<string[]> {
  const target = await ctx.session('target');
  const missing = new Set((await target.run(readMissingTables(tables))).map(({name}) => name));
  return tables.filter((table) => missing.has(quoteRelation(table))).map((table) => formatRelation(table));
}
