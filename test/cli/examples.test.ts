import type {Command} from 'commander';
import {describe, expect, test} from 'vitest';
import {allCommands, describeCommand} from '../../src/cli/completion/describe.ts';
import {EXAMPLES} from '../../src/cli/commands.ts';
import {buildProgram} from '../../src/cli/program.ts';

/** Every action only says that it was reached. */
function onlyParsing(command: Command, reached: string[]): void {
  command.action(() => {
    reached.push(command.name());
  });
  for (const part of command.commands) onlyParsing(part, reached);
}

/** `source <(longhaul completion bash)` and `longhaul x > FILE` are `longhaul completion bash` and `longhaul x`. */
function wordsOf(line: string): string[] {
  const command = /longhaul (.*?)(?: >.*|\)|$)/.exec(line)?.[1] ?? '';
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

describe('the examples of the help', () => {
  test('every command has one, and none is for a command that is not there', async () => {
    const paths = allCommands(describeCommand(await buildProgram(['--help'], {}))).map(({path}) =>
      `longhaul ${path}`.trim(),
    );
    expect(Object.keys(EXAMPLES).toSorted()).toEqual(paths.toSorted());
  });

  test.each(Object.entries(EXAMPLES).flatMap(([path, lines]) => lines.map(([line]) => [line, path] as const)))(
    '%s is what the command line takes',
    async (line, path) => {
      const program = await buildProgram(['--help'], {});
      const reached: string[] = [];
      for (const command of program.commands) onlyParsing(command, reached);
      await program.parseAsync(['node', 'longhaul', ...wordsOf(line)]);
      // Groups and what prepares for a command show others.
      const others = ['longhaul', 'longhaul lab', 'longhaul doctor', 'longhaul cdc'];
      expect(reached).toEqual([others.includes(path) ? reached[0] : path.split(' ').at(-1)]);
      expect(reached).not.toContain(undefined);
    },
  );

  test('help shows them', async () => {
    const program = await buildProgram(['--help'], {});
    let shown = '';
    program.configureOutput({writeOut: (text) => (shown += text)});
    await program.parseAsync(['node', 'longhaul', '--help']).catch(() => undefined);
    expect(shown).toContain('Examples:\n  longhaul init');
  });
});
