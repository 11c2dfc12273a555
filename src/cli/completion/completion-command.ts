import {Argument, Command} from 'commander';
import {bashCompletion} from './bash.ts';
import {describeCommand} from './describe.ts';
import {fishCompletion} from './fish.ts';
import {manPage} from './man-page.ts';
import {zshCompletion} from './zsh.ts';
import {readVersion} from '../version.ts';

/** `longhaul completion`: what a shell or `man` needs, from the tables that the help is made of. */
export function completionCommand(): Command {
  return new Command('completion')
    .description('print the completion of a shell, or the manual page, made from the tables of this help')
    .addArgument(new Argument('<for>', 'bash, zsh, fish or man').choices(['bash', 'zsh', 'fish', 'man']))
    .action((of: 'bash' | 'zsh' | 'fish' | 'man', _, command: Command) => {
      const program = describeCommand(command.parent ?? command);
      process.stdout.write(PRINTED[of](program));
    });
}

const PRINTED = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
  man: (program: Parameters<typeof manPage>[0]): string =>
    manPage(program, {version: readVersion(), date: new Date().toISOString().slice(0, 10)}),
} as const;
