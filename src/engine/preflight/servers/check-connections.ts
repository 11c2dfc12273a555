import type {Config} from '../../../config/config.ts';
import type {Finding} from '../../../domain/run/finding.ts';
import {quoteIdentifier} from '../../../domain/pg/identifier.ts';
import {SERVER_ROLES, type ServerRole} from '../../../domain/pg/server-role.ts';
import {readDatabaseExtras} from '../../../pg/catalog/database-extras.ts';
import {readConnections, type ConnectionsRow} from '../../../pg/load/connections.ts';
import type {StepContext} from '../../step.ts';
import {found} from '../found.ts';

/** The limits of connections, against the sessions of a run at its widest. A lane that is refused fails its unit, hours after the replica was paused. */
export async function checkConnections(ctx: StepContext): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const server of SERVER_ROLES) findings.push(...(await judgeServer(ctx, server, ctx.config.load)));
  const {connectionLimit} = await (await ctx.session('source')).one(readDatabaseExtras());
  return [...findings, ...judgeCopied(ctx.config.load, connectionLimit)];
}

type Widest = Pick<Config['load'], 'lanes' | 'indexJobs'>;
type Asking = Pick<StepContext, 'session' | 'config'>;

async function judgeServer(ctx: Asking, server: ServerRole, widest: Widest): Promise<Finding[]> {
  const session = await ctx.session(server);
  const seen = await session.one(readConnections(session.version, `longhaul/${ctx.config.run}/`));
  return judgeConnections(server, sessionsNeeded(server, widest), seen);
}

/** What keeps so many lanes from being at work at once: the servers that have no room for them. */
export async function judgeMoreLanes(ctx: Asking, lanes: number): Promise<Finding[]> {
  const {indexJobs} = ctx.config.load;
  const widest = {lanes, indexJobs};
  return [...(await judgeServer(ctx, 'replica', widest)), ...(await judgeServer(ctx, 'target', widest))];
}

/** Of its own a run has one session for its steps, one for its probes, and one that a step opens beside them. */
const BESIDE = 3;

/**
 * How many sessions a run has at once on a server: each lane has pg_dump and its fence on the replica and psql on the target, each comparison
 * one on both, each builder of indexes one on the target, beside the lanes; pg_dump of the schema one on the source. Pure.
 */
export function sessionsNeeded(server: ServerRole, {lanes, indexJobs}: Widest): number {
  switch (server) {
    case 'source':
      return BESIDE + 1;
    case 'replica':
      return BESIDE + 2 * lanes;
    case 'target':
      return BESIDE + lanes + indexJobs;
  }
}

/** Pure. */
export function judgeConnections(server: ServerRole, needed: number, seen: ConnectionsRow): Finding[] {
  const {blocker} = found(server);
  const where = server === 'replica' ? 'on the source, whom the replica follows: ' : '';
  const fewer = server === 'source' ? '' : '; or fewer lanes: load.lanes, load.index_jobs';
  const lacking = (limit: number, used: number): boolean => limit >= 0 && limit - used < needed;
  const words = (what: string, limit: number, used: number): string =>
    `${what} allows ${limit} connections, others have ${used} of them, and the run needs ${needed}`;
  const enough = (used: number): number => used + needed;
  return [
    ...(!seen.superuser && lacking(seen.roleLimit, seen.byRole)
      ? [
          blocker(
            'connection-limit',
            words(`CONNECTION LIMIT of role ${seen.role}`, seen.roleLimit, seen.byRole),
            `${where}ALTER ROLE ${quoteIdentifier(seen.role)} CONNECTION LIMIT ${enough(seen.byRole)}${fewer}`,
          ),
        ]
      : []),
    ...(!seen.superuser && lacking(seen.databaseLimit, seen.inDatabase)
      ? [
          blocker(
            'connection-limit',
            words(`CONNECTION LIMIT of database ${seen.database}`, seen.databaseLimit, seen.inDatabase),
            `${where}ALTER DATABASE ${quoteIdentifier(seen.database)} CONNECTION LIMIT ${enough(seen.inDatabase)}${fewer}`,
          ),
        ]
      : []),
    ...(lacking(seen.serverLimit, seen.onServer)
      ? [
          blocker(
            'max-connections',
            words('max_connections, without what is reserved,', seen.serverLimit, seen.onServer),
            `let sessions of others end, or raise max_connections and restart the server (its standbys first: they must not have less)${fewer}`,
          ),
        ]
      : []),
  ];
}

/** copy-globals gives the target's database the source's limit, before the lanes come. Pure. */
export function judgeCopied(load: Widest, limit: number): Finding[] {
  const needed = sessionsNeeded('target', load);
  if (limit < 0 || limit >= needed) return [];
  return [
    found('source').blocker(
      'connection-limit-copied',
      `the database has CONNECTION LIMIT ${limit}, which the target's gets as well, and the run needs ${needed} connections there`,
      `raise it on the source until the move is over, or give the target's database one of its own beforehand, which stays: ALTER DATABASE … CONNECTION LIMIT ${needed}; or fewer lanes: load.lanes, load.index_jobs`,
    ),
  ];
}
