import type {Binding} from '../binding/binding.ts';
import {GROUPS} from '../keys/bindings.ts';
import {showKey} from '../keys/key-names.ts';
import {type Line, span} from '../screen/span.ts';
import {padEnd} from '../screen/width.ts';
import {wrapText} from '../screen/wrap.ts';
import type {ConsoleState} from '../store/console-store.ts';

/** All keys by group, each with its sentence, and why it is off if it is. */
export function drawHelp(state: ConsoleState, width: number): Line[] {
  return GROUPS.flatMap(([group, bindings]) => [
    [span(` ${group}`, 'strong')],
    ...bindings.flatMap((binding) => helpRows(binding, state, width)),
    [span(' ')],
  ]);
}

function helpRows(binding: Binding, state: ConsoleState, width: number): Line[] {
  const keys = binding.keys.map((key) => showKey(key, 'Enter')).join(' ');
  const off = binding.off?.(state) ?? null;
  // What has no key is found in the palette by its name.
  const named = keys === '' ? `${binding.label}: ${binding.help}` : binding.help;
  const text = off === null ? named : `${named} (off: ${off})`;
  return wrapText(text, Math.max(20, width - 16)).map((row, i): Line => [
    span(` ${padEnd(i === 0 ? keys || ':' : '', 13)} `, 'accent'),
    span(row, off === null ? 'plain' : 'dim'),
  ]);
}
