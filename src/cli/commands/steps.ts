import {existsSync} from 'node:fs';
import {Command} from 'commander';
import {ENGINES, engineOf} from '../../engine/capture/engines.ts';
import {runbookOf} from '../../engine/runbook.ts';
import {openRun, type Env} from '../run/open-run.ts';

/** `longhaul steps`: the runbook of this configuration, with what each step is for. Without one it is that of the default engine. */
export function stepsCommand(env: Env): Command {
  return new Command('steps')
    .description('the steps of the runbook, and what is lost without each')
    .action(async (_, command: Command) => {
      const {config: path} = command.optsWithGlobals<{config: string}>();
      const engine = existsSync(path) ? engineOf((await openRun(path, env)).config) : ENGINES.dms;
      console.log(`cdc.engine ${engine.name}: ${engine.summary}`);
      let phase = '';
      for (const step of runbookOf(engine)) {
        if (step.phase !== phase) console.log(step.phase);
        phase = step.phase;
        console.log(`  ${step.id.padEnd(24)} ${step.title}${step.confirm === 'typed' ? ' (waits for your word)' : ''}`);
        console.log(`  ${' '.repeat(24)} ${step.why} [${step.source}]`);
      }
    });
}
