import {labelOf} from '../keys/binding-shape.ts';
import {BINDINGS, type Binding} from '../keys/bindings.ts';
import type {ConsoleState} from '../store/console-store.ts';

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
  const all: readonly Binding[] = BINDINGS;
  return all
    .filter((binding) => binding.where.includes('panes') && binding.id !== 'palette' && binding.id !== 'back')
    .map((binding) => ({binding, label: labelOf(binding, state), off: binding.off?.(state) ?? null}))
    .filter(({label, binding}) => {
      const text = `${label} ${binding.label} ${binding.help} ${binding.id}`.toLowerCase();
      return words.every((word) => text.includes(word));
    })
    .toSorted((a, b) => rank(a.label, wanted, words) - rank(b.label, wanted, words));
}

// What is called so comes before what begins so, and that before what only mentions it.
function rank(label: string, wanted: string, words: readonly string[]): number {
  if (label === wanted) return 0;
  if (label.startsWith(wanted)) return 1;
  return words.every((word) => label.includes(word)) ? 2 : 3;
}
