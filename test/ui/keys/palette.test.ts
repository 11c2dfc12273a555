import {expect, test} from 'vitest';
import {createConsoleStore} from '../../../src/ui/store/console-store.ts';
import {paletteView} from '../../../src/ui/keys/palette.ts';

const state = createConsoleStore({columns: 80, rows: 24, readOnly: false, nowMs: 0}).getState();

test.each([
  ['pause', 'pause-lane'],
  ['resume', 'resume-lane'],
  ['Pause ', 'pause-lane'],
  ['pause all', 'pause-all'],
  ['keep lanes', 'shutdown'],
  ['continue', 'continue'],
  ['go on', 'continue'],
  ['quit', 'quit'],
  ['leave', 'quit'],
  ['hold', 'hold'],
  ['report', 'write-report'],
  ['stop', 'pause-lane'],
  ['kill', 'cancel-lane'],
  ['unpause', 'resume-lane'],
  ['less', 'log'],
  ['error', 'findings'],
  ['alarm', 'findings'],
  ['slot', 'pane-3'],
  ['wal', 'pane-4'],
  ['lag', 'pane-3'],
  ['exit', 'quit'],
])('the first hit for "%s" is what is called so: %s', (typed, id) => {
  expect(paletteView(state, typed)[0]?.binding.id).toBe(id);
});

test('every action of the panes is there before anything is typed, and none that has not the words', () => {
  expect(paletteView(state, '').length).toBeGreaterThan(25);
  expect(paletteView(state, 'no such words')).toEqual([]);
});

test('what does the opposite now is called so', () => {
  const held = {...state, live: {...state.live, run: {...state.live.run, held: true}}};
  expect(paletteView(held, 'hold')[0]?.label).toBe('end hold');
});
