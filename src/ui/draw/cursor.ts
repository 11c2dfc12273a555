import {type Span, span} from '../screen/span.ts';
import type {Look} from './look.ts';

/** The cell before a row: the cursor on the selected one, `+` on a marked one. */
export function cursorOf(id: string, look: Look): Span {
  const here = look.focused && id === look.selected;
  if (look.marks.has(id)) return span(here ? look.symbols.cursor : '+', 'accent');
  return here ? span(look.symbols.cursor, 'accent') : span(' ');
}
