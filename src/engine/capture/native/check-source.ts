import {quoteIdentifier} from '../../../domain/pg/identifier.ts';
import {formatBytes} from '../../../domain/base/units.ts';
import {formatRelation} from '../../../domain/pg/relation.ts';
import type {ServerVersion} from '../../../domain/pg/server-version.ts';
import type {Finding} from '../../../domain/run/finding.ts';
import {readPublishable, type PublishableRow} from '../../../pg/capture/publications.ts';
import {readRoleRights, type RoleRights} from '../../../pg/roles/rights.ts';
import {maybe} from '../../../pg/session/versions.ts';
import {isWanted} from '../../inventory/is-wanted.ts';
import {found, listed} from '../../preflight/found.ts';
import type {StepContext} from '../../step.ts';

/** Whether our role may publish the tables, and whether the source can at all. */
export async function checkSource(ctx: StepContext): Promise<Finding[]> {
  const source = await ctx.session('source');
  if (maybe('publishAll', source.version) === null) return judgeRelease(source.version);
  const tables = (await source.run(readPublishable())).filter((table) => isWanted(table, ctx.config.tables));
  const database = ctx.config.servers.source.params['dbname'] ?? '';
  return judgePublishing({...(await source.one(readRoleRights(source.version))), database}, tables);
}

const {blocker, warning} = found('source');

/** Pure. */
export function judgeRelease(version: ServerVersion): Finding[] {
  if (maybe('publishAll', version) !== null) return [];
  return [
    blocker(
      'native-release',
      'it is older than 10 and has no publications, which cdc.engine native reads',
      'cdc.engine: dms in longhaul.yaml; or none, for a plain copy',
    ),
  ];
}

/** What is searched in some ten milliseconds: a batch of a hundred thousand rows takes no longer than an hour. */
const SMALL_BYTES = 8 * 1024 ** 2;

/** FOR TABLE wants each table's owner, and CREATE on the database. Pure. */
export function judgePublishing(
  {
    role,
    superuser,
    createInDatabase,
    database,
  }: Pick<RoleRights, 'role' | 'superuser' | 'createInDatabase'> & {
    readonly database: string;
  },
  tables: readonly PublishableRow[],
): Finding[] {
  const closed = superuser ? [] : tables.filter(({mayPublish}) => !mayPublish);
  const owners = [...new Set(closed.filter((one) => !one.ownerIsSuperuser).map(({owner}) => owner))];
  const ofSuperusers = closed.filter(({ownerIsSuperuser}) => ownerIsSuperuser);
  const grants = owners.map((owner) => `GRANT ${quoteIdentifier(owner)} TO ${quoteIdentifier(role)}`).join('; ');
  const full = tables.filter(({isFull, fullBytes}) => isFull && fullBytes > SMALL_BYTES);
  return [
    ...(superuser || createInDatabase
      ? []
      : [
          blocker(
            'create-in-database',
            `role ${role} may not create publications and the sentinels' schema`,
            `on the source, as superuser: GRANT CREATE ON DATABASE ${quoteIdentifier(database)} TO ${quoteIdentifier(role)}`,
          ),
        ]),
    ...(owners.length === 0
      ? []
      : [
          blocker(
            'publish',
            `role ${role} may not publish ${listed(closed.filter((one) => !one.ownerIsSuperuser).map((one) => formatRelation(one)))}: only their owner may`,
            `on the source, as superuser: ${grants}`,
          ),
        ]),
    ...(ofSuperusers.length === 0
      ? []
      : [
          blocker(
            'publish-superusers',
            `role ${role} may not publish ${listed(ofSuperusers.map((one) => formatRelation(one)))}: they belong to a superuser`,
            `give them to a role that is no superuser, or leave them out by tables.exclude; or on the source, as superuser: ALTER ROLE ${quoteIdentifier(role)} SUPERUSER`,
          ),
        ]),
    ...(full.length === 0
      ? []
      : [
          warning(
            'full',
            `${listed(full.map((one) => `${formatRelation(one)} (${formatBytes(one.fullBytes)})`))}: REPLICA IDENTITY FULL; the target searches the whole table for each row that is changed or deleted, from 16 on only where no index of it can be used`,
            'give them a primary key and REPLICA IDENTITY DEFAULT, or see that hardly any of their rows is changed or deleted before the cutover',
          ),
        ]),
  ];
}
