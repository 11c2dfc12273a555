import {Command} from 'commander';
import {hasBlocker} from '../../../domain/run/finding.ts';
import {formatFindings} from '../../../engine/preflight/format-findings.ts';
import {runPreflight} from '../../../engine/preflight/run-preflight.ts';
import {openRun, type Env} from '../../run/open-run.ts';
import {readOnlyContext} from '../../run/read-only-context.ts';

/** `longhaul check`: preflight. Looks at every server, changes nothing. */
export function checkCommand(env: Env): Command {
  return new Command('check')
    .description('read servers, tools and data, and say what would stop a run; nothing is changed')
    .option('--json', 'the findings as JSON')
    .action(async (_, command: Command) => {
      const flags = command.optsWithGlobals<{config: string; json?: boolean}>();
      const ctx = await readOnlyContext(await openRun(flags.config, env), env);
      try {
        const findings = await runPreflight(ctx);
        if (flags.json === true) console.log(JSON.stringify({findings}, null, 2));
        else console.log(formatFindings(findings));
        process.exitCode = hasBlocker(findings) ? 1 : 0;
      } finally {
        await ctx.close();
      }
    });
}
