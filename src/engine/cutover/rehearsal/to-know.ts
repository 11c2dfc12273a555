import type {Finding} from '../../../domain/run/finding.ts';
import type {StepContext} from '../../step.ts';
import {judgeStays} from '../commands/let-go.ts';
import {readJobFindings} from '../jobs/judge-jobs.ts';
import {readNumbersTaken} from '../sequences/numbers-taken.ts';
import {readSequencesAhead} from '../sequences/sequences-ahead.ts';
import {readViewFindings} from '../views.ts';
import {readWaitingObjects} from '../waiting-objects.ts';
import {judgeBuilds} from './builds.ts';
import {readDurability} from '../../preflight/servers/durability.ts';
import {readLoginRoles} from './login-roles.ts';
import {readUnproved} from './no-lock.ts';
import {readOtherReaders} from './other-readers.ts';
import {judgeStatistics, readLackingStatistics} from './statistics.ts';

/** What stops no cutover, and has to be known before it. Reads both servers. */
export async function readToKnow(ctx: StepContext): Promise<Finding[]> {
  return [
    ...judgeStatistics(await readLackingStatistics(ctx)),
    ...judgeBuilds(await readWaitingObjects(ctx), ctx.config.cutover.writeStopLimitMs),
    ...(await readDurability(ctx)),
    ...(await readUnproved(ctx)),
    ...judgeStays(ctx.config),
    ...(await readSequencesAhead(ctx)),
    ...(await readNumbersTaken(ctx, 'source')),
    ...(await readViewFindings(ctx)),
    ...(await readLoginRoles(ctx)),
    ...(await readOtherReaders(ctx)),
    ...(await readJobFindings(ctx)),
  ];
}
