import type {ServerRole} from '../../domain/pg/server-role.ts';
import {identifySystem, type SystemIdentity} from '../../pg/session/identify-system.ts';
import type {StepContext} from '../step.ts';

/** Of which cluster a server is and on which timeline: asked over the replication protocol, of which a server's SQL cannot be the judge. */
export async function readIdentity(
  ctx: Pick<StepContext, 'config' | 'trace'>,
  role: ServerRole,
): Promise<SystemIdentity> {
  const {run, servers, timeouts} = ctx.config;
  return identifySystem(role, servers[role], {
    applicationName: `longhaul/${run}/identify`,
    timeoutMs: timeouts.statementMs,
    trace: ctx.trace,
  });
}

/** A position with the identity of the server that is at it. */
export async function withIdentity<Position>(
  ctx: Pick<StepContext, 'config' | 'trace'>,
  role: ServerRole,
  position: Position,
): Promise<Position & SystemIdentity> {
  return {...position, ...(await readIdentity(ctx, role))};
}
