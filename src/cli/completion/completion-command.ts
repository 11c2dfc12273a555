import {isoTime} from '../../domain/base/iso-time.ts';
import {Argument, Command} from 'commander';
import {bashCompletion} from './bash.ts';
import {describeCommand} from './describe.ts';
import {fishCompletion} from './fish.ts';
import {manPage, type Examples} from './man-page.ts';
import {zshCompletion} from './zsh.ts';
import {readVersion} from '../version.ts';

/** `longhaul completion`: what a shell or `man` needs, from the tables that the help is made of. */
export function completionCommand(examples: Examples): Command {
  return new Command('completion')
    .description('print the completion of a shell, or the manual page, made from the tables of this help')
    .addArgument(new Argument('<for>', 'bash, zsh, fish or man').choices(['bash', 'zsh', 'fish', 'man']))
    .action((of: 'bash' | 'zsh' | 'fish' | 'man', _, command: Command) => {
      const program = describeCommand(command.parent ?? command);
      process.stdout.write(of === 'man' ? manOf(program, examples) : PRINTED[of](program));
    });
}

const PRINTED = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
} as const;

function manOf(program: Parameters<typeof manPage>[0], examples: Examples): string {
  return manPage(program, {version: readVersion(), date: isoTime(Date.now()).slice(0, 10), examples});
}
