/** Why bytes are no configuration's text, with the first line that shows it; null for the whole file. */
interface Undecodable {
  readonly line: number | null;
  readonly seen: string;
  readonly remedy: string;
}

const RECODE = 'save it as UTF-8: iconv -f UTF-16 -t UTF-8 FILE > NEW, and name NEW';

/** The text of a configuration's bytes, which are UTF-8, without their byte order mark and without odd spaces, or why they are none. Pure. */
export function decodeText(bytes: Uint8Array): {readonly text: string} | Undecodable {
  const read = decodeUtf8(bytes);
  return 'text' in read ? (oddSpace(read.text) ?? read) : read;
}

/** The same of a file that holds the names of tables, in which every space may be. Pure. */
export function decodeUtf8(bytes: Uint8Array): {readonly text: string} | Undecodable {
  const utf16 = encodingOf(bytes);
  if (utf16 !== null) return {line: 1, seen: `the file is in ${utf16}, and must be in UTF-8`, remedy: RECODE};
  const zero = bytes.indexOf(0);
  if (zero >= 0) {
    const remedy = 'it is another file, or one that was damaged: longhaul init --config NEW writes an example';
    return {line: lineAt(bytes, zero), seen: 'the file is binary: it holds a byte that is 0', remedy};
  }
  const text = decoded(bytes);
  if (text === null) {
    const line = firstBadLine(bytes);
    return {line, seen: 'a character is not UTF-8', remedy: 'save the file as UTF-8, or type that line again'};
  }
  return {text};
}

/** Two letters of ASCII in a row have a byte 0 beside each in UTF-16; some editors leave the mark out. */
function encodingOf(bytes: Uint8Array): string | null {
  const [first, second, third, fourth] = bytes;
  if (first === 0xff && second === 0xfe) return third === 0 && fourth === 0 ? 'UTF-32' : 'UTF-16';
  if (first === 0xfe && second === 0xff) return 'UTF-16';
  if (bytes.length < 4) return null;
  if (isLetter(first) && second === 0 && isLetter(third) && fourth === 0) return 'UTF-16';
  if (first === 0 && isLetter(second) && third === 0 && isLetter(fourth)) return 'UTF-16';
  return null;
}

function isLetter(byte: number | undefined): boolean {
  return byte !== undefined && byte > 0 && byte < 0x80;
}

function decoded(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', {fatal: true}).decode(bytes);
  } catch {
    return null;
  }
}

function firstBadLine(bytes: Uint8Array): number {
  for (let start = 0, line = 1; ; line += 1) {
    const end = bytes.indexOf(0x0a, start);
    if (end < 0 || decoded(bytes.subarray(start, end)) === null) return line;
    start = end + 1;
  }
}

function lineAt(bytes: Uint8Array, at: number): number {
  return bytes.subarray(0, at).filter((byte) => byte === 0x0a).length + 1;
}

/** What word processors and web pages put where a blank is seen; in a comment it does no harm. */
const ODD_SPACE = /[\u00a0\u2000-\u200b\u202f\u2060\u3000\ufeff]/u;

function oddSpace(text: string): Undecodable | null {
  const lines = text.split('\n').map((line) => line.replace(/(^|\s)#.*$/, ''));
  const index = lines.findIndex((line) => ODD_SPACE.test(line));
  if (index < 0) return null;
  const code = ODD_SPACE.exec(lines[index] ?? '')?.[0].codePointAt(0) ?? 0;
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return {
    line: index + 1,
    seen: `a space is not the one of the keyboard but ${name}`,
    remedy: 'delete it and type a plain space',
  };
}
