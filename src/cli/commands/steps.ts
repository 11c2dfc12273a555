import {Command} from 'commander';
import {RUNBOOK} from '../../engine/runbook.ts';

/** `longhaul steps`: the runbook, with what each step is for. */
export function stepsCommand(): Command {
  return new Command('steps').description('the steps of the runbook, and what is lost without each').action(() => {
    let phase = '';
    for (const step of RUNBOOK) {
      if (step.phase !== phase) console.log(step.phase);
      phase = step.phase;
      console.log(`  ${step.id.padEnd(24)} ${step.title}${step.confirm === 'typed' ? ' (waits for your word)' : ''}`);
      console.log(`  ${' '.repeat(24)} ${step.why} [${step.source}]`);
    }
  });
}
