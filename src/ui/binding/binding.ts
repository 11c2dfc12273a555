import type {ConsoleState} from '../store/console-store.ts';
import type {ActionContext} from './context.ts';

/** Where a binding works: over the panes, in a scrolling text (help, detail, findings), in a log. */
export type Where = 'panes' | 'text' | 'log';

/** Says why a key does nothing now; null when it works. */
export type WhyOff = (state: ConsoleState) => string | null;

/** A key and what it does, whole: footer, help, palette and docs/keys.md say what is in here, and the key runs it. */
export interface Binding {
  readonly id: string;
  /** Empty: only in the palette. */
  readonly keys: readonly string[];
  /** For footer and palette, a word or two. */
  readonly label: string;
  /** In its place while the key does the opposite: `end hold` where units are held. */
  readonly labelNow?: (state: ConsoleState) => string;
  /** Other words for it that find it in the palette. */
  readonly also?: string;
  /** For help and docs/keys.md, one sentence. */
  readonly help: string;
  /** Its heading in the help; groups come in the order of their first binding. */
  readonly group: string;
  readonly where: readonly Where[];
  /** Footers show the highest first; 0 is not in a footer. */
  readonly footer: number;
  /** Without it the key always works. */
  readonly off?: WhyOff;
  /** What it does; `off` was asked before. */
  readonly run: (ctx: ActionContext) => void | Promise<void>;
}

/** What the binding is called now. */
export function labelOf(binding: Binding, state: ConsoleState): string {
  return binding.labelNow?.(state) ?? binding.label;
}

/** Over the panes, in texts and in logs. */
export const EVERYWHERE = ['panes', 'text', 'log'] as const;

/** Over the panes only. */
export const PANE = ['panes'] as const;

/** In a log only. */
export const LOG = ['log'] as const;
