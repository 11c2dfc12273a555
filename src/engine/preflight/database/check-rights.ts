import type {Finding} from '../../../domain/run/finding.ts';
import {quoteIdentifier} from '../../../domain/pg/identifier.ts';
import {printable} from '../../../domain/base/printable.ts';
import {formatRelation, type RelationName} from '../../../domain/pg/relation.ts';
import {
  countUnreadableObjects,
  readRoleRights,
  readUnreadable,
  type RoleRights,
  type UnreadableRow,
} from '../../../pg/roles/rights.ts';
import {readTableNames} from '../../../pg/catalog/inventory.ts';
import type {Session} from '../../../pg/session/session.ts';
import {isWanted} from '../../inventory/is-wanted.ts';
import type {StepContext} from '../../step.ts';
import {found, listed} from '../found.ts';

/** What the roles may read that ask the source and that dump the replica: the same rights hold on both, but it may be two roles. */
export async function checkRights(ctx: StepContext): Promise<Finding[]> {
  const [source, replica] = [await ctx.session('source'), await ctx.session('replica')];
  const asking = await readReading(ctx, source);
  const dumping = await readReading(ctx, replica);
  return [
    ...judgeReading('source', asking),
    ...(dumping.rights.role === asking.rights.role ? [] : judgeReading('replica', dumping)),
  ];
}

/** What a role may not read of what moves; `secured` tables have row security. */
export interface ReadingSeen {
  readonly rights: RoleRights;
  readonly unreadable: readonly UnreadableRow[];
  readonly secured: readonly RelationName[];
  readonly unreadableObjects: number;
}

async function readReading(ctx: StepContext, session: Session): Promise<ReadingSeen> {
  const {tables} = ctx.config;
  const wanted = (row: RelationName): boolean => isWanted(row, tables);
  return {
    rights: await session.one(readRoleRights(session.version)),
    // Sequences are in the dump with their tables, whatever the list of tables says.
    unreadable: (await session.run(readUnreadable())).filter((row) => isWanted(row, {...tables, include: []})),
    secured: (await session.run(readTableNames(session.version))).filter((row) => row.rowSecurity && wanted(row)),
    unreadableObjects: (await session.one(countUnreadableObjects())).objects,
  };
}

/** Pure. */
export function judgeReading(server: 'source' | 'replica', seen: ReadingSeen): Finding[] {
  const {blocker} = found(server);
  const role = quoteIdentifier(seen.rights.role);
  const schemas = [...new Set(seen.unreadable.map(({schema}) => schema))].map((name) => quoteIdentifier(name));
  const closed = [
    ...new Set(seen.unreadable.filter((row) => row.schemaClosed).map(({schema}) => quoteIdentifier(schema))),
  ];
  const open = seen.unreadable.filter((row) => !row.schemaClosed);
  return [
    ...(seen.unreadable.length === 0
      ? []
      : [
          blocker(
            'select',
            `role ${seen.rights.role} may not read ${seen.unreadable.length} tables and sequences: ${[
              ...closed.map((schema) => `all of schema ${printable(schema)}`),
              ...(open.length === 0 ? [] : [names(open)]),
            ].join(', ')}`,
            'on the source, as superuser: ' +
              [
                ...(closed.length === 0 ? [] : [`GRANT USAGE ON SCHEMA ${closed.join(', ')} TO ${role}`]),
                `GRANT SELECT ON ALL TABLES IN SCHEMA ${schemas.join(', ')} TO ${role}`,
                `GRANT SELECT ON ALL SEQUENCES IN SCHEMA ${schemas.join(', ')} TO ${role}`,
              ].join('; ') +
              `; or from 14 on: GRANT pg_read_all_data TO ${role}; the replica follows the source`,
          ),
        ]),
    ...(seen.secured.length === 0 || seen.rights.bypassRls
      ? []
      : [
          blocker(
            'row-security',
            `row security hides rows of ${names(seen.secured)} from role ${seen.rights.role}: pg_dump fails on them`,
            `on the source, as superuser: ALTER ROLE ${role} BYPASSRLS`,
          ),
        ]),
    ...(seen.unreadableObjects === 0
      ? []
      : [
          blocker(
            'large-objects',
            `role ${seen.rights.role} may not read ${seen.unreadableObjects} large objects: pg_dump fails on them`,
            `on the source, as superuser: ALTER ROLE ${role} SET lo_compat_privileges = on`,
          ),
        ]),
  ];
}

function names(rows: readonly RelationName[]): string {
  return listed(
    rows.map((row) => formatRelation(row)),
    5,
  );
}
