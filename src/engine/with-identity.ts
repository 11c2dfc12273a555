import type {ServerRole} from '../domain/server-role.ts';
import {identifySystem} from '../pg/identify-system.ts';
import type {StepContext} from './step.ts';

interface Identified {
  readonly timeline: number | null;
  readonly systemIdentifier: string | null;
}

/** The position with system identifier and timeline where the server's SQL does not tell them (9.4, 9.5): asked over the replication protocol. */
export async function withIdentity<Position extends Identified>(
  ctx: Pick<StepContext, 'config'>,
  role: ServerRole,
  position: Position,
): Promise<Position> {
  if (position.systemIdentifier !== null && position.timeline !== null) return position;
  const {run, servers, timeouts} = ctx.config;
  const identity = await identifySystem(role, servers[role], {
    applicationName: `longhaul/${run}/identify`,
    timeoutMs: timeouts.statementMs,
  });
  return {...position, ...identity};
}
