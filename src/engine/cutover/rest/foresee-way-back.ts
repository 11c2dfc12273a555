import {quoteIdentifier} from '../../../domain/pg/identifier.ts';
import type {Finding} from '../../../domain/run/finding.ts';
import {found, listedOut} from '../../preflight/found.ts';
import {maySetReplicationRole} from '../../preflight/servers/check-target.ts';
import type {StepContext} from '../../step.ts';
import {describeRest, type Rest, type RestTable} from './read-rest.ts';

/** What was seen of the source as one that is copied to. */
export interface WayBackSeen {
  readonly tables: readonly RestTable[];
  readonly mayBeReplica: boolean;
  readonly role: string;
}

/** What would keep `longhaul back` from copying again on the source what does not come back by itself, told before anybody is stopped; nothing where no way back is wanted. */
export async function foreseeWayBack(ctx: StepContext, {tables}: Pick<Rest, 'tables'>): Promise<Finding[]> {
  const {reverse, copyRestBack} = ctx.config.cutover;
  if (ctx.isBack === true || !reverse || !copyRestBack || tables.length === 0) return [];
  return judgeWayBack({
    tables,
    mayBeReplica: await maySetReplicationRole(await ctx.session('source')),
    role: ctx.config.servers.source.params['user'] ?? '',
  });
}

/** Pure. */
export function judgeWayBack({tables, mayBeReplica, role}: WayBackSeen): Finding[] {
  const {warning} = found('cutover', 'source');
  const closed = tables.filter(({source}) => !source.mayWrite || !source.maySwitch);
  const refused = 'longhaul back will be refused for what does not come back by itself';
  const leave = 'or leave it: cutover.copy_rest_back: no';
  return [
    ...(mayBeReplica
      ? []
      : [
          warning(
            'rest-back-role',
            `${refused}: our role may not write on the source as a replica does: ${listedOut(tables.map(describeRest))}`,
            `${grantReplicationRole('source', role)}; ${leave}`,
          ),
        ]),
    ...(closed.length === 0
      ? []
      : [
          warning(
            'rest-back',
            `${refused}: our role may not write these tables of the source: ${listedOut(closed.map(describeRest))}`,
            `run examples/grants/cutover-source.sql as a superuser, or give these tables to an owner that our role is a member of; ${leave}`,
          ),
        ]),
  ];
}

/** What lets a role write on a server as a replica does, so that neither triggers nor foreign keys fire. Pure. */
export function grantReplicationRole(on: 'source' | 'target', role: string): string {
  return `on the ${on}, as superuser, from 15 on: GRANT SET ON PARAMETER session_replication_role TO ${quoteIdentifier(role)}; before 15: ALTER ROLE ${quoteIdentifier(role)} SUPERUSER`;
}
