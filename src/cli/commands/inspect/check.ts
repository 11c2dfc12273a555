import {Command} from 'commander';
import {hasBlocker} from '../../../domain/run/finding.ts';
import {formatFindings} from '../../../engine/preflight/format-findings.ts';
import {runPreflight} from '../../../engine/preflight/run-preflight.ts';
import {openRun, type Env} from '../../run/open-run.ts';
import {say} from '../../say.ts';
import {readOnlyContext} from '../../run/read-only-context.ts';

/** What an operator does after a check. */
const NEXT = {
  blocked: 'what now: mend what blocks, then longhaul check once more',
  clear: 'what now: longhaul plan says what a run would do; longhaul run begins it, or goes on with it',
} as const;

/** `longhaul check`: preflight. Reads every server, changes nothing. */
export function checkCommand(env: Env): Command {
  return new Command('check')
    .description('read servers, tools and data, and say what would stop a run; nothing is changed')
    .option('--json', 'the findings as JSON')
    .action(async (_, command: Command) => {
      const flags = command.optsWithGlobals<{config: string; json?: boolean}>();
      const run = await openRun(flags.config, env);
      const ctx = await readOnlyContext(run, env);
      try {
        const findings = await runPreflight(ctx);
        if (flags.json === true) console.log(JSON.stringify({findings}, null, 2));
        else say(run, `${formatFindings(findings)}\n${hasBlocker(findings) ? NEXT.blocked : NEXT.clear}`);
        process.exitCode = hasBlocker(findings) ? 1 : 0;
      } finally {
        await ctx.close();
      }
    });
}
