import {BINDINGS, type Binding} from '../keys/bindings.ts';
import type {ConsoleState} from '../store/console-store.ts';

/** One line of the palette. */
export interface PaletteRow {
  readonly binding: Binding;
  /** Why it does nothing now; null when it works. */
  readonly off: string | null;
}

/** The actions whose name or sentence has every word that was typed; those of the panes only. */
export function paletteView(state: ConsoleState, typed: string): readonly PaletteRow[] {
  const words = typed.toLowerCase().split(/\s+/);
  const all: readonly Binding[] = BINDINGS;
  // What is called so comes before what only mentions it.
  const named = ({label}: Binding): boolean => words.every((word) => label.includes(word));
  return all
    .filter((binding) => binding.where.includes('panes') && binding.id !== 'palette' && binding.id !== 'back')
    .filter((binding) => {
      const text = `${binding.label} ${binding.help} ${binding.id}`.toLowerCase();
      return words.every((word) => text.includes(word));
    })
    .toSorted((a, b) => Number(named(b)) - Number(named(a)))
    .map((binding) => ({binding, off: binding.off?.(state) ?? null}));
}
