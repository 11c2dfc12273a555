import type {Inventory} from '../../../domain/pg/inventory.ts';
import {formatRelation, type RelationName} from '../../../domain/pg/relation.ts';
import {createSchema, readSchemas} from '../../../pg/catalog/schemas.ts';
import {renderStatement, type Statement} from '../../../pg/session/statement.ts';
import {readInventoryFile} from '../../inventory/inventory-file.ts';
import {shellCommand} from '../../tools/shell-quote.ts';
import {checkAfterLoad} from '../../run/needs.ts';
import {isSchemaWanted} from '../../schema/copy/dump-scope.ts';
import {applyEach} from '../../schema/copy/apply-each.ts';
import {dumpSchema, restoreCall, restorePart, schemaDumpArgs} from '../../schema/copy/dump-schema.ts';
import {readOwnership} from '../../schema/copy/ownership.ts';
import {readGoal, writeManifestFile} from '../../schema/goal/manifest.ts';
import {readIfThere} from '../../run/run-folder.ts';
import {tablesThere} from '../../schema/goal/tables-there.ts';
import type {PlannedAction, Step, StepContext} from '../../step.ts';

/** Copies the schema without indexes, index constraints, foreign keys and triggers, and writes down what it left for later. */
export const copySchema: Step<'copy-schema'> = {
  id: 'copy-schema',
  phase: 'prepare',
  title: 'copy the schema, without indexes',
  why: 'rows need their tables; an index that is there during the load makes it 2 to 8 times as long',
  source: 'runbook, "Fresh Schema Dump"; facts/loading.md',
  confirm: 'no',

  async check(ctx) {
    const over = await checkAfterLoad(ctx);
    if (over !== null) return over;
    const tables = wantedTables(await readInventoryFile(ctx));
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
    const {args} = await restoreCall(ctx, 'objects');
    const schemas = (await wantedSchemas(ctx)).map((schema) => createSchema(schema));
    const {statements} = await readOwnership(ctx);
    return [
      {on: 'source', action: shellCommand([ctx.tools.pgDump.path, ...(await schemaDumpArgs(ctx))])},
      ...schemas.map((statement) => onTarget(statement)),
      {on: 'target', action: shellCommand([ctx.tools.psql.path, ...args])},
      ...statements.map((statement) => onTarget(statement)),
    ];
  },

  async run(ctx) {
    const selection = await dumpSchema(ctx);
    const manifest = await readGoal(await ctx.session('source'), ctx.config.tables);
    const tables = wantedTables(await readInventoryFile(ctx));
    const leftOut = [
      ...selection.leftOut.map(({what, why}) => `${what}: ${why}`),
      ...selection.objects
        .filter(({kind}) => kind === 'USER MAPPING')
        .map(
          ({rest}) =>
            `options of USER MAPPING ${rest}: only a superuser may read its user and password; set them on the target`,
        ),
    ];
    // A target that holds the schema already is stripped instead; what this run has begun it also ends.
    const claimed = ctx.state().claimed.includes(TARGET_SCHEMA);
    // Without a table there is nothing that a schema which somebody made could be known by.
    const isThere = tables.length === 0 ? claimed : (await readMissing(ctx, tables)).length === 0;
    const found = isThere && !claimed;
    if (!isThere) {
      await ctx.record({type: 'objects.claimed', objects: [TARGET_SCHEMA]});
      const target = await ctx.session('target');
      for (const schema of await wantedSchemas(ctx)) await target.run(createSchema(schema));
      const objects = {name: 'objects', entries: selection.objects, again: false};
      await restorePart(ctx, objects, 'create the schema on the target');
    }
    const refused = found ? [] : await giveOwnersAndGrants(ctx, leftOut);
    // Last: with the manifest the step is done.
    await writeManifestFile(ctx.folder, manifest);
    return {tables: tables.length, objects: selection.objects.length, found, leftOut, refused};
  },
};

function onTarget(statement: Statement): PlannedAction {
  return {on: 'target', action: renderStatement(statement)};
}

/** How the journal claims that the schema on the target is this run's. */
const TARGET_SCHEMA = 'schema on the target';

async function giveOwnersAndGrants(ctx: StepContext, leftOut: string[]): Promise<string[]> {
  const ownership = await readOwnership(ctx);
  leftOut.push(...ownership.leftOut);
  const total = ownership.statements.length;
  return applyEach(await ctx.session('target'), ownership.statements, async (done) =>
    ctx.record({type: 'step.progressed', step: 'copy-schema', done, total, what: 'owners and grants'}),
  );
}

async function wantedSchemas(ctx: StepContext): Promise<string[]> {
  const source = await ctx.session('source');
  const schemas = (await source.run(readSchemas())).map(({schema}) => schema);
  return schemas.filter((schema) => isSchemaWanted(schema, ctx.config.tables));
}

/** Every table of the inventory, partitioned parents and unlogged ones among them. */
function wantedTables(inventory: Inventory): RelationName[] {
  return inventory.tables.map((table) => table.relation);
}

async function readMissing(ctx: StepContext, tables: readonly RelationName[]): Promise<string[]> {
  const target = await ctx.session('target');
  return (await tablesThere(target, tables)).missing.map((table) => formatRelation(table));
}
