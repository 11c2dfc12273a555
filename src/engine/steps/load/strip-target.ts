import {loadedTables} from '../../../domain/run/run-state.ts';
import type {Finding} from '../../../domain/run/finding.ts';
import {tablesOf} from '../../../domain/run/load-unit.ts';
import {quoteRelation} from '../../../domain/pg/relation.ts';
import {dropDomainCheck, readLooseDomainChecks} from '../../../pg/catalog/checks.ts';
import {dropConstraint, dropIndex, dropTrigger} from '../../../pg/load/restore.ts';
import {SQLSTATE, sqlStateOf} from '../../../pg/session/sqlstate.ts';
import {renderStatement, type Statement} from '../../../pg/session/statement.ts';
import {lanesAt} from '../../load/running-units.ts';
import {judgeOwner} from '../../load/take-target.ts';
import {foreignRows, readTargetContent} from '../../load/target-content.ts';
import {showLifts, tablesWithRowSecurity} from '../../schema/copy/row-security.ts';
import {isSchemaWanted} from '../../schema/copy/dump-scope.ts';
import {checkAfterLoad} from '../../run/needs.ts';
import {readPlan} from '../../plan/plan-file.ts';
import {readExtensionRows} from '../../schema/goal/extension-rows.ts';
import {keyOf, readManifest, readManifestFile, type Objects} from '../../schema/goal/manifest.ts';
import {notInManifest} from '../../schema/goal/not-in-manifest.ts';
import type {Action} from '../../action.ts';
import {executeAll, showStatement} from '../../make-action.ts';
import type {Step, StepContext} from '../../step.ts';
import {patiently} from '../../waiting/patiently.ts';

/** Takes indexes, keys, foreign keys, triggers and checks that are NOT VALID off the target's tables, all of which the manifest brings back. */
export const stripTarget: Step<'strip-target'> = {
  id: 'strip-target',
  phase: 'load',
  title: 'strip the target of indexes and keys',
  why: 'a foreign key fails the load of a child before its parent, a unique index fails batch apply, every index slows the load down',
  source: 'runbook, step 8; facts/loading.md',
  confirm: 'typed',

  async check(ctx) {
    const over = await checkAfterLoad(ctx);
    if (over !== null) return over;
    // What could not be taken off before, as the statements that were refused.
    const kept = ctx.state().evidence['strip-target']?.kept ?? [];
    // Lanes load, so it was done; a lane may have its table for itself, and what reads definitions would wait for it.
    if (lanesAt(ctx.state()).length > 0) return {done: {stripped: 'nothing was left to strip', kept}, findings: []};
    const there = await readThere(ctx);
    const rows = await readExtensionRows(ctx);
    const findings = [
      ...(await judgeOwner(ctx)),
      ...(await judgeRows(ctx)),
      ...notInManifest('strip-target', await readManifestFile(ctx.folder), there),
      ...rows.findings,
    ];
    // Nothing to strip is no reason to load beside what is in the way.
    const done =
      findings.length === 0 &&
      (await planStrip(ctx, there, rows.empties)).every((statement) => kept.includes(renderStatement(statement)));
    return {done: done ? {stripped: 'nothing was left to strip', kept} : null, findings};
  },

  plan: async (ctx) => [
    // The check before reads whether somebody's rows are there.
    ...showLifts(await tablesWithRowSecurity(ctx)),
    ...(await planActions(ctx, await readThere(ctx), [])),
  ],

  async run(ctx) {
    const there = await readThere(ctx);
    const kept: string[] = [];
    await executeAll(await planActions(ctx, there, kept));
    return {
      indexes: there.indexes.length,
      foreignKeys: there.foreignKeys.length,
      triggers: there.triggers.length,
      checks: there.checks.length,
      manifest: ctx.folder.manifest,
      kept,
    };
  },
};

/** `kept` gets the statements that the server refused: what they are about has to stay. */
async function planActions(ctx: StepContext, there: Objects, kept: string[]): Promise<Action[]> {
  const statements = await planStrip(ctx, there, (await readExtensionRows(ctx)).empties);
  return statements.map((statement, done) => {
    const what = renderStatement(statement);
    const execute = async (): Promise<void> => {
      await ctx.record({type: 'step.progressed', step: 'strip-target', done, total: statements.length, what});
      try {
        await patiently(ctx, {step: 'strip-target', on: 'target', done, total: statements.length, what}, statement);
      } catch (error) {
        // A view may rest on a primary key: the table is loaded with it.
        if (sqlStateOf(error) !== SQLSTATE.dependentObjects) throw error;
        kept.push(what);
      }
    };
    return {on: 'target', text: showStatement(statement), execute};
  });
}

/** Everything that is taken off, in its order: what the dry run shows, what runs, and what has to be gone. */
async function planStrip(ctx: StepContext, there: Objects, empties: readonly Statement[]): Promise<Statement[]> {
  return [...stripping(there), ...(await readDomainDrops(ctx)), ...empties];
}

/** What is still on the tables that are to be loaded and would have been taken off, but for what could not be, and for triggers that are somebody else's. */
export async function readNotStripped(ctx: StepContext): Promise<string[]> {
  const kept = ctx.state().evidence['strip-target']?.kept ?? [];
  const there = await readThere(ctx);
  const known = there.triggers.length === 0 ? [] : (await readManifestFile(ctx.folder)).triggers;
  const ours = new Set(known.map((one) => keyOf(one)));
  const triggers = there.triggers.filter((one) => ours.has(keyOf(one)));
  const statements = stripping({...there, triggers}).map((statement) => renderStatement(statement));
  return statements.filter((what) => !kept.includes(what));
}

/** Checks of domains that were never validated: the rows of the source break them, too. The rest of the schema brings them back. */
async function readDomainDrops(ctx: StepContext): Promise<Statement[]> {
  const loose = await (await ctx.session('target')).run(readLooseDomainChecks());
  const {tables} = ctx.config;
  const begun = ctx.state().units.some((unit) => unit.state.status === 'committed');
  return begun ? [] : loose.filter(({schema}) => isSchemaWanted(schema, tables)).map((check) => dropDomainCheck(check));
}

/** A table with rows that this run did not load is somebody's, with its indexes: neither is touched. */
async function judgeRows(ctx: StepContext): Promise<Finding[]> {
  const {units} = await readPlan(ctx);
  const tables = tablesOf(units);
  return foreignRows('strip-target', await readTargetContent(ctx, tables, {changesNothing: false}));
}

/** The tables that DMS keeps on a target for itself. */
const OF_DMS = /^awsdms_/;

/** What the tables still carry that are not loaded yet: those that are in may have their indexes already. */
async function readThere(ctx: StepContext): Promise<Objects> {
  const {units} = ctx.state();
  const loaded = new Set(loadedTables(units).map(quoteRelation));
  const open = new Set((await readPlan(ctx)).units.flatMap((unit) => unit.tables.map((table) => quoteRelation(table))));
  const all = await readManifest(await ctx.session('target'), ctx.config.tables);
  const begun = units.some(({state}) => state.status === 'committed');
  const stays = ({schema, table}: {schema: string; table: string}): boolean => {
    // What tasks of DMS have left of an earlier run is nobody's to load.
    if (OF_DMS.test(table)) return false;
    const name = quoteRelation({schema, name: table});
    // Partitioned parents and unlogged tables are in no unit; they are stripped with the others, before anything is loaded.
    return open.has(name) ? !loaded.has(name) : !begun;
  };
  return {
    indexes: all.indexes.filter((row) => stays(row)),
    foreignKeys: all.foreignKeys.filter((row) => stays(row)),
    triggers: all.triggers.filter((row) => stays(row) && !row.cloned),
    // Rows that break a check are loaded all the same where the check was never validated.
    checks: all.checks.filter((row) => !row.validated && stays(row)),
  };
}

/** Foreign keys first, because they hang on keys; an index that is attached goes with its parent's. Pure. */
export function stripping({indexes, foreignKeys, triggers, checks}: Objects): Statement[] {
  const own = indexes.filter((index) => index.parentName === null);
  return [
    ...foreignKeys.map((key) => dropConstraint(key)),
    ...triggers.map((trigger) => dropTrigger(trigger)),
    ...checks.map((check) => dropConstraint(check)),
    ...own.map((index) =>
      index.constraintName === null
        ? dropIndex(index)
        : dropConstraint({schema: index.schema, table: index.table, name: index.constraintName}),
    ),
  ];
}
