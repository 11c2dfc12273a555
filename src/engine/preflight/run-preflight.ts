import type {Finding} from '../../domain/run/finding.ts';
import {hasBlocker, sortFindings} from '../../domain/run/finding.ts';
import {LonghaulError} from '../../domain/base/longhaul-error.ts';
import {SERVER_ROLES} from '../../domain/pg/server-role.ts';
import {SQLSTATE, sqlStateOf} from '../../pg/session/sqlstate.ts';
import {runningUnits} from '../load/running-units.ts';
import type {StepContext} from '../step.ts';
import {withOnce} from './read-once.ts';
import {checkBytes} from './database/check-bytes.ts';
import {checkConnections} from './servers/check-connections.ts';
import {checkData} from './database/check-data.ts';
import {checkFunctions} from './database/check-functions.ts';
import {checkMovedPartitions} from './database/check-moved-partitions.ts';
import {checkPlainColumns} from './database/check-plain-columns.ts';
import {checkNamesInRows, checkRefusedValues} from './database/check-names-in-rows.ts';
import {checkNulls, checkRowsByChecks} from './database/check-rows-by-checks.ts';
import {checkLeftBehind} from './database/check-left-behind.ts';
import {checkJumpBox} from './servers/check-jump-box.ts';
import {checkLockTables} from './servers/check-lock-tables.ts';
import {checkReplica} from './servers/check-replica.ts';
import {reachServers} from './servers/reach-servers.ts';
import {checkRights} from './database/check-rights.ts';
import {checkRoom} from './servers/check-room.ts';
import type {PreflightCheck} from '../capture/capture.ts';
import {checkMakers} from '../capture/adopt/check-makers.ts';
import {checkEngine} from '../capture/check-engine.ts';
import {engineOf} from '../capture/engines.ts';
import {checkGoneRoles, checkSuperuserObjects} from './database/check-superuser-objects.ts';
import {checkTables} from './database/check-tables.ts';
import {checkTablespaces} from './servers/check-tablespaces.ts';
import {checkTimeline} from './servers/check-timeline.ts';
import {checkTarget} from './servers/check-target.ts';
import {checkTargetSchema} from './database/check-target-schema.ts';
import {checkTargetRows} from './database/check-target-rows.ts';
import {checkToolLogins} from './servers/check-tool-logins.ts';
import {checkTools} from './servers/check-tools.ts';
import {checkVersions} from './servers/check-versions.ts';

/** What is checked first: without tools and room on the jump box there is no move. */
const TOOLS: readonly PreflightCheck[] = [
  {id: 'tools', check: checkTools},
  {id: 'tool logins', check: checkToolLogins},
  {id: 'jump box', check: checkJumpBox},
];

/** What every run wants; what its engine of change capture wants comes before it. Source: facts/postgres.md. */
const CHECKS: readonly PreflightCheck[] = [
  {id: 'engine', check: checkEngine},
  {id: 'rights', check: checkRights},
  {id: 'replica', check: checkReplica},
  {id: 'timeline', check: checkTimeline},
  {id: 'target', check: checkTarget},
  {id: 'target rows', check: checkTargetRows},
  {id: 'target schema', check: checkTargetSchema},
  {id: 'room', check: checkRoom},
  {id: 'tables', check: checkTables},
  {id: 'data', check: checkData},
  {id: 'tables to come', check: checkMakers},
  {id: 'tablespaces', check: checkTablespaces},
  {id: 'lock tables', check: checkLockTables},
  {id: 'connections', check: checkConnections},
  {id: 'superuser objects', check: checkSuperuserObjects},
  {id: 'gone roles', check: checkGoneRoles},
  {id: 'left behind', check: checkLeftBehind},
  {id: 'functions', check: checkFunctions},
  {id: 'names in rows', check: checkNamesInRows},
  {id: 'refused values', check: checkRefusedValues},
  {id: 'rows by checks', check: checkRowsByChecks},
  {id: 'nulls', check: checkNulls},
  {id: 'rows by partitions', check: checkMovedPartitions},
  {id: 'rows by pages', check: checkPlainColumns},
];

/** Reads servers, tools and data; changes nothing. Servers that cannot be reached are thrown, all of them; what may not be read is a finding. */
export async function runPreflight(run: StepContext): Promise<Finding[]> {
  await reachServers(run, SERVER_ROLES);
  const ctx = withOnce(run);
  const findings = await checkVersions(ctx);
  if (!hasBlocker(findings)) findings.push(...(await tolerant(ctx, 'bytes', async () => checkBytes(ctx))));
  // Of a server that is not what it is called, nothing else that is seen means anything; nor can names that are no UTF-8 be read.
  if (hasBlocker(findings)) return sortFindings(findings);
  const checks = [...TOOLS, ...engineOf(ctx.config).checks, ...CHECKS];
  for (const {id, check} of checks) findings.push(...(await tolerant(ctx, id, async () => check(ctx))));
  return sortFindings(findings);
}

/** A check that is refused must not keep the others from running; but what was not seen cannot be called good. */
async function tolerant(ctx: StepContext, id: string, check: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof LonghaulError) || error.code !== 'failed') throw error;
    return [
      {
        check: `${id.replaceAll(' ', '-')}.unseen`,
        severity: 'blocker',
        subject: id,
        seen: `it could not be checked: ${error.message}`,
        remedy: heldByLanes(ctx, error) ?? error.remedy,
      },
    ];
  }
}

/**
 * A replica that somebody has let go on, while a lane of ours reads it, may wait for that lane to replay a lock; who reads the table then waits for replay.
 * Nobody but the pause ends lanes that can no longer commit. Null where it is something else.
 */
function heldByLanes(ctx: StepContext, error: LonghaulError): string | null {
  const state = ctx.state();
  if (sqlStateOf(error) !== SQLSTATE.lockNotAvailable || state.boundary === null || runningUnits(state).length === 0)
    return null;
  return 'where replay on the replica waits for a lane of this run, which reads what is to be locked: longhaul run --from pause-replay ends the lane and takes a new P';
}
