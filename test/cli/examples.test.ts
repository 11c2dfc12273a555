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
    expect(await helpOf([])).toContain('Examples:\n  longhaul init');
  });
});

/** What `longhaul … --help` prints. */
async function helpOf(words: readonly string[]): Promise<string> {
  const program = await buildProgram(['--help'], {});
  let shown = '';
  const hear = (command: Command): void => {
    command.configureOutput({writeOut: (text) => (shown += text), getOutHelpWidth: () => 80});
    command.commands.forEach(hear);
  };
  hear(program);
  await program.parseAsync(['node', 'longhaul', ...words, '--help']).catch(() => undefined);
  return shown;
}

const commands = allCommands(describeCommand(await buildProgram(['--help'], {})));

describe('the help', () => {
  test('has its commands under headings, each command under one, in the order in which a run wants them', async () => {
    const headings = (await helpOf([])).match(/^[A-Z][a-z ]+:$/gm);
    expect(headings).toEqual([
      'Options:',
      'Before the run:',
      'The run:',
      'Lanes and steps:',
      'What is on the target:',
      'Change capture:',
      'Cutover:',
      'Ways out:',
      'Help and rehearsal:',
      'Examples:',
    ]);
  });

  test('of a command names the configuration where the command has one', async () => {
    expect(await helpOf(['cdc', 'skip'])).toContain('-c, --config <file>');
    expect(await helpOf(['lab', 'up'])).not.toContain('--config <file>');
    expect(await helpOf(['completion'])).not.toContain('--config');
  });

  test.each(commands.map(({path}) => path))(
    'of "%s" has no example broken by the edge of eighty columns',
    async (path) => {
      const examples = (await helpOf(path.split(' ').filter(Boolean))).split('Examples:\n')[1] ?? '';
      expect(examples.split('\n').filter((line) => line.length > 80)).toEqual([]);
    },
  );
});
