import {resolve} from 'node:path';
import {Command} from 'commander';
import {printable} from '../../domain/base/printable.ts';
import type {StepId} from '../../domain/run/step-id.ts';
import {loadConfig} from '../../config/load.ts';
import {findTools} from '../../engine/tools/find-tools.ts';
import {probeContext} from '../../engine/run/probe-context.ts';
import {runbook} from '../../engine/runbook.ts';
import {supervise} from '../../engine/run/supervisor.ts';
import {watchServers} from '../../probes/watch/watch.ts';
import {mustHoldLock} from './launch-supervisor.ts';
import {openRun, type Env} from '../run/open-run.ts';
import {stepOption} from '../run/step-option.ts';
import {withConfig} from '../say.ts';
import {readVersion} from '../version.ts';

interface SuperviseFlags {
  readonly config: string;
  readonly from?: StepId;
  readonly until?: StepId;
}

/** The supervisor itself, started by `run` under the run's lock; nothing that an operator types. */
export function superviseCommand(env: Env): Command {
  return new Command('supervise')
    .addOption(stepOption('--from <step>', 'the first step'))
    .addOption(stepOption('--until <step>', 'the last step'))
    .action(async (_, command: Command) => {
      const {config: path, from, until} = command.optsWithGlobals<SuperviseFlags>();
      process.umask(0o077);
      const run = await openRun(path, env);
      await mustHoldLock(run);
      const {config, folder} = run;
      const complete = (text: string): string => withConfig({configPath: resolve(path)}, text);
      await supervise({
        config,
        folder,
        tools: await findTools(config.toolsFolder, env),
        env,
        now: Date.now,
        steps: runbook(config),
        from: from ?? null,
        until: until ?? null,
        version: readVersion(),
        readConfig: async () => loadConfig(path, env),
        complain: (words) => console.error(printable(words)),
        watch: (ctx, tell, past) => watchServers({...probeContext(ctx, Date.now), complete}, tell, past),
      });
      // Connections of probes may still be closing; nothing waits for them.
      process.exit(0);
    });
}
