import {describe, expect, test} from 'vitest';
import {reduce} from '../../../src/domain/run/reduce.ts';
import type {RunState} from '../../../src/domain/run/run-state.ts';
import {drawPane} from '../../../src/ui/draw/pane.ts';
import {paneAt, PANES} from '../../../src/ui/panes/panes.ts';
import {layoutNow} from '../../../src/ui/panes/layout-now.ts';
import {FIXED_ROWS, layoutOf, type Room} from '../../../src/ui/screen/layout.ts';
import {symbolsFor} from '../../../src/ui/screen/symbols.ts';
import {lineWidth} from '../../../src/ui/screen/width.ts';
import {createConsoleStore} from '../../../src/ui/store/console-store.ts';
import {hear, NOTHING_HEARD} from '../../../src/ui/store/live.ts';
import {readingsAt} from '../fixtures/acme-readings.ts';
import {FACTS, LOADING, LOADING_STATE, NOW, UNITS} from '../fixtures/acme-run.ts';

const sizes = [60, 79, 80, 119, 120, 159, 160, 200, 300].flatMap((columns) =>
  [12, 17, 18, 24, 29, 30, 40, 45, 60, 90].map((rows) => ({columns, rows})),
);

/** What the panes have to show on the screens below: much, little, and nothing. */
const ROOMS: readonly Room[] = [
  {need: 40, all: 500},
  {need: 9, all: 12},
  {need: 1, all: 1},
];

describe.each(PANES)('with the keys in $id', (pane) => {
  const {id, place} = pane;

  test.each([false, true])('the panes fill every screen exactly, whatever its size (zoomed %s)', (zoomed) => {
    for (const [{columns, rows}, room] of sizes.flatMap((size) => ROOMS.map((one) => [size, one] as const))) {
      const layout = layoutOf({columns, rows, place, zoomed, roomOf: () => room});
      if (layout.kind === 'too-small') throw new Error(`too small: ${columns}x${rows}`);
      const widths = layout.columns.map((spots) => spots[0]?.width ?? 0);
      expect(widths.reduce((a, b) => a + b)).toBe(columns);
      for (const spots of layout.columns) {
        expect(spots.reduce((sum, spot) => sum + spot.height, 0)).toBe(rows - FIXED_ROWS);
        for (const spot of spots)
          expect(spot.height, `${spot.place} at ${columns}x${rows}`).toBeGreaterThanOrEqual(layout.boxed ? 3 : 2);
      }
      // The pane that has the keys can be seen.
      const now = createConsoleStore({columns, rows, readOnly: false, nowMs: NOW}).getState();
      expect(
        layout.columns.flat().map((spot) => paneAt(spot.place, {...now, view: {...now.view, pane: id}})),
      ).toContain(pane);
    }
  });

  test('no pane draws a row more or a cell more than it has', () => {
    const said = [
      {type: 'hello', protocol: 1, pid: 1, facts: FACTS} as const,
      {type: 'snapshot', state: LOADING_STATE, events: LOADING, readings: readingsAt(NOW)} as const,
    ];
    const live = said.reduce(hear, NOTHING_HEARD);
    for (const {columns, rows} of sizes) {
      const first = createConsoleStore({columns, rows, readOnly: false, nowMs: NOW}).getState();
      const state = {...first, live, view: {...first.view, pane: id}};
      const layout = layoutNow(state);
      if (layout.kind === 'too-small') throw new Error('too small');
      for (const spot of layout.columns.flat()) {
        const lines = drawPane(state, paneAt(spot.place, state), {
          ...spot,
          boxed: layout.boxed,
          symbols: symbolsFor(false),
        });
        expect(lines).toHaveLength(spot.height);
        expect(Math.max(...lines.map(lineWidth))).toBeLessThanOrEqual(spot.width);
      }
    }
  });
});

const middling = (): Room => ({need: 9, all: 12});

test('below 60x12 there are no panes', () => {
  const small = {place: 'lanes', zoomed: false, roomOf: middling} as const;
  expect(layoutOf({columns: 59, rows: 40, ...small}).kind).toBe('too-small');
  expect(layoutOf({columns: 100, rows: 11, ...small}).kind).toBe('too-small');
});

/** The run once all of its load is in. */
const LOADED: RunState = UNITS.reduce(
  (run, {id, bytes}) =>
    reduce(run, {type: 'unit.committed', unit: id, attempt: 1, rows: 1, bytes, tookMs: 1, seq: run.seq + 1, at: ''}),
  LOADING_STATE,
);

/** The rows of every place on a screen of this size. */
function heights(columns: number, rows: number, run: RunState): ReadonlyMap<string, number> {
  const live = [
    {type: 'hello', protocol: 1, pid: 1, facts: FACTS} as const,
    {type: 'snapshot', state: run, events: LOADING, readings: readingsAt(NOW)} as const,
  ].reduce(hear, NOTHING_HEARD);
  const layout = layoutNow({...createConsoleStore({columns, rows, readOnly: false, nowMs: NOW}).getState(), live});
  if (layout.kind === 'too-small') throw new Error('too small');
  return new Map(layout.columns.flat().map(({place, height}) => [place, height]));
}

test.each([
  [80, 24, ['steps', 'slots']],
  [120, 40, ['events']],
  [160, 45, ['events']],
  [200, 50, ['events']],
])('at %ix%i lanes with nothing to do give their rows to %j', (columns, rows, others) => {
  const [busy, idle] = [heights(columns, rows, LOADING_STATE), heights(columns, rows, LOADED)];
  const sum = (of: ReadonlyMap<string, number>): number => others.reduce((all, one) => all + (of.get(one) ?? 0), 0);
  expect(idle.get('lanes')).toBeLessThanOrEqual(5);
  expect(idle.get('lanes')).toBeLessThan(busy.get('lanes') ?? 0);
  expect(sum(idle)).toBeGreaterThan(sum(busy));
});

test('at 160x45 every lane has its box, and all steps, slots, WAL and disks are on the screen', () => {
  const places = heights(160, 45, LOADING_STATE);
  expect(places.get('lanes')).toBeGreaterThanOrEqual(3 * 6 + 3 + 2);
  expect(places.get('slots')).toBe(7 + 1 + 2);
  expect(places.get('steps')).toBe(18 + 2);
  expect(places.get('storage')).toBe(45 - 4 - 20);
});
