import type {Inventory} from '../../../domain/pg/inventory.ts';
import {formatRelation, type RelationName} from '../../../domain/pg/relation.ts';
import {createSchema, readSchemas} from '../../../pg/catalog/schemas.ts';
import {readInventoryFile} from '../../inventory/inventory-file.ts';
import {shellCommand} from '../../tools/shell-quote.ts';
import {checkAfterLoad} from '../../run/needs.ts';
import {isSchemaWanted} from '../../schema/copy/dump-scope.ts';
import {isForeseen, type Foreseeing} from '../../schema/copy/coming-roles.ts';
import {planEach} from '../../schema/copy/apply-each.ts';
import {dumpSchema, partCommands, restorePart, schemaDumpArgs} from '../../schema/copy/dump-schema.ts';
import {readOwnership} from '../../schema/copy/ownership.ts';
import {readGoal, writeManifestFile, type Manifest} from '../../schema/goal/manifest.ts';
import type {TocSelection} from '../../schema/copy/toc.ts';
import {readIfThere} from '../../run/run-folder.ts';
import {tablesThere} from '../../schema/goal/tables-there.ts';
import type {Session} from '../../../pg/session/session.ts';
import {claimFirst} from '../../claim-first.ts';
import {allOver} from '../../waiting/all-over.ts';
import type {Action} from '../../action.ts';
import {executeAll, later, statementAction, type Later} from '../../make-action.ts';
import {asOnSource} from '../../schema/copy/as-on-source.ts';
import type {Step, StepContext} from '../../step.ts';

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
          seen: `${missing.length} of ${tables.length} tables are missing on the target (${some}), and the others are there: somebody has begun to create a schema there`,
          remedy: howToComplete(missing),
        },
      ],
    };
  },

  plan: async (ctx) => planCopy(ctx, {found: await readFound(ctx), foreseen: await isForeseen(ctx)}, nothingCopied()),

  async run(ctx) {
    const tables = wantedTables(await readInventoryFile(ctx));
    const found = await readFound(ctx);
    const copied = nothingCopied();
    await executeAll(await planCopy(ctx, {found, foreseen: false}, copied));
    const selection = copied.selection.get();
    const leftOut = [...leftOutOf(selection), ...copied.leftOut];
    const {refused} = copied;
    return {tables: tables.length, objects: selection.objects.length, found: found === 'theirs', leftOut, refused};
  },
};

/** Whose schema the target holds: it is not there, of this run, or there before it. */
type Found = 'missing' | 'ours' | 'theirs';

/** A target that holds the schema already is stripped instead; what this run has begun it also ends. */
async function readFound(ctx: StepContext): Promise<Found> {
  const tables = wantedTables(await readInventoryFile(ctx));
  const claimed = ctx.state().claimed.includes(TARGET_SCHEMA);
  // Without a table there is nothing that a schema which somebody made could be known by.
  const isThere = tables.length === 0 ? claimed : (await readMissing(ctx, tables)).length === 0;
  return isThere ? (claimed ? 'ours' : 'theirs') : 'missing';
}

/** What the actions find on the way. */
interface Copied {
  readonly selection: Later<TocSelection>;
  readonly manifest: Later<Manifest>;
  /** What of owners and grants stays behind, and what the target refused, in words. */
  readonly leftOut: string[];
  readonly refused: string[];
}

function nothingCopied(): Copied {
  return {selection: later('the dump'), manifest: later('the manifest'), leftOut: [], refused: []};
}

async function planCopy(
  ctx: StepContext,
  {found, foreseen}: Foreseeing & {readonly found: Found},
  copied: Copied,
): Promise<Action[]> {
  const dump = async (): Promise<void> => {
    const goal = readGoal(await ctx.session('source'), ctx.config.tables);
    const [selection, manifest] = await allOver([dumpSchema(ctx), goal]);
    copied.selection.set(selection);
    copied.manifest.set(manifest);
  };
  // Last: with the manifest the step is done.
  const note = async (): Promise<void> => writeManifestFile(ctx.folder, copied.manifest.get());
  return [
    {
      on: 'jump box',
      text: shellCommand([ctx.tools.pgDump.path, ...(await schemaDumpArgs(ctx))]),
      execute: dump,
    },
    ...(found === 'missing' ? await planObjects(ctx, copied) : []),
    ...(found === 'theirs' ? [] : await planOwnersAndGrants(ctx, {foreseen}, copied)),
    {on: 'jump box', text: `write ${ctx.folder.manifest}`, execute: note},
  ];
}

async function planObjects(ctx: StepContext, copied: Copied): Promise<Action[]> {
  const session = async (): Promise<Session> => ctx.session('target');
  const schemas = (await wantedSchemas(ctx)).map((schema) =>
    statementAction(createSchema(schema), {on: 'target', session}),
  );
  const restore = async (): Promise<void> => {
    const objects = {name: 'objects', entries: copied.selection.get().objects, again: false};
    await restorePart(ctx, objects, 'create the schema on the target');
  };
  const text = await partCommands(ctx, 'objects', {again: false});
  const actions: Action[] = [...schemas, {on: 'jump box', text, execute: restore}];
  return actions.map((action) => claimFirst(ctx, [TARGET_SCHEMA], action));
}

async function planOwnersAndGrants(
  ctx: StepContext,
  foreseeing: Foreseeing,
  {leftOut, refused}: Copied,
): Promise<Action[]> {
  const ownership = await readOwnership(ctx, foreseeing);
  leftOut.push(...ownership.leftOut);
  const total = ownership.statements.length;
  const onBatch = async (done: number): Promise<void> =>
    ctx.record({type: 'step.progressed', step: 'copy-schema', done, total, what: 'owners and grants'});
  return planEach(ctx, ownership.statements, {refused, onBatch});
}

function leftOutOf({leftOut, objects}: TocSelection): string[] {
  return [
    ...leftOut.map(({what, why}) => `${what}: ${why}`),
    ...objects
      .filter(({kind}) => kind === 'USER MAPPING')
      .map(
        ({rest}) =>
          `options of USER MAPPING ${rest}: only a superuser may read its user and password; set them on the target`,
      ),
  ];
}

/** How the journal claims that the schema on the target is this run's. */
const TARGET_SCHEMA = 'schema on the target';

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

/** A few are made by hand; where most are missing, the others are in the way. */
const FEW = 20;

function howToComplete(missing: readonly string[]): string {
  return missing.length > FEW
    ? 'drop those that are there, or create the missing tables as they are on the source; then run again'
    : `create the missing tables as they are on the source: ${asOnSource(missing)}; or drop those that are there; then run again`;
}
