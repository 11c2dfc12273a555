import type {ConsoleState} from '../store/console-store.ts';
import type {WhyOff} from './why-off.ts';

/** Where a binding works: over the panes, in a scrolling text (help, detail, findings), in a log. */
export type Where = 'panes' | 'text' | 'log';

/** The groups of the help, in its order. */
export const GROUPS = ['Run', 'Lanes', 'Look', 'Log', 'Console'] as const;

/** A group of the help. */
export type Group = (typeof GROUPS)[number];

/** A binding as it is written down. */
export interface BindingShape {
  readonly id: string;
  /** Empty: only in the palette. */
  readonly keys: readonly string[];
  /** For footer and palette, a word or two. */
  readonly label: string;
  /** In its place while the key does the opposite: `end hold` where units are held. */
  readonly labelNow?: (state: ConsoleState) => string;
  /** Words that somebody may look for in the palette instead. */
  readonly also?: string;
  /** For help and docs/keys.md, one sentence. */
  readonly help: string;
  readonly group: Group;
  readonly where: readonly Where[];
  /** Footers show the highest first; 0 is not in a footer. */
  readonly footer: number;
  readonly off?: WhyOff;
}

/** What the binding is called now. */
export function labelOf(binding: BindingShape, state: ConsoleState): string {
  return binding.labelNow?.(state) ?? binding.label;
}

/** Over the panes, in texts and in logs. */
export const EVERYWHERE = ['panes', 'text', 'log'] as const;

/** Over the panes only. */
export const PANE = ['panes'] as const;

/** In a log only. */
export const LOG = ['log'] as const;
