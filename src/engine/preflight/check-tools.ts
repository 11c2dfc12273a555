import type {Finding} from '../../domain/finding.ts';
import {formatServerVersion, majorOf, type ServerVersion} from '../../domain/server-version.ts';
import type {StepContext} from '../step.ts';
import type {Tools} from '../tools.ts';

/** pg_dump, pg_restore and psql: of one release, not older than the server that is dumped, better not than the target. */
export async function checkTools(ctx: StepContext): Promise<Finding[]> {
  const [source, replica, target] = await Promise.all([
    ctx.session('source'),
    ctx.session('replica'),
    ctx.session('target'),
  ]);
  return judgeTools(ctx.tools, {dumped: Math.max(source.version, replica.version), target: target.version});
}

/** The newest server that pg_dump reads, and the one that psql writes to. */
export interface ToolServers {
  readonly dumped: ServerVersion;
  readonly target: ServerVersion;
}

/**
 * Pure. pg_dump refuses a server newer than itself, and an older psql dies on the `\\restrict` of a patched pg_dump: both block. A target
 * newer than psql works, but the dump is then written as its older release would have it (docs/decisions/0008-tools-and-target.md).
 */
export function judgeTools(tools: Tools, {dumped, target}: ToolServers): Finding[] {
  const all = [tools.pgDump, tools.pgRestore, tools.psql];
  const words = all.map(({path, version}) => `${path} ${formatServerVersion(version)}`).join(', ');
  const findings: Finding[] = [{check: 'tools.found', severity: 'note', subject: 'tools', seen: words, remedy: ''}];
  if (new Set(all.map(({version}) => version)).size > 1) {
    findings.push({
      check: 'tools.releases-differ',
      severity: 'blocker',
      subject: 'tools',
      seen: `the tools are of different releases: ${words}`,
      remedy: 'let `tools` in longhaul.yaml name one folder with all three of one release',
    });
  }
  const oldest = Math.min(...all.map(({version}) => Number(majorOf(version))));
  if (oldest < Number(majorOf(dumped))) {
    findings.push({
      check: 'tools.too-old',
      severity: 'blocker',
      subject: 'tools',
      seen: `source or replica is ${formatServerVersion(dumped)}, newer than the tools (${words}): pg_dump refuses it`,
      remedy: `apt install postgresql-client-${majorOf(dumped)}, or name its folder: tools in longhaul.yaml`,
    });
  } else if (oldest < Number(majorOf(target))) {
    findings.push({
      check: 'tools.older-than-target',
      severity: 'warning',
      subject: 'tools',
      seen: `the target is ${formatServerVersion(target)}, newer than the tools (${words}): they work, but the target's own pg_dump knows what it has changed`,
      remedy: `apt install postgresql-client-${majorOf(target)}, or name its folder: tools in longhaul.yaml`,
    });
  }
  return findings;
}
