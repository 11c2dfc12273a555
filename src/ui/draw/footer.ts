import {type Binding, labelOf, type Where} from '../binding/binding.ts';
import {BINDINGS} from '../keys/bindings.ts';
import {showKey} from '../keys/key-names.ts';
import {type Line, type Span, span} from '../screen/span.ts';
import type {Symbols} from '../screen/symbols.ts';
import {lineWidth, padLine} from '../screen/width.ts';
import type {ConsoleState} from '../store/console-store.ts';
import type {Overlay} from '../store/overlay.ts';

/** What the keys do while something is typed. */
function typingHint(overlay: Overlay): string | null {
  switch (overlay.kind) {
    case 'filter':
    case 'search':
      return ' Enter keeps it  Esc drops it  ctrl-u empties it';
    case 'palette':
      return ' type a name  Up Down choose  Enter does it  Esc closes it';
    case 'dialog':
      if (overlay.status === 'over') return ' Esc closes it';
      return overlay.dialog.expect === null
        ? ' y yes  n Esc no  Up Down scroll'
        : ' Enter confirms once it is typed  Esc closes it  Up Down scroll';
    case 'help':
    case 'findings':
    case 'cutover':
    case 'detail':
    case 'log':
      return null;
  }
}

/** The last row: the keys that work here now, the most wanted first, as many as fit; help and leave always. */
export function drawFooter(state: ConsoleState, where: Where, on: {width: number; symbols: Symbols}): Line {
  const overlay = state.view.overlays.at(-1);
  const hint = overlay === undefined ? null : typingHint(overlay);
  if (hint !== null) return padLine([span(hint, 'accent')], on.width);
  const wanted = BINDINGS.filter((binding) => binding.where.includes(where) && binding.footer > 0)
    .filter((binding) => binding.off === undefined || binding.off(state) === null)
    .toSorted((a, b) => b.footer - a.footer);
  const always = wanted.filter((binding) => binding.id === 'help' || binding.id === 'quit');
  const shown: Binding[] = [...always];
  for (const binding of wanted) {
    if (always.includes(binding)) continue;
    if (lineWidth(entries([...shown, binding], state, on.symbols)) <= on.width) shown.push(binding);
  }
  const ordered = [...shown.slice(always.length), ...always.toReversed()];
  return padLine(entries(ordered, state, on.symbols), on.width);
}

function entries(bindings: readonly Binding[], state: ConsoleState, symbols: Symbols): Span[] {
  return bindings.flatMap((binding) => [
    span(` ${showKey(binding.keys[0] ?? '', symbols.enter)}`, 'accent'),
    span(` ${labelOf(binding, state)} `, 'plain'),
  ]);
}
