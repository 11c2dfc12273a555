import type {Finding} from '../../../domain/run/finding.ts';
import {formatServerVersion, majorOf, type ServerVersion} from '../../../domain/pg/server-version.ts';
import type {StepContext} from '../../step.ts';
import type {Tools} from '../../tools/tools.ts';
import {found} from '../found.ts';

/** pg_dump, pg_restore and psql: of one release, not older than the server that is dumped, and of a release that the target understands. */
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

/** From this release on pg_dump writes `SET transaction_timeout = 0`, which an older server does not know. */
const SETS_TRANSACTION_TIMEOUT = 17;

/**
 * pg_dump refuses a server newer than itself, and an older psql dies on the `\restrict` of a patched pg_dump: both block. A target newer
 * than psql works, but the dump is then written as its older release would have it (docs/decisions/0008-tools-and-target.md). Pure.
 */
export function judgeTools(tools: Tools, {dumped, target}: ToolServers): Finding[] {
  const {blocker, warning, note} = found('tools');
  const all = [tools.pgDump, tools.pgRestore, tools.psql];
  const words = all.map(({path, version}) => `${path} ${formatServerVersion(version)}`).join(', ');
  const findings: Finding[] = [note('found', words)];
  if (new Set(all.map(({version}) => version)).size > 1) {
    findings.push(
      blocker(
        'releases-differ',
        `the tools are of different releases: ${words}`,
        'let `tools` in longhaul.yaml name one folder with all three of one release',
      ),
    );
  }
  const majors = all.map(({version}) => Number(majorOf(version)));
  const oldest = Math.min(...majors);
  if (oldest < Number(majorOf(dumped))) {
    findings.push(
      blocker(
        'too-old',
        `source or replica is ${formatServerVersion(dumped)}, newer than the tools (${words}): pg_dump refuses it`,
        install(dumped),
      ),
    );
  } else if (Math.max(...majors) >= SETS_TRANSACTION_TIMEOUT && Number(majorOf(target)) < SETS_TRANSACTION_TIMEOUT) {
    findings.push(
      blocker(
        'too-new',
        `the target is ${formatServerVersion(target)}, older than the tools (${words}): their dumps set transaction_timeout, which it does not know`,
        install(target),
      ),
    );
  } else if (oldest < Number(majorOf(target))) {
    findings.push(
      warning(
        'older-than-target',
        `the target is ${formatServerVersion(target)}, newer than the tools (${words}): they work, but the target's own pg_dump knows what it has changed`,
        install(target),
      ),
    );
  }
  return findings;
}

function install(version: ServerVersion): string {
  const major = majorOf(version);
  return `apt install postgresql-client-${major}, and name its folder in longhaul.yaml: tools: /usr/lib/postgresql/${major}/bin`;
}
