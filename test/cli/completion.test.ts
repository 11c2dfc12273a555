import {EXAMPLES} from '../../src/cli/commands.ts';
import {execFileSync, spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, describe, expect, test} from 'vitest';
import {bashCompletion} from '../../src/cli/completion/bash.ts';
import {allCommands, describeCommand} from '../../src/cli/completion/describe.ts';
import {fishCompletion} from '../../src/cli/completion/fish.ts';
import {manPage} from '../../src/cli/completion/man-page.ts';
import {zshCompletion} from '../../src/cli/completion/zsh.ts';
import {buildProgram} from '../../src/cli/program.ts';

const program = describeCommand(await buildProgram(['--help'], {}));
const page = manPage(program, {version: '1.2.3', date: '2026-11-26', examples: EXAMPLES});
const folder = mkdtempSync(join(tmpdir(), 'lh-completion-'));
afterAll(() => rmSync(folder, {recursive: true, force: true}));

function kept(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const bash = kept('longhaul.bash', bashCompletion(program));
const zsh = kept('_longhaul', zshCompletion(program));
const fish = kept('longhaul.fish', fishCompletion(program));
const isThere = (shell: string): boolean => spawnSync(shell, ['--version']).error === undefined;

function fishOffers(line: string): string[] {
  const script = 'source $argv[1]; complete -C $argv[2]';
  return execFileSync('fish', ['--no-config', '-c', script, fish, line], {encoding: 'utf8'})
    .split('\n')
    .filter(Boolean)
    .map((one) => one.split('\t')[0] ?? '');
}

describe('completion and manual', () => {
  test.each([
    ['bash', bashCompletion(program), (name: string) => name],
    ['zsh', zshCompletion(program), (name: string) => name],
    [
      'fish',
      fishCompletion(program),
      (name: string) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`),
    ],
    ['man', page, (name: string) => name.replaceAll('-', String.raw`\-`)],
  ])('%s names every command and every option of the help, and nothing that is hidden', (shell, text, written) => {
    const commands = allCommands(program);
    expect(commands.length).toBeGreaterThan(20);
    for (const {path, options} of commands) {
      for (const word of path.split(' ')) expect(text).toContain(shell === 'man' ? written(word) : word);
      for (const {names} of options) for (const name of names) expect(text).toContain(written(name));
    }
    for (const hidden of ['supervise', 'locked', 'note']) expect(text).not.toMatch(new RegExp(`[' -]${hidden}\\b`));
  });

  test.each([
    ['longhaul st', ['steps', 'status']],
    ['longhaul stat', ['status']],
    ['longhaul status --', ['--json', '--line', '--help', '--config']],
    ['longhaul -c /dev/null status --l', ['--line']],
    ['longhaul run --until copy-s', ['copy-schema']],
    ['longhaul run --until copy-schema --pl', ['--plain']],
    ['longhaul lab u', ['up']],
    ['longhaul lab up --confirm ', ['never', 'typed']],
    ['longhaul lab up --folder /et', ['/etc']],
    ['longhaul --config /etc/hostnam', ['/etc/hostname']],
    ['longhaul confirm create-s', ['create-sentinels', 'create-slots']],
    ['longhaul completion z', ['zsh']],
    ['longhaul abort --yes ', []],
    ['longhaul run --until dra', []],
    ['longhaul confirm dra', ['drain']],
    ['longhaul lab up --engine dms', ['dms', String.raw`dms\ by\ hand`]],
    ['longhaul report --attempts /et', ['/etc']],
    ['longhaul supervis', []],
  ])('bash offers for "%s"', (line, offers) => {
    const words = line.split(' ');
    const script = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _longhaul; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const said = execFileSync('bash', ['--norc', '-c', script, 'bash', bash, ...words], {encoding: 'utf8'});
    expect(said.split('\n').filter(Boolean)).toEqual(offers);
  });

  test.skipIf(!isThere('fish'))('fish offers the same, where it is installed', () => {
    expect(fishOffers('longhaul stat')).toEqual(['status']);
    expect(fishOffers('longhaul lab ').toSorted()).toEqual(['down', 'status', 'up', 'verify']);
    expect(fishOffers('longhaul run --until copy-s')).toEqual(['copy-schema']);
    expect(fishOffers('longhaul status --l')).toEqual(['--line']);
    expect(fishOffers('longhaul lab status --l')).toEqual([]);
    expect(fishOffers('longhaul completion z')).toEqual(['zsh']);
    expect(fishOffers('longhaul cdc ').toSorted()).toEqual(['kick', 'pause', 'resume', 'skip']);
    expect(fishOffers('longhaul pause --a')).toEqual(['--all']);
    expect(fishOffers('longhaul cdc pause --a')).toEqual([]);
    expect(fishOffers('longhaul lab up --engine dms').toSorted()).toEqual(['dms', 'dms by hand']);
  });

  test.skipIf(!isThere('zsh'))('zsh reads its file and offers the same, where it is installed', () => {
    execFileSync('zsh', ['-n', zsh]);
    // A terminal of zsh's own, in which the key is pressed.
    const script = `
      zmodload zsh/zpty; zpty z zsh -f
      zpty -w z "PS1=; fpath=($1 \\$fpath); autoload -Uz compinit; compinit -u -D; zstyle ':completion:*' list-colors; stty -echo"
      zpty -w z 'print READY'; zpty -r z said '*READY*'
      zpty -n -w z $'longhaul lab verif\\t'; zpty -r z said '*verify*'; print -r -- "$said"
      zpty -n -w z $'\\x15longhaul run --until copy-sch\\t'; zpty -r z said '*copy-schema*'; print -r -- "$said"
      zpty -n -w z $'\\x15longhaul lab up --engine dms\\\\ \\t'; zpty -r z said '*hand*'; print -r -- "$said"
      zpty -d z`;
    const said = execFileSync('zsh', ['-f', '-c', script, 'zsh', folder], {encoding: 'utf8', timeout: 20_000});
    expect(said).toContain('copy-schema');
    expect(said).toContain(String.raw`dms\ by\ hand`);
  });

  test.skipIf(!isThere('man'))('man shows the page without a complaint, with examples and exit codes', () => {
    const path = kept('longhaul.1', page);
    const shown = spawnSync('man', ['--warnings', '-l', path], {
      encoding: 'utf8',
      env: {...process.env, MANWIDTH: '100', LC_ALL: 'C', MAN_KEEP_FORMATTING: ''},
    });
    expect(shown.stderr).toBe('');
    const plain = shown.stdout;
    expect(plain).toContain('longhaul logs <lane-or-table>');
    expect(plain).toContain('longhaul lab up --size 5 --rate 200');
    expect(plain).toContain('EXIT STATUS');
    expect(plain).toContain('a unit as status names it, a lane number, or a table');
    expect(plain.match(/display help/g)).toHaveLength(1);
  });
});
