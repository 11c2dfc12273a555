import type {Finding} from '../../domain/finding.ts';
import {formatRelation, quoteRelation, type RelationName} from '../../domain/relation.ts';
import {quoteIdentifier} from '../../domain/identifier.ts';
import {readTables} from '../../pg/inventory.ts';
import {readPglogical, readRoleRights, readUnreadable, type RoleRights} from '../../pg/rights.ts';
import {isWanted} from '../inventory/is-wanted.ts';
import type {StepContext} from '../step.ts';

/** What Longhaul's role may do on the source. The replica has the same roles and rights: it is a copy. */
export async function checkSourceRights(ctx: StepContext): Promise<Finding[]> {
  const source = await ctx.session('source');
  const rights = await source.one(readRoleRights(source.version));
  const tables = (await source.run(readTables(source.version))).filter((table) => isWanted(table, ctx.config.tables));
  const names = new Set((await source.run(readUnreadable(tables))).map(({name}) => name));
  const withSlots = ctx.config.cdc.engine !== 'none';
  const [pglogical] = withSlots ? await source.run(readPglogical()) : [];
  return judgeSourceRights({
    rights,
    unreadable: tables.filter((table) => names.has(quoteRelation(table))),
    secured: tables.filter((table) => table.rowSecurity),
    withSlots,
    pglogical: pglogical ?? null,
  });
}

/** What was seen; `secured` tables have row security. */
export interface RightsSeen {
  readonly rights: RoleRights;
  readonly unreadable: readonly RelationName[];
  readonly secured: readonly RelationName[];
  readonly withSlots: boolean;
  readonly pglogical: {readonly version: string; readonly mayUse: boolean} | null;
}

/** Pure. */
export function judgeSourceRights({rights, unreadable, secured, withSlots, pglogical}: RightsSeen): Finding[] {
  const role = quoteIdentifier(rights.role);
  const found: (Finding | null)[] = [
    withSlots && !rights.superuser && !rights.replication
      ? blocker('replication', `role ${rights.role} may not create slots`, `ALTER ROLE ${role} REPLICATION`)
      : null,
    withSlots && pglogical === null
      ? blocker(
          'pglogical',
          'the extension pglogical is not in this database',
          'as superuser: CREATE EXTENSION pglogical',
        )
      : null,
    withSlots && pglogical !== null && !pglogical.mayUse
      ? blocker(
          'pglogical-usage',
          `role ${rights.role} may not use the schema pglogical`,
          `GRANT USAGE ON SCHEMA pglogical TO ${role}; GRANT SELECT ON ALL TABLES IN SCHEMA pglogical TO ${role}`,
        )
      : null,
    unreadable.length > 0
      ? blocker(
          'select',
          `role ${rights.role} may not read ${listed(unreadable)}`,
          `GRANT SELECT ON ALL TABLES IN SCHEMA ${quoteIdentifier(unreadable[0]?.schema ?? '')} TO ${role} (or, from 14 on, GRANT pg_read_all_data TO ${role})`,
        )
      : null,
    secured.length > 0 && !rights.bypassRls
      ? blocker(
          'row-security',
          `row security hides rows of ${listed(secured)} from role ${rights.role}: pg_dump fails on them`,
          `ALTER ROLE ${role} BYPASSRLS`,
        )
      : null,
    withSlots && pglogical !== null
      ? {
          check: 'source.pglogical',
          severity: 'note',
          subject: 'source',
          seen: `pglogical ${pglogical.version}`,
          remedy: '',
        }
      : null,
  ];
  return found.filter((finding) => finding !== null);
}

function blocker(check: string, seen: string, remedy: string): Finding {
  return {check: `source.${check}`, severity: 'blocker', subject: 'source', seen, remedy};
}

function listed(tables: readonly RelationName[]): string {
  const names = tables.slice(0, 5).map((table) => formatRelation(table));
  return `${tables.length} tables (${names.join(', ')}${tables.length > 5 ? ', …' : ''})`;
}
