import type {Finding} from '../../domain/finding.ts';
import {formatServerVersion, majorOf} from '../../domain/server-version.ts';
import type {StepContext} from '../step.ts';
import type {Tools} from '../tools.ts';

/** pg_dump, pg_restore and psql: of one release, not older than any server. */
export async function checkTools(ctx: StepContext): Promise<Finding[]> {
  const versions = await Promise.all(
    (['source', 'replica', 'target'] as const).map(async (role) => (await ctx.session(role)).version),
  );
  return judgeTools(ctx.tools, Math.max(...versions));
}

/** Pure. `newest` is the newest server's version: pg_dump refuses a newer server, psql an unknown `\restrict`. */
export function judgeTools(tools: Tools, newest: number): Finding[] {
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
  if (all.some(({version}) => Number(majorOf(version)) < Number(majorOf(newest)))) {
    findings.push({
      check: 'tools.too-old',
      severity: 'blocker',
      subject: 'tools',
      seen: `a server is ${formatServerVersion(newest)}, newer than the tools (${words}): pg_dump refuses it`,
      remedy: `apt install postgresql-client-${majorOf(newest)}, or name its folder: tools in longhaul.yaml`,
    });
  }
  return findings;
}
