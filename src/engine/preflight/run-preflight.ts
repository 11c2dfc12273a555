import type {Finding} from '../../domain/finding.ts';
import {hasBlocker, sortFindings} from '../../domain/finding.ts';
import {LonghaulError} from '../../domain/longhaul-error.ts';
import type {StepContext} from '../step.ts';
import {checkBytes} from './check-bytes.ts';
import {checkData} from './check-data.ts';
import {checkFunctions} from './check-functions.ts';
import {checkLeftBehind} from './check-left-behind.ts';
import {checkLockTables} from './check-lock-tables.ts';
import {checkReplica} from './check-replica.ts';
import {checkRights} from './check-rights.ts';
import {checkRoom} from './check-room.ts';
import {checkSourceSettings} from './check-source-settings.ts';
import {checkSourceSlots} from './check-source-slots.ts';
import {checkSuperuserObjects} from './check-superuser-objects.ts';
import {checkTables} from './check-tables.ts';
import {checkTablespaces} from './check-tablespaces.ts';
import {checkTimeline} from './check-timeline.ts';
import {checkTarget} from './check-target.ts';
import {checkTargetRows} from './check-target-rows.ts';
import {checkToolLogins} from './check-tool-logins.ts';
import {checkTools} from './check-tools.ts';
import {checkVersions} from './check-versions.ts';

/** Everything that preflight looks at, in order. Source: facts/postgres.md. */
const CHECKS: readonly {readonly id: string; readonly check: (ctx: StepContext) => Promise<Finding[]>}[] = [
  {id: 'tools', check: checkTools},
  {id: 'tool logins', check: checkToolLogins},
  {id: 'source settings', check: checkSourceSettings},
  {id: 'rights', check: checkRights},
  {id: 'source slots', check: checkSourceSlots},
  {id: 'replica', check: checkReplica},
  {id: 'timeline', check: checkTimeline},
  {id: 'target', check: checkTarget},
  {id: 'target rows', check: checkTargetRows},
  {id: 'room', check: checkRoom},
  {id: 'tables', check: checkTables},
  {id: 'data', check: checkData},
  {id: 'tablespaces', check: checkTablespaces},
  {id: 'lock tables', check: checkLockTables},
  {id: 'superuser objects', check: checkSuperuserObjects},
  {id: 'left behind', check: checkLeftBehind},
  {id: 'functions', check: checkFunctions},
];

/** Looks at servers, tools and data; changes nothing. A server that cannot be reached is thrown; what may not be read is a finding. */
export async function runPreflight(ctx: StepContext): Promise<Finding[]> {
  const findings = await checkVersions(ctx);
  if (!hasBlocker(findings)) findings.push(...(await tolerant('bytes', async () => checkBytes(ctx))));
  // Of a server that is not what it is called, nothing else that is seen means anything; nor can names that are no UTF-8 be read.
  if (hasBlocker(findings)) return sortFindings(findings);
  for (const {id, check} of CHECKS) findings.push(...(await tolerant(id, async () => check(ctx))));
  return sortFindings(findings);
}

/** A look that is refused must not keep the others from being taken; but what was not seen cannot be said to be well. */
async function tolerant(id: string, check: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof LonghaulError) || error.code !== 'failed') throw error;
    return [
      {
        check: `${id.replaceAll(' ', '-')}.unseen`,
        severity: 'blocker',
        subject: id,
        seen: `it could not be looked at: ${error.message}`,
        remedy: error.remedy,
      },
    ];
  }
}
