import {describe, expect, test} from 'vitest';
import {allCommands, describeCommand} from '../../src/cli/completion/describe.ts';
import {buildProgram} from '../../src/cli/program.ts';
import {withConfig} from '../../src/cli/say.ts';

const GIVEN = {configPath: '/etc/acme.yaml'};
/** They have no configuration. */
const WITHOUT = ['lab', 'completion', 'help'];

const program = describeCommand(await buildProgram(['--help'], {}));
const names = [...new Set(allCommands(program).map(({path}) => path.split(' ')[0] ?? ''))].filter(
  (name) => name !== '' && !WITHOUT.includes(name),
);

describe('a command of ours in a text', () => {
  test.each(names)('longhaul %s carries the configuration that was given, so that it can be copied', (name) => {
    expect(withConfig(GIVEN, `longhaul ${name} --yes acme goes on`)).toBe(
      `longhaul --config /etc/acme.yaml ${name} --yes acme goes on`,
    );
  });

  test('is no word of a sentence', () => {
    for (const text of ['longhaul runs as root', 'longhaul back-pressure', 'longhaul lab down', 'longhaul waits'])
      expect(withConfig(GIVEN, text)).toBe(text);
  });

  test('stays as it is where the configuration is the usual one', () => {
    expect(withConfig({configPath: 'longhaul.yaml'}, 'longhaul run')).toBe('longhaul run');
  });
});
