import type {Binding, Where} from '../binding/binding.ts';
import {LOG_KEYS} from '../log/keys.ts';
import {PANES} from '../panes/panes.ts';
import {CDC_KEYS} from './cdc-keys.ts';
import {CONSOLE_KEYS} from './console-keys.ts';
import {RUN_KEYS} from './run-keys.ts';
import {VIEW_KEYS} from './view-keys.ts';

/** Every binding, once. Footer, help, palette and docs/keys.md are made from it. */
export const BINDINGS: readonly Binding[] = [
  ...RUN_KEYS,
  ...CDC_KEYS,
  ...PANES.flatMap(({keys = []}) => keys),
  ...VIEW_KEYS,
  ...LOG_KEYS,
  ...CONSOLE_KEYS,
];

/** The bindings by their groups, as the help lists them. */
export const GROUPS: readonly (readonly [group: string, bindings: readonly Binding[]])[] = [
  ...Map.groupBy(BINDINGS, ({group}) => group),
];

/** The binding of a key at a place; null when the key does nothing there. */
export function bindingOf(key: string, where: Where): Binding | null {
  return BINDINGS.find((binding) => binding.where.includes(where) && binding.keys.includes(key)) ?? null;
}
