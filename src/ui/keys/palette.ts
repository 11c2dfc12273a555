import {type Binding, labelOf} from '../binding/binding.ts';
import type {ConsoleState} from '../store/console-store.ts';
import {BINDINGS} from './bindings.ts';

/** One line of the palette. */
export interface PaletteRow {
  readonly binding: Binding;
  /** What it is called now. */
  readonly label: string;
  /** Why it does nothing now; null when it works. */
  readonly off: string | null;
}

/** The actions whose name or sentence has every word that was typed; those of the panes only. */
export function paletteView(state: ConsoleState, typed: string): readonly PaletteRow[] {
  const wanted = typed.trim().toLowerCase();
  const words = wanted.split(/\s+/);
  return BINDINGS.filter(
    (binding) => binding.where.includes('panes') && binding.id !== 'palette' && binding.id !== 'back',
  )
    .map((binding) => ({binding, label: labelOf(binding, state), off: binding.off?.(state) ?? null}))
    .filter(({label, binding}) => {
      const text = `${label} ${binding.label} ${binding.also ?? ''} ${binding.help} ${binding.id}`.toLowerCase();
      return words.every((word) => text.includes(word));
    })
    .toSorted((a, b) => rank(a, wanted, words) - rank(b, wanted, words));
}

// What is called so comes before what begins so, that before what has the words in its name or is called so elsewhere, and all of it
// before what only mentions them.
function rank({label, binding}: PaletteRow, wanted: string, words: readonly string[]): number {
  const name = label.toLowerCase();
  const others = (binding.also ?? '').split(' ');
  if (name === wanted) return 0;
  if (name.startsWith(wanted)) return 1;
  if (words.every((word) => name.includes(word))) return 2;
  return words.every((word) => others.includes(word)) ? 3 : 4;
}
