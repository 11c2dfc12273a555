import {describe, expect, test} from 'vitest';
import {commandFiles, COMMANDS} from '../../src/cli/commands.ts';

describe('the commands', () => {
  test.each(COMMANDS.map((file) => [file.names.join(', '), file] as const))(
    '%s come from their file',
    async (_, file) => {
      const commands = await file.load({});
      expect(commands.map((command) => command.name())).toEqual(file.names);
    },
  );

  test.each([
    ['attach --read-only', ['attach']],
    ['--config run attach', ['attach']],
    ['-c x.yaml lab status', ['lab']],
    ['pause 3', ['pause']],
    ['--version', []],
  ])('%s loads only what it names', (words, first) => {
    expect(commandFiles(words.split(' ')).map(({names}) => names[0])).toEqual(first);
  });

  test.each(['', 'nonsense', 'stauts plan', '--help', 'attach --help', 'help attach'])(
    '"%s" loads all of them',
    (words) => {
      expect(commandFiles(words.split(' '))).toBe(COMMANDS);
    },
  );
});
