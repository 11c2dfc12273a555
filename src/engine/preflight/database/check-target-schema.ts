import type {Finding} from '../../../domain/run/finding.ts';
import {formatRelation} from '../../../domain/pg/relation.ts';
import {readTables} from '../../../pg/catalog/inventory.ts';
import {SENTINEL_SCHEMA} from '../../../pg/capture/sentinels.ts';
import {SQLSTATE, sqlStateOf} from '../../../pg/session/sqlstate.ts';
import {isWanted} from '../../inventory/is-wanted.ts';
import {readGoal, readManifest} from '../../schema/goal/manifest.ts';
import {notInManifest} from '../../schema/goal/not-in-manifest.ts';
import {tablesThatDiffer} from '../../schema/goal/tables-that-differ.ts';
import {tablesThere} from '../../schema/goal/tables-there.ts';
import type {PreflightContext} from '../read-once.ts';
import {found, listed} from '../found.ts';

/**
 * In what a schema that somebody has made on the target differs from the source's: found now, and not by strip-target and full-load, after the
 * slots were made and the replica paused. Once a load has begun, these two ask it at P.
 */
export async function checkTargetSchema(ctx: PreflightContext): Promise<Finding[]> {
  if (ctx.state().loadBoundary !== null) return [];
  try {
    return await compareSchemas(ctx);
  } catch (error) {
    // Definitions are read under a lock, and a production that holds one exclusively is no reason to stop here.
    if (sqlStateOf(error) !== SQLSTATE.lockNotAvailable) throw error;
    return [
      note(
        'not-compared',
        'its definitions were not compared with the source’s: somebody holds an exclusive lock on a table there; strip-target and full-load compare them at P',
      ),
    ];
  }
}

async function compareSchemas(ctx: PreflightContext): Promise<Finding[]> {
  const [source, target] = [await ctx.session('source'), await ctx.session('target')];
  const wanted = (await ctx.once('source', readTables(source.version))).filter((table) =>
    isWanted(table, ctx.config.tables),
  );
  const {there, missing} = await tablesThere(target, wanted);
  if (there.length === 0) return [];
  const differ = await tablesThatDiffer(source, target, there);
  const [goal, has] = [await readGoal(source, ctx.config.tables), await readManifest(target, ctx.config.tables)];
  return [
    ...judgePartly(
      missing.map((table) => formatRelation(table)),
      wanted.length,
    ),
    ...judgeColumns(differ.map((table) => formatRelation(table))),
    // What partitions have from their parents goes and comes with those; a check that is valid stays where it is.
    ...notInManifest('target', goal, {
      ...has,
      // An earlier run has left its sentinels there, which this one is still to make on the source.
      indexes: has.indexes.filter(({schema}) => schema !== SENTINEL_SCHEMA),
      triggers: has.triggers.filter(({cloned}) => !cloned),
      checks: has.checks.filter(({validated}) => !validated),
    }),
    ...judgeChecks(notInManifest('target', goal, {...NOTHING, checks: has.checks.filter(({validated}) => validated)})),
  ];
}

const NOTHING = {indexes: [], foreignKeys: [], triggers: [], checks: []};

const {blocker, note, warning} = found('target', 'tables of the target');

/** Pure. */
export function judgePartly(missing: readonly string[], wanted: number): Finding[] {
  if (missing.length === 0) return [];
  return [
    blocker(
      'partly-there',
      `${missing.length} of ${wanted} tables are missing on the target (${listed(missing)}), and the others are there: copy-schema wants all of them, or none`,
      'create the missing tables as they are on the source, or drop those that are there; then run again',
    ),
  ];
}

/** Pure. */
export function judgeColumns(differ: readonly string[]): Finding[] {
  if (differ.length === 0) return [];
  return [
    blocker(
      'columns-differ',
      `these have other columns, or columns of other types, than on the source: ${listed(differ)}`,
      'alter them on the target until \\d says the same on both, or drop the schema there, which copy-schema then makes; then run again',
    ),
  ];
}

/** A row that breaks a check ends the load of its table, hours later. Pure. */
export function judgeChecks(extra: readonly Finding[]): Finding[] {
  if (extra.length === 0) return [];
  return [
    warning(
      'check-of-its-own',
      `the target has checks that the source does not have; a row that breaks one ends the load of its table: ${listed(extra.map(({subject}) => subject))}`,
      'ALTER TABLE … DROP CONSTRAINT … on the target, or see on the source that no row breaks them',
    ),
  ];
}
