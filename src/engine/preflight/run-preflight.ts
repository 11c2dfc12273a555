import type {Finding} from '../../domain/finding.ts';
import {sortFindings} from '../../domain/finding.ts';
import {LonghaulError} from '../../domain/longhaul-error.ts';
import type {StepContext} from '../step.ts';
import {checkData} from './check-data.ts';
import {checkReplica} from './check-replica.ts';
import {checkSourceRights} from './check-source-rights.ts';
import {checkSourceSettings} from './check-source-settings.ts';
import {checkSourceSlots} from './check-source-slots.ts';
import {checkTarget} from './check-target.ts';
import {checkTools} from './check-tools.ts';

/** Everything that preflight looks at, in order. Source: facts/postgres.md. */
const CHECKS: readonly {readonly id: string; readonly check: (ctx: StepContext) => Promise<Finding[]>}[] = [
  {id: 'tools', check: checkTools},
  {id: 'source.settings', check: checkSourceSettings},
  {id: 'source.rights', check: checkSourceRights},
  {id: 'source.slots', check: checkSourceSlots},
  {id: 'replica', check: checkReplica},
  {id: 'target', check: checkTarget},
  {id: 'data', check: checkData},
];

/** Looks at servers, tools and data; changes nothing. A server that cannot be reached is thrown; what may not be read is a finding. */
export async function runPreflight(ctx: StepContext): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const {id, check} of CHECKS) findings.push(...(await tolerant(id, async () => check(ctx))));
  return sortFindings(findings);
}

async function tolerant(id: string, check: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof LonghaulError) || error.code !== 'failed') throw error;
    return [
      {
        check: `${id}.unseen`,
        severity: 'warning',
        subject: id,
        seen: `it could not be looked at: ${error.message}`,
        remedy: error.remedy,
      },
    ];
  }
}
