import {behind} from './bad-input.ts';

const BOMB = ['a: &a [x,x,x,x,x,x,x,x,x]'];
for (const [name, of] of ['ba', 'cb', 'dc', 'ed', 'fe', 'gf'].map((two) => two.split('')))
  BOMB.push(`${name}: &${name} [${Array.from({length: 9}, () => `*${of}`).join(',')}]`);

/** Text that is no YAML, or more than one document of it. */
export const YAML = behind([
  ['---\nrun: other\n', 'line 5:1: a second document begins here', 'keep one'],
  ['...\nrun: other\n', 'a second document begins here', 'keep one'],
  ['load:\n\tlanes: 3\n', 'line 6:1: the line begins with a tab', 'write spaces'],
  ['run: other\n', 'line 5:1: run: the key is there twice', 'keep one of the two'],
  ['load: {lanes: 1, lanes: 2}\n', 'line 5:18: lanes: the key is there twice', 'keep one of the two'],
  ['load: {lanes: 1}\nload: {retries: 2}\n', 'line 6:1: load: the key is there twice', 'keep one of the two'],
  [`${BOMB.join('\n')}\n`, 'line 6:8: aliases of aliases (*name) grow without bounds', 'write the values out'],
  ['tools: *gone\n', 'line 5:8: *gone names no anchor above it', 'write the value itself'],
  ['tools: &a &b /x\n', 'line 5:11: a value has two anchors', 'keep one'],
  ['tools: !!js/function "x"\n', 'line 5:8: a tag (!word) means nothing here', 'take it out'],
  ['tools: "/x\n', 'a quote, a bracket or the colon behind a key is missing', 'close it'],
  ["tools: '/x\nconfirm: typed\n", 'a quote, a bracket or the colon behind a key is missing', 'close it'],
  ['load: {lanes: 1\nconfirm: typed\n', 'line 6:1: the line is indented otherwise', 'the same number of spaces'],
  ['tables: {include: [a.b}\n', 'line 5:', 'close it'],
  ['load:\n    lanes: 3\n  retries: 2\n', 'line 7:1: the line is indented otherwise', 'the same number of spaces'],
  ['tools: a: b\n', 'line 5:8: a second ": " is in the line', 'in quotes'],
  ['tools: /x\n  lanes: 3\n', 'line 5:8: a second ": " is in the line, or the next line is indented', 'in quotes'],
  ['tools: @x\n', 'line 5:8: a value begins with a character that YAML keeps for itself', 'put the value in quotes'],
  ['tools: `x`\n', 'line 5:8: a value begins with a character that YAML keeps', 'put the value in quotes'],
  ['tools: %x\n', 'line 5:8: a value begins with a character that YAML keeps', 'put the value in quotes'],
  ['tools: "\\q"\n', 'line 5:9: a backslash in double quotes begins an escape', 'use single quotes'],
  ['just some words\n', 'line 5:1: a quote, a bracket or the colon behind a key is missing', 'close it'],
  ['}\n', 'line 5:1: a bracket or a word is here that nothing has opened', 'take it out'],
  ['? [a]\n: 1\n', 'a key is not text', 'put it in quotes'],
  [`${'k'.repeat(1100)}: 1\n`, 'line 5:1: a key has more than 1024 characters', 'is a line break missing?'],
  [`tools: ${'['.repeat(50_000)}\n`, 'line 5:', 'the brackets are nested too deeply'],
  [
    'slots: {assign: {5: [a.b]}}\n',
    'line 5:18: slots.assign.5: there is no such slot',
    'name dms_slot_01 to dms_slot_06',
  ],
  ['load: {lanes: 2, "lanes": 3}\n', 'line 5:18: "lanes": the key is there twice', 'keep one of the two'],
  ['x: &x {lanes: 2}\nload: *x\n', 'line 5:1: x: there is no such key', 'take it out'],
  ['load:\n  <<: {lanes: 2}\n  retries: 1\n', 'line 6:3: load.<<: there is no such key', 'take it out'],
  ['load: &a {lanes: *a}\n', 'line 5:18: *a is inside of what it names (&a)', 'write the value itself'],
  ['x: &a\n  - *a\n', 'line 6:5: *a is inside of what it names (&a)', 'write the value itself'],
  ['a: &a {b: &b [*a]}\n', 'line 5:15: *a is inside of what it names (&a)', 'write the value itself'],
]);
