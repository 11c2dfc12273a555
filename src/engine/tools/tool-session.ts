import type {ToolSession} from '../../config/conninfo/conninfo.ts';
import type {ServerRole} from '../../domain/pg/server-role.ts';
import {readDatabase} from '../../pg/session/settings.ts';
import type {StepContext} from '../step.ts';

/** How a child tool's session on a server is to be: called `longhaul/acme-prod/schema`, and in an encoding that its database takes. */
export async function toolSession(ctx: StepContext, role: ServerRole, applicationName: string): Promise<ToolSession> {
  const session = await ctx.session(role);
  const {encoding, isolation} = await session.one(readDatabase());
  return {
    applicationName,
    encoding: encoding === 'SQL_ASCII' ? 'SQL_ASCII' : 'UTF8',
    writes: role === 'target',
    serializable: isolation === 'serializable',
  };
}
