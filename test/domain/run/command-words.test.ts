import type {Command as Parser} from 'commander';
import {expect, test} from 'vitest';
import {buildProgram} from '../../../src/cli/program.ts';
import {parseLsn} from '../../../src/domain/pg/lsn.ts';
import {type Command, commandWords} from '../../../src/domain/run/command.ts';

const UNIT = '03-public.audit_log';
const COMMANDS: readonly (readonly [Command, string])[] = [
  [{type: 'pause-unit', unit: UNIT}, `pause ${UNIT}`],
  [{type: 'resume-unit', unit: UNIT}, `resume ${UNIT}`],
  [{type: 'retry-unit', unit: UNIT}, `retry ${UNIT}`],
  [{type: 'cancel-unit', unit: UNIT}, `cancel ${UNIT}`],
  [{type: 'pause-all'}, 'pause --all'],
  [{type: 'resume-all'}, 'resume --all'],
  [{type: 'retry-all'}, 'retry --all'],
  [{type: 'cancel-all'}, 'cancel --all'],
  [{type: 'hold'}, 'pause --start'],
  [{type: 'release-hold'}, 'resume --start'],
  [{type: 'pause-replay'}, 'pause --replay'],
  [{type: 'resume-replay'}, 'resume --replay'],
  [{type: 'set-lanes', lanes: 3}, 'lanes 3'],
  [{type: 'set-rate', bytesPerSecond: null}, 'rate none'],
  [{type: 'release', typed: 'acme', endReaders: true, resumeReplay: false}, 'release --end-readers'],
  [{type: 'abort', typed: 'acme'}, 'abort'],
  [{type: 'cdc-started', typed: 'acme'}, 'cdc-started'],
  [{type: 'compare-again', tables: ['public.users'], converging: true}, 'compare --again --converging public.users'],
  [{type: 'cutover', typed: 'acme'}, 'cutover'],
  [{type: 'back', typed: 'acme'}, 'back'],
  [{type: 'pause-cdc', slot: 'lh_01'}, 'cdc pause lh_01'],
  [
    {type: 'skip-cdc', slot: 'lh_01', commitLsn: parseLsn('16/B374D848'), typed: 'acme'},
    'cdc skip lh_01 --lsn 16/B374D848',
  ],
  [{type: 'adopt-table', table: 'public.events', typed: 'acme'}, 'adopt public.events'],
  [{type: 'accept-differences', objects: ['x'], typed: 'acme'}, 'accept x'],
  [{type: 'continue'}, 'continue'],
  [{type: 'shutdown', lanes: true}, 'shutdown --lanes'],
];

function onlyParsing(command: Parser): void {
  command.action(() => undefined);
  for (const part of command.commands) onlyParsing(part);
}

test.each(COMMANDS)('%o is told in the words in which it is asked for', async (command, words) => {
  expect(commandWords({...command})).toBe(words);
  const program = await buildProgram(['--help'], {});
  for (const one of program.commands) onlyParsing(one);
  await program.parseAsync(['node', 'longhaul', ...words.split(' ')]);
});

test('what was typed to mean it is no word of it, and a command of a later version is told by what it has', () => {
  expect(commandWords({type: 'confirm-step', step: 'create-slots', typed: 'acme'})).toBe('confirm create-slots');
  expect(commandWords({type: 'set-rate', bytesPerSecond: 52_428_800})).toBe('rate 50 MB');
  expect(commandWords({type: 'freeze', what: 'all', typed: 'acme'})).toBe('freeze all');
});
