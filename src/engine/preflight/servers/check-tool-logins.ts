import {toLibpq} from '../../../config/conninfo/conninfo.ts';
import type {Finding} from '../../../domain/run/finding.ts';
import {LonghaulError} from '../../../domain/base/longhaul-error.ts';
import {SERVER_ROLES, type ServerRole} from '../../../domain/pg/server-role.ts';
import {runTool} from '../../tools/run-tool.ts';
import type {StepContext} from '../../step.ts';
import {toolSession} from '../../tools/tool-session.ts';
import {found} from '../found.ts';

/** Logs into each server with psql as a lane would: libpq reads a conninfo by itself, and our own connections prove nothing for it. */
export async function checkToolLogins(ctx: StepContext): Promise<Finding[]> {
  const findings = await Promise.all(SERVER_ROLES.map(async (role) => checkLogin(ctx, role)));
  return findings.flat();
}

async function checkLogin(ctx: StepContext, role: ServerRole): Promise<Finding[]> {
  const server = ctx.config.servers[role];
  try {
    await runTool(ctx, {
      path: ctx.tools.psql.path,
      args: [
        '-XAqtw',
        '-c',
        'SELECT 1',
        '-d',
        toLibpq(server, await toolSession(ctx, role, `longhaul/${ctx.config.run}/check`)),
      ],
      server,
      limitMs: ctx.config.timeouts.connectMs * 3,
      purpose: `log into the ${role} with psql, as a lane would`,
    });
    return [];
  } catch (error) {
    if (!(error instanceof LonghaulError) || error.code !== 'failed') throw error;
    return [
      found('tools', role).blocker(
        'no-login',
        error.message,
        `let \`${role}\` in longhaul.yaml be a conninfo that psql of \`tools\` takes as well: ${ctx.tools.psql.path} -d '…' -c 'SELECT 1'`,
      ),
    ];
  }
}
