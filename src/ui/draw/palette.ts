import type {Line} from '../screen/span.ts';
import {span} from '../screen/span.ts';
import type {Symbols} from '../screen/symbols.ts';
import {clipLine, padEnd} from '../screen/width.ts';
import {windowAround} from '../screen/window.ts';
import {showKey} from '../keys/key-names.ts';
import type {PaletteRow} from '../keys/palette.ts';

/** The palette: what was typed, and the actions that have it. */
export function drawPalette(
  rows: readonly PaletteRow[],
  overlay: {readonly typed: string; readonly chosen: number},
  on: {width: number; height: number; symbols: Symbols},
): Line[] {
  const {top, bottom} = windowAround(rows.length, overlay.chosen, on.height - 1);
  const found = rows.slice(top, bottom).map((row, i): Line => {
    const here = top + i === overlay.chosen;
    const key = row.binding.keys[0];
    return clipLine(
      [
        span(here ? on.symbols.cursor : ' ', 'accent'),
        span(padEnd(row.label, 28), row.off === null ? 'strong' : 'dim'),
        span(padEnd(key === undefined ? '' : showKey(key, on.symbols.enter), 8), 'accent'),
        span(row.off === null ? row.binding.help : `off: ${row.off}`, 'dim'),
      ],
      on.width,
    );
  });
  return [[span(' : ', 'accent'), span(overlay.typed), span(on.symbols.cursor, 'accent')], ...found];
}
