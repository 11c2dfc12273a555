import type {Finding} from '../../domain/run/finding.ts';
import {formatRelation, quoteRelation, type RelationName} from '../../domain/pg/relation.ts';
import {claimedBack} from '../../domain/run/back/claimed-back.ts';
import {sentinelTable} from '../../pg/capture/sentinels.ts';
import {readTablesWithRows} from '../../pg/catalog/target-tables.ts';
import {readOwnTables, readTableLedgerExists} from '../../pg/load/own-tables.ts';
import type {Session} from '../../pg/session/session.ts';
import {tablesThatHide, withEveryRow} from '../schema/copy/row-security.ts';
import {tablesThere} from '../schema/goal/tables-there.ts';
import type {StepContext} from '../step.ts';
import {tablesOf} from '../../domain/run/load-unit.ts';
import {runningUnits} from './running-units.ts';
import {readUnitsIn} from './read-ledger.ts';

/** What the target has of some tables. Whose rows are in a table is asked here and nowhere else. */
export interface TargetContent {
  readonly missing: readonly RelationName[];
  /** Tables that are this run's: a unit of it has filled them, at whatever P, or a lane is at it. */
  readonly own: readonly RelationName[];
  /** Tables that hold at least one row of their own and are not this run's. */
  readonly foreign: readonly RelationName[];
  /** Tables that are there, and neither. */
  readonly empty: readonly RelationName[];
}

const AT_ONCE = 200;

/**
 * Asks the target about every one of the tables: whether it holds a row, not how many. To see through row security something must be changed
 * for a moment; `changesNothing` leaves such tables out, as if they were empty. A unit asks once more, under its lock (pg/load/own-tables.ts). Of a table that a
 * lane fills nobody is asked: the lane has done so, and may have the table for itself for hours.
 */
export async function readTargetContent(
  ctx: StepContext,
  tables: readonly RelationName[],
  {changesNothing}: {readonly changesNothing: boolean},
): Promise<TargetContent> {
  const target = await ctx.session('target');
  const limits = {timeoutMs: ctx.config.timeouts.scanMs};
  const {there, missing} = await tablesThere(target, tables);
  const running = tablesOf(runningUnits(ctx.state())).map((table) => quoteRelation(table));
  const ours = new Set([...(await namesOfOwn(target, ctx.config.run)), ...running]);
  const own = there.filter((table) => ours.has(quoteRelation(table)));
  const others = there.filter((table) => !ours.has(quoteRelation(table)));
  const hiding = changesNothing ? await tablesThatHide(target, others) : [];
  const asked = others.filter((table) => !hiding.includes(table));
  // Into these the run itself has written while production was on the target; they are loaded by nobody.
  const ofWayBack = new Set(
    claimedBack(ctx.state().claimed, 'back-sentinel').map((name) => quoteRelation(sentinelTable(name))),
  );
  const filled = new Set<string>();
  for (let from = 0; from < asked.length; from += AT_ONCE) {
    const some = asked.slice(from, from + AT_ONCE);
    const rows = await withEveryRow(target, some, async () => target.run(readTablesWithRows(some), limits));
    for (const {name} of rows) filled.add(name);
  }
  return {
    missing,
    own,
    foreign: others.filter((table) => filled.has(quoteRelation(table)) && !ofWayBack.has(quoteRelation(table))),
    empty: others.filter((table) => !filled.has(quoteRelation(table))),
  };
}

async function namesOfOwn(target: Session, run: string): Promise<ReadonlySet<string>> {
  const {exists} = await target.one(readTableLedgerExists());
  if (exists) return new Set((await target.run(readOwnTables(run))).map(({name}) => name));
  // No ledger, or one of an older version.
  return new Set((await readUnitsIn(target, run)).flatMap((row) => row.tables));
}

/** Rows that this run did not load would be doubled, or mixed with what it loads. `step` is who found them. Pure. */
export function foreignRows(step: string, {foreign}: Pick<TargetContent, 'foreign'>): Finding[] {
  return foreign.map((table) => ({
    check: `${step}.foreign-rows`,
    severity: 'blocker',
    subject: `table ${formatRelation(table)}`,
    seen: 'the target table holds rows that this run did not load',
    remedy: `when they are not wanted, on the target: TRUNCATE ONLY ${quoteRelation(table)}; then run again`,
  }));
}

/** Large objects that this run did not load have numbers that those of the source may have. `step` is who found them. Pure. */
export function foreignObjects(step: string, objects: number): Finding[] {
  if (objects === 0) return [];
  return [
    {
      check: `${step}.foreign-objects`,
      severity: 'blocker',
      subject: 'large objects',
      seen: `the target holds ${objects} large objects that this run did not load; theirs keep their numbers`,
      remedy:
        'when they are not wanted, on the target: SELECT lo_unlink(oid) FROM (SELECT oid FROM pg_largeobject_metadata LIMIT 500) AS batch; the same again until it gives no row; then run again',
    },
  ];
}
