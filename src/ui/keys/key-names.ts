import type {Key} from 'ink';

const CONTROL: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\u007f': 'backspace',
  '\b': 'backspace',
  '\u001b': 'esc',
};

/**
 * The keys in what Ink gives at once: one named key, or every character of what was typed ahead or pasted.
 * `p` → `p`, an arrow → `up`, control and l → `ctrl-l`.
 */
export function keysOf(input: string, key: Key): readonly string[] {
  const named = nameOf(key);
  if (named !== null) return [named];
  if (key.ctrl) return input === '' ? [] : [`ctrl-${input}`];
  // Alt and a key come as Esc and the key do that were typed fast. The key is no binding with Alt and must not act as if it were alone;
  // Esc goes back in any case.
  if (key.meta) return ['esc'];
  return Array.from(input, nameOfChar);
}

function nameOfChar(char: string): string {
  const named = CONTROL[char];
  if (named !== undefined) return named;
  const code = char.codePointAt(0) ?? 0;
  return code > 0 && code < 27 ? `ctrl-${String.fromCodePoint(code + 96)}` : char;
}

function nameOf(key: Key): string | null {
  if (key.tab) return key.shift ? 'shift-tab' : 'tab';
  if (key.return) return 'enter';
  if (key.escape) return 'esc';
  if (key.backspace || key.delete) return 'backspace';
  if (key.upArrow) return 'up';
  if (key.downArrow) return 'down';
  if (key.leftArrow) return 'left';
  if (key.rightArrow) return 'right';
  if (key.pageUp) return 'pgup';
  if (key.pageDown) return 'pgdn';
  if (key.home) return 'home';
  return key.end ? 'end' : null;
}

/** A key as the help and the footer write it. */
export function showKey(name: string, enterSign: string): string {
  if (name === 'enter') return enterSign;
  if (name === ' ') return 'Space';
  return SHOWN[name] ?? name;
}

const SHOWN: Readonly<Record<string, string>> = {
  esc: 'Esc',
  tab: 'Tab',
  'shift-tab': 'Shift-Tab',
  up: 'Up',
  down: 'Down',
  pgup: 'PgUp',
  pgdn: 'PgDn',
  home: 'Home',
  end: 'End',
};
