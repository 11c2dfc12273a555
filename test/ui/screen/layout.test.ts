import {describe, expect, test} from 'vitest';
import {drawPane} from '../../../src/ui/draw/pane.ts';
import {paneAt, PANES} from '../../../src/ui/panes/panes.ts';
import {FIXED_ROWS, layoutOf} from '../../../src/ui/screen/layout.ts';
import {symbolsFor} from '../../../src/ui/screen/symbols.ts';
import {lineWidth} from '../../../src/ui/screen/width.ts';
import {createConsoleStore} from '../../../src/ui/store/console-store.ts';
import {hear, NOTHING_HEARD} from '../../../src/ui/store/live.ts';
import {readingsAt} from '../fixtures/acme-readings.ts';
import {FACTS, LOADING, LOADING_STATE, NOW} from '../fixtures/acme-run.ts';

const sizes = [60, 79, 80, 119, 120, 159, 160, 200, 300].flatMap((columns) =>
  [12, 17, 18, 24, 29, 30, 40, 45, 60, 90].map((rows) => ({columns, rows})),
);

describe.each(PANES)('with the keys in $id', (pane) => {
  const {id, place} = pane;

  test.each([
    [true, false],
    [false, false],
    [true, true],
  ])('the panes fill every screen exactly, whatever its size (load %s, zoomed %s)', (hasLoad, zoomed) => {
    for (const {columns, rows} of sizes) {
      const layout = layoutOf({columns, rows, place, zoomed, hasLoad});
      if (layout.kind === 'too-small') throw new Error(`too small: ${columns}x${rows}`);
      const widths = layout.columns.map((spots) => spots[0]?.width ?? 0);
      expect(widths.reduce((a, b) => a + b)).toBe(columns);
      for (const spots of layout.columns) {
        expect(spots.reduce((sum, spot) => sum + spot.height, 0)).toBe(rows - FIXED_ROWS);
        for (const spot of spots)
          expect(spot.height, `${spot.place} at ${columns}x${rows}`).toBeGreaterThanOrEqual(layout.boxed ? 3 : 2);
      }
      // The pane that has the keys can be seen.
      expect(layout.columns.flat().map((spot) => paneAt(spot.place, id))).toContain(pane);
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
      const layout = layoutOf({columns, rows, place, zoomed: false, hasLoad: true});
      if (layout.kind === 'too-small') throw new Error('too small');
      for (const spot of layout.columns.flat()) {
        const lines = drawPane(state, paneAt(spot.place, id), {
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

test('below 60x12 there are no panes', () => {
  expect(layoutOf({columns: 59, rows: 40, place: 'lanes', zoomed: false, hasLoad: true}).kind).toBe('too-small');
  expect(layoutOf({columns: 100, rows: 11, place: 'lanes', zoomed: false, hasLoad: true}).kind).toBe('too-small');
});
