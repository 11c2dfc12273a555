import {execFileSync} from 'node:child_process';
import {chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {afterAll, describe, expect, test, vi} from 'vitest';
import {parse} from 'yaml';
import {buildProgram} from '../../src/cli/program.ts';
import {renderExample} from '../../src/config/example.ts';
import {loadConfig} from '../../src/config/load.ts';
import {fromSystem} from '../../src/domain/base/system-error.ts';
import {LonghaulError} from '../../src/domain/base/longhaul-error.ts';
import {checkMetricsFile, checkPrograms} from '../../src/engine/preflight/servers/check-jump-box.ts';
import {createRunFolder, runFolderAt} from '../../src/engine/run/run-folder.ts';
import {parseDisk, readDisk} from '../../src/probes/watched/disk.ts';
import type {Session} from '../../src/pg/session/session.ts';
import {WELL} from '../config/bad-inputs/bad-input.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'lh-remedies-'));
afterAll(() => rmSync(FOLDER, {recursive: true}));
vi.spyOn(console, 'log').mockImplementation(() => undefined);

/** A file of this machine, and what it says. */
function file(name: string, text: string | Uint8Array): string {
  const path = join(FOLDER, name);
  mkdirSync(dirname(path), {recursive: true});
  writeFileSync(path, text);
  return path;
}

/** The remedy that something fails with; null where it does not. */
async function remedyOf(act: () => unknown): Promise<string | null> {
  try {
    await act();
    return null;
  } catch (error) {
    const told = error instanceof LonghaulError ? error : fromSystem(error);
    if (told === null) throw error;
    return told.remedy;
  }
}

const reading =
  (path: string, env: NodeJS.ProcessEnv = {}) =>
  async () =>
    loadConfig(path, env);
const longhaul = async (...words: string[]): Promise<void> => {
  const program = await buildProgram(words, {});
  program.exitOverride();
  await program.parseAsync(['node', 'longhaul', ...words]);
};
const writing = (path: string) => () => writeFileSync(path, 'x');
const sh = (command: string): string => execFileSync('sh', ['-c', command], {cwd: FOLDER, encoding: 'utf8'});

/** What is wrong, what it is asked by, the words of the remedy that are carried out, and how. */
type Case = readonly [
  what: string,
  trouble: () => Promise<string | null>,
  words: RegExp,
  act: (words: RegExpExecArray) => unknown,
  after?: () => Promise<string | null>,
];

const utf16 = file('utf16.yaml', Buffer.from(`\ufeff${WELL}`, 'utf16le'));
const odd = file('odd.yaml', WELL.replace('run: ', 'run:\u00a0'));
const latin = file('latin.yaml', Buffer.from(`${WELL}# caf\u00e9\n`, 'latin1'));
const zero = file('zero.yaml', `${WELL}\0`);
const script = file('page.sh', '#!/bin/sh\n');
const metrics = join(FOLDER, 'textfile', 'longhaul.prom');
const nowhere = join(FOLDER, 'nowhere', 'file');
const long = join(FOLDER, 'x'.repeat(300));
const loop = join(FOLDER, 'loop');
const here = join(FOLDER, 'here.yaml');
const everybodys = join(FOLDER, 'run');
mkdirSync(everybodys);
chmodSync(everybodys, 0o777);
symlinkSync(loop, loop);

const none = {command: null, volumeBytes: null};
const asked = {alarms: {command: [script]}, disks: {source: none, replica: none, target: none}} as never;
const oneOf = (findings: readonly {remedy: string; check: string}[], check: string): string | null =>
  findings.find((one) => one.check.endsWith(check))?.remedy ?? null;

const CASES: readonly Case[] = [
  [
    'a file in UTF-16',
    async () => remedyOf(reading(utf16)),
    /iconv -f UTF-16 -t UTF-8 FILE > NEW/,
    ([command]) => sh(command.replace('FILE', utf16).replace('NEW', `${utf16}.new`)),
    async () => remedyOf(reading(`${utf16}.new`)),
  ],
  [
    'a character that only looks like a space',
    async () => remedyOf(reading(odd)),
    /delete it and type a plain space/,
    () => writeFileSync(odd, readFileSync(odd, 'utf8').replace('\u00a0', ' ')),
  ],
  [
    'a line in Latin 1',
    async () => remedyOf(reading(latin)),
    /save the file as UTF-8/,
    () => writeFileSync(latin, readFileSync(latin, 'latin1')),
  ],
  [
    'a file that is no text',
    async () => remedyOf(reading(zero)),
    /longhaul init --config (NEW) writes an example/,
    async () => longhaul('--config', `${zero}.new`, 'init'),
    async () => (existsSync(`${zero}.new`) ? null : 'nothing was written'),
  ],
  [
    'a configuration that is not there',
    async () => remedyOf(reading(here)),
    /longhaul init writes one; --config FILE/,
    async () => longhaul('--config', here, 'init'),
    async () => (existsSync(here) ? null : 'nothing was written'),
  ],
  [
    'a file that init does not overwrite',
    async () => remedyOf(async () => longhaul('--config', utf16, 'init')),
    /name another file with --config FILE/,
    async () => longhaul('--config', `${utf16}.another`, 'init'),
    async () => (existsSync(`${utf16}.another`) ? null : 'nothing was written'),
  ],
  [
    'a word in LONGHAUL_TRACE that is none',
    async () => remedyOf(reading(file('well.yaml', WELL), {LONGHAUL_TRACE: 'everything'})),
    /LONGHAUL_TRACE=(\S+) traces all of them/,
    () => undefined,
    async () => remedyOf(reading(file('well.yaml', WELL), {LONGHAUL_TRACE: 'sql,lanes,wire'})),
  ],
  [
    'a program that may not be executed',
    async () => oneOf(await checkPrograms(asked, '/usr/bin:/bin'), 'program'),
    /make it executable \(chmod \+x\)/,
    () => chmodSync(script, 0o700),
  ],
  [
    'a run folder that others may write',
    async () => remedyOf(async () => createRunFolder(runFolderAt(everybodys))),
    /^(chmod go-w [^;]*);/,
    ([, command = '']) => sh(command),
  ],
  [
    'a metrics file whose folder is not there',
    async () => oneOf(await checkMetricsFile(metrics), 'metrics-folder'),
    /make the folder/,
    () => mkdirSync(dirname(metrics)),
  ],
  [
    'a metrics file that the collector does not take',
    async () => oneOf(await checkMetricsFile(metrics.replace('.prom', '.txt')), 'metrics-name'),
    /name it (\S+\.prom) in longhaul\.yaml/,
    ([, name]) => expect(name).toBe(metrics),
    async () => oneOf(await checkMetricsFile(metrics), 'metrics-name'),
  ],
  [
    'a command that prints no two numbers',
    async () => remedyOf(async () => asking(['echo', 'plenty'])),
    /as `(df -B1 --output=avail,size) \/var\/lib\/postgresql` does/,
    ([, command = '']) => expect(parseDisk(sh(`${command} /`))).not.toBeNull(),
    async () => remedyOf(async () => asking(['df', '-B1', '--output=avail,size', '/'])),
  ],
  [
    'a folder that is not there',
    async () => remedyOf(writing(nowhere)),
    /its folder is not there: make it/,
    () => mkdirSync(dirname(nowhere)),
  ],
  [
    'a file that is a folder',
    async () => remedyOf(writing(FOLDER)),
    /it is a folder: name a file/,
    () => undefined,
    async () => remedyOf(writing(join(FOLDER, 'a file'))),
  ],
  [
    'a path that goes through a file',
    async () => remedyOf(writing(join(odd, 'file'))),
    /a part of its path is a file: name another place/,
    () => undefined,
    async () => remedyOf(writing(join(FOLDER, 'file'))),
  ],
  [
    'a name that is too long',
    async () => remedyOf(writing(long)),
    /its name is too long: name another place/,
    () => undefined,
    async () => remedyOf(writing(long.slice(0, FOLDER.length + 20))),
  ],
  [
    'a loop of links',
    async () => remedyOf(writing(loop)),
    /its path is a loop of symbolic links: name another place/,
    () => undefined,
    async () => remedyOf(writing(join(FOLDER, 'no loop'))),
  ],
];

async function asking(command: readonly string[]): Promise<unknown> {
  const session = {} as Session;
  return readDisk('source', {command, volumeBytes: null}, {session, env: process.env});
}

describe('a remedy for this machine is carried out, and helps', () => {
  test.each(CASES.map((one) => [one[0], one] as const))('%s', async (_, [, trouble, words, act, after = trouble]) => {
    const found = words.exec((await trouble()) ?? 'nothing is wrong');
    if (found === null) throw new Error(`no ${String(words)} in: ${await trouble()}`);
    await act(found);
    expect(await after()).toBeNull();
  });

  test('an example of disks.source.command, as init writes it, is the command that it seems to be', () => {
    const line = /^ {2}# (source: \{command: .*)$/m.exec(renderExample())?.[1] ?? '';
    const {source}: {source: {command: string[]}} = parse(line);
    const [ssh, host, ...command] = source.command;
    expect([ssh, host]).toEqual(['ssh', 'db1.internal']);
    const printed = execFileSync(command[0] ?? '', [...command.slice(1, -1), '/'], {encoding: 'utf8'});
    expect(parseDisk(printed)).not.toBeNull();
  });
});
