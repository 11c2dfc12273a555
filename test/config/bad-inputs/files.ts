import {WELL, type BadInput} from './bad-input.ts';

const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');

/** Files that are no text, or no configuration at all. */
export const FILES: readonly BadInput[] = (
  [
    ['empty', '', 'the file is empty', 'write run, source, replica and target'],
    ['only comments', '# run: acme\n', 'the file is empty, or all of it is commented out', 'write run, source'],
    ['a list', '- run\n- source\n', 'line 1:1: the file is a list', 'write run, source'],
    ['one word', 'acme\n', 'line 1:1: the file is one value', 'write run, source'],
    ['null', '~\n', 'the file is empty', 'write run, source'],
    [
      'UTF-16 with its mark',
      Buffer.concat([Buffer.from([0xff, 0xfe]), utf16(WELL)]),
      'line 1: the file is in UTF-16',
      'save it as UTF-8: iconv',
    ],
    ['UTF-16 without its mark', utf16(WELL), 'line 1: the file is in UTF-16', 'save it as UTF-8: iconv'],
    [
      'UTF-16, big end first',
      Buffer.concat([Buffer.from([0xfe, 0xff]), utf16(WELL).swap16()]),
      'line 1: the file is in UTF-16',
      'save it as UTF-8',
    ],
    [
      'UTF-16, big end first, without its mark',
      utf16(WELL).swap16(),
      'line 1: the file is in UTF-16',
      'save it as UTF-8',
    ],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x72, 0, 0, 0]), 'line 1: the file is in UTF-32', 'save it as UTF-8'],
    [
      'Latin-1',
      Buffer.from(`${WELL}# Zürich\ntools: /Zürich\n`, 'latin1'),
      'line 5: a character is not UTF-8',
      'save the file as UTF-8',
    ],
    [
      'binary',
      Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0]),
      'line 1: the file is binary',
      'longhaul init --config NEW',
    ],
    ['gzip', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0]), 'the file is binary', 'longhaul init --config NEW'],
    ['a zero byte in line 5', `${WELL}tools: /x\0y\n`, 'line 5: the file is binary', 'longhaul init --config NEW'],
    ['too large', `${WELL}# ${'x'.repeat(1024 * 1024)}\n`, 'too large for a configuration', 'it is another file'],
    [
      'a space of the web',
      `${WELL}tools:\u00a0/x\n`,
      'line 5: a space is not the one of the keyboard but U+00A0',
      'type a plain space',
    ],
    [
      'a space of no width',
      `${WELL}to\u200bols: /x\n`,
      'line 5: a space is not the one of the keyboard but U+200B',
      'type a plain space',
    ],
    ['JSON that was cut short', '{"run": "acme",\n "source": "host=a"', 'line 2:', 'close it'],
    ['a shell script', '#!/bin/sh\nset -eu\n', 'line 2:1: the file is one value', 'write run, source'],
    ['an INI file', '[longhaul]\nrun = acme\n', 'line 2:1: a bracket or a word is here', 'take it out'],
    ['a conflict of git', `<<<<<<< HEAD\n${WELL}=======\n`, 'line 1:1:', 'write key: value'],
  ] as const
).map(([what, file, says, remedy]) => ({what, file, says, remedy}));
