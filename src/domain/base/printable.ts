// Control characters (C0, DEL, C1), line and paragraph separators, and the bidirectional overrides that reorder a line.
// oxlint-disable-next-line no-control-regex
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

const NAMED: Record<string, string> = {'\n': '\\n', '\r': '\\r', '\t': '\\t'};

/**
 * Text from a server or a file as it may be put on a terminal in one line: `a\u001b[31m` → `a\x1b[31m`.
 * Nothing is dropped: a hostile name stays recognisable.
 */
export function printable(text: string): string {
  return text.replace(UNSAFE, (char) => NAMED[char] ?? escapeOf(char.codePointAt(0) ?? 0));
}

function escapeOf(code: number): string {
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
