import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {Inventory} from '../../domain/inventory.ts';
import {formatRelation, quoteRelation, type RelationName} from '../../domain/relation.ts';
import {grantCreateOnDatabase, grantCreateOnSchema, readCreators, readOwners, revokeCreateOnDatabase, revokeCreateOnSchema} from '../../pg/ownership.ts';
import {readRoleNames} from '../../pg/roles.ts';
import {renderStatement, type Statement} from '../../pg/statement.ts';
import {readMissingTables} from '../../pg/target-tables.ts';
import {readInventoryFile} from '../inventory/inventory-file.ts';
import {shellCommand} from '../load/shell-quote.ts';
import {checkAfterLoad} from '../load-is-over.ts';
import {applyParts, dumpSchema, schemaDumpArgs, schemaFolder, writePart} from '../schema/dump-schema.ts';
import {readManifest, writeManifestFile} from '../schema/manifest.ts';
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
    const psql = ['-X', '-1', '-v', 'ON_ERROR_STOP=1', ...['first', 'owners', 'objects', 'owners-end', 'grants'].flatMap((part) => ['-f', join(folder, `${part}.sql`)])];
    return [
      {on: 'source', action: shellCommand([ctx.tools.pgDump.path, ...schemaDumpArgs(ctx)])},
      {on: 'target', action: shellCommand([ctx.tools.psql.path, ...psql])},
    ];
  },

  async run(ctx) {
    const selection = await dumpSchema(ctx);
    await writeManifestFile(ctx.folder, await readManifest(await ctx.session('source'), ctx.config.tables));
    const tables = wantedTables(await readInventoryFile(ctx.folder));
    const leftOut = selection.leftOut.map(({what, why}) => `${what}: ${why}`);
    // A target that holds the schema already is stripped instead.
    if ((await readMissing(ctx, tables)).length === 0) return {tables: tables.length, found: true, leftOut};
    const {grants, revokes} = await ownership(ctx);
    const parts = [
      await writePart(ctx, 'first', selection.first),
      await writeStatements(ctx, 'owners', grants),
      await writePart(ctx, 'objects', selection.objects),
      await writeStatements(ctx, 'owners-end', revokes),
      await writePart(ctx, 'grants', selection.grants),
    ];
    await applyParts(ctx, parts, 'create the schema on the target');
    return {tables: tables.length, objects: selection.objects.length, leftOut};
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

/**
 * Without a superuser, ownership can only be given to a role that may create in the same place. So the owners get that right for the
 * length of the transaction, as far as they have not got it.
 */
async function ownership(ctx: StepContext): Promise<{grants: Statement[]; revokes: Statement[]}> {
  const source = await ctx.session('source');
  const target = await ctx.session('target');
  const database = ctx.config.servers.target.params['dbname'] ?? '';
  const own = ctx.config.servers.target.params['user'] ?? '';
  const creators = new Set((await target.run(readCreators())).map(({role}) => role));
  const known = new Set((await target.run(readRoleNames())).map(({role}) => role));
  const owners = (await source.run(readOwners())).filter(({owner}) => known.has(owner) && owner !== own);
  const roles = [...new Set(owners.map(({owner}) => owner))].filter((role) => !creators.has(role));
  return {
    grants: [...roles.map((role) => grantCreateOnDatabase(database, role)), ...owners.map(({owner, schema}) => grantCreateOnSchema(schema, owner))],
    revokes: [...roles.map((role) => revokeCreateOnDatabase(database, role)), ...owners.map(({owner, schema}) => revokeCreateOnSchema(schema, owner))],
  };
}

async function writeStatements(ctx: StepContext, name: string, statements: readonly Statement[]): Promise<string> {
  const path = join(schemaFolder(ctx), `${name}.sql`);
  await writeFile(path, statements.map((statement) => `${renderStatement(statement)};\n`).join(''), {mode: 0o600});
  return path;
}
