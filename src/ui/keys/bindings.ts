import type {BindingShape, Where} from './binding-shape.ts';
import {CONSOLE_KEYS} from './console-keys.ts';
import {LANES_KEYS} from './lanes-keys.ts';
import {LOG_KEYS} from './log-keys.ts';
import {LOOK_KEYS} from './look-keys.ts';
import {RUN_KEYS} from './run-keys.ts';

/** Every binding, once. Footer, help, palette and docs/keys.md are made from it. */
export const BINDINGS = [...RUN_KEYS, ...LANES_KEYS, ...LOOK_KEYS, ...LOG_KEYS, ...CONSOLE_KEYS] as const;

/** The name of something that a key or the palette does. */
export type ActionId = (typeof BINDINGS)[number]['id'];

/** A binding. */
export type Binding = BindingShape & {readonly id: ActionId};

/** The binding of a key at a place; null when the key does nothing there. */
export function bindingOf(key: string, where: Where): Binding | null {
  const all: readonly Binding[] = BINDINGS;
  return all.find((binding) => binding.where.includes(where) && binding.keys.includes(key)) ?? null;
}
