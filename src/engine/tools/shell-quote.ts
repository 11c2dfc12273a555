/** One word for a POSIX shell, whatever it holds: `it's` → `'it'\''s'`. Throws on NUL, which no argument can hold. */
export function shellQuote(word: string): string {
  if (word.includes('\0')) throw new Error('bug: an argument cannot hold a NUL byte');
  return /^[A-Za-z0-9_\-./:=@%+,]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** A command line for a POSIX shell. */
export function shellCommand(words: readonly string[]): string {
  return words.map((word) => shellQuote(word)).join(' ');
}
