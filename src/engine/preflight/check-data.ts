import type {Finding} from '../../domain/finding.ts';
import {formatRelation, type RelationName} from '../../domain/relation.ts';
import {readDataHazards, type HazardRow} from '../../pg/data-hazards.ts';
import {readDatabaseFacts, readTables, type TableRow} from '../../pg/inventory.ts';
import {isWanted} from '../inventory/is-wanted.ts';
import type {StepContext} from '../step.ts';

/** What of the data the procedure or CDC does not carry as it is. */
export async function checkData(ctx: StepContext): Promise<Finding[]> {
  const source = await ctx.session('source');
  const wanted = (row: RelationName): boolean => isWanted(row, ctx.config.tables);
  return judgeData({
    tables: (await source.run(readTables(source.version))).filter((row) => wanted(row)),
    hazards: (await source.run(readDataHazards())).filter((row) => wanted(row)),
    largeObjects: (await source.one(readDatabaseFacts())).largeObjects,
    engine: ctx.config.cdc.engine,
  });
}

/** What was seen of the data. */
export interface DataSeen {
  readonly tables: readonly TableRow[];
  readonly hazards: readonly HazardRow[];
  readonly largeObjects: number;
  readonly engine: 'dms' | 'none';
}

/** Pure. */
export function judgeData({tables, hazards, largeObjects, engine}: DataSeen): Finding[] {
  const withCdc = engine !== 'none';
  const unlogged = tables.filter((table) => table.persistence === 'u');
  const keyless = tables.filter((table) => table.kind === 'r' && table.persistence === 'p' && !table.hasReplicaKey);
  const of = (hazard: HazardRow['hazard']): HazardRow[] => hazards.filter((row) => row.hazard === hazard);
  const found: (Finding | null)[] = [
    withCdc
      ? about(
          keyless,
          'warning',
          'no-key',
          'the WAL names no key of their rows: their inserts are captured, their updates and deletes are not',
          'give them a primary key and REPLICA IDENTITY DEFAULT, or let nobody update or delete in them until cutover',
        )
      : null,
    about(
      unlogged,
      'warning',
      'unlogged',
      'they are unlogged and therefore empty on the replica: their rows are not copied',
      'ALTER TABLE … SET LOGGED on the source, or fill them anew on the target',
    ),
    about(
      of('foreign table'),
      'note',
      'foreign-table',
      'foreign tables: their definition is copied, their rows lie elsewhere',
      '',
    ),
    about(
      of('inheritance'),
      'note',
      'inheritance',
      'tables that inherit: parent and child are loaded each with its own rows',
      '',
    ),
    withCdc
      ? about(
          of('numeric or char'),
          'note',
          'dms-types',
          'columns of numeric without precision or char(n): DMS rounds or trims them unless told otherwise',
          '',
        )
      : null,
    withCdc
      ? about(
          of('deferrable or exclusion'),
          'note',
          'constraints',
          'deferrable or exclusion constraints: an apply in another order may trip over them',
          '',
        )
      : null,
    aboutObjects(largeObjects, withCdc),
  ];
  return found.filter((finding) => finding !== null);
}

function about(
  rows: readonly RelationName[],
  severity: Finding['severity'],
  check: string,
  ...[words, remedy]: readonly [string, string]
): Finding | null {
  if (rows.length === 0) return null;
  const names = [...new Set(rows.map((row) => formatRelation({schema: row.schema, name: row.name})))];
  const list = names.slice(0, 10).join(', ') + (names.length > 10 ? ', …' : '');
  return {check: `data.${check}`, severity, subject: `${names.length} tables`, seen: `${words} (${list})`, remedy};
}

function aboutObjects(count: number, withCdc: boolean): Finding | null {
  if (count === 0) return null;
  return {
    check: 'data.large-objects',
    severity: withCdc ? 'warning' : 'note',
    subject: 'large objects',
    seen: `${count} large objects: copied at P, and no change capture carries what is written to them later`,
    remedy: withCdc ? 'let nobody write large objects until cutover, or move them into bytea' : '',
  };
}
